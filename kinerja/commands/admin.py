"""`kinerja admin`: the first account of an empty database."""

import json

import click


@click.group()
def admin() -> None:
    """Accounts of administrators."""


@admin.command()
@click.option("--nip", required=True, help="18 digits; spaces are allowed.")
@click.option("--nama", "name", required=True, help="Full name with titles.")
@click.option("--email", required=True, help="E-mail address, also good for signing in.")
@click.option(
    "--status", type=click.Choice(["PNS", "PPPK", "CPNS", "LAIN"]), default="PNS", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a text.")
def create(nip: str, name: str, email: str, status: str, as_json: bool) -> None:
    """Make the first admin and print his activation code; works while no admin in force can enter."""
    from kinerja.commands.app import application
    from kinerja.services import access
    from kinerja.services.accounts import BadEmail, BadName, BadNip, EmailTaken

    try:
        with application():
            code = access.create_first_admin(
                nip=access.normal_nip(nip), name=name, email=email, status=status
            )
    except access.AlreadySetUp:
        raise _refused(
            "There is an admin already; he grants further roles, and a second person confirms them."
        ) from None
    except BadNip:
        raise _refused(f"--nip {nip}: not 18 digits that begin with a date of birth (yyyymmdd).") from None
    except BadName:
        raise _refused("--nama: write the full name, at most 200 characters.") from None
    except BadEmail:
        raise _refused(f"--email {email}: not of the form name@domain.") from None
    except EmailTaken:
        raise _refused(
            f"--email {email}: somebody else on file has this address; give another, or the NIP of that person."
        ) from None
    if as_json:
        click.echo(json.dumps({"nip": access.normal_nip(nip), "code": code, "valid_days": 7}))
        return
    click.echo(f"Kode aktivasi untuk {name}: {code}")
    click.echo(
        "Berlaku tujuh hari, sekali pakai. Buka /aktivasi, tulis NIP dan kode ini, lalu pilih kata sandi."
    )


def _refused(text: str) -> click.ClickException:
    """Exit status 1 with the reason."""
    return click.ClickException(text)
