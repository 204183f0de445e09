"""`kinerja admin`: the first account of an empty database, and the way back in for an admin nobody else can help."""

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
    _print_code(access.normal_nip(nip), name, code, as_json=as_json)


@admin.command()
@click.option("--nip", required=True, help="NIP of the admin; spaces are allowed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a text.")
def device(nip: str, as_json: bool) -> None:
    """Take a lost device off an admin: the next sign-in sets up a new one. Signs him out and tells the other admins."""
    from kinerja.commands.app import application
    from kinerja.services import access, accounts

    try:
        with application():
            name = accounts.reset_totp_unattended(access.normal_nip(nip))
    except accounts.NoAdmin:
        raise _refused(_no_admin(nip)) from None
    except accounts.NoDevice:
        raise _refused(
            f"--nip {nip}: has no device to take off; the next sign-in sets one up anyway."
        ) from None
    if as_json:
        click.echo(json.dumps({"nip": access.normal_nip(nip), "name": name}, ensure_ascii=False))
        return
    click.echo(f"Kode perangkat {name} dihapus dan semua sesinya diakhiri; tercatat dalam audit.")
    click.echo("Saat masuk lagi dengan kata sandinya, ia memasang perangkat baru.")


@admin.command("code")
@click.option("--nip", required=True, help="NIP of the admin; spaces are allowed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a text.")
def new_code(nip: str, as_json: bool) -> None:
    """Print a new activation code for an admin who forgot his password. Tells the other admins."""
    from kinerja.commands.app import application
    from kinerja.services import access, accounts

    try:
        with application():
            name, made = accounts.new_code_unattended(access.normal_nip(nip))
    except accounts.NoAdmin:
        raise _refused(_no_admin(nip)) from None
    except accounts.ClosedAccount:
        raise _refused(
            f"--nip {nip}: the account is closed; another admin opens it, and where none can enter `kinerja admin "
            "create` does."
        ) from None
    _print_code(access.normal_nip(nip), name, made, as_json=as_json)


def _print_code(nip: str, name: str, code: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"nip": nip, "code": code, "valid_days": 7}))
        return
    click.echo(f"Kode aktivasi untuk {name}: {code}")
    click.echo(
        "Berlaku tujuh hari, sekali pakai. Buka /aktivasi, tulis NIP dan kode ini, lalu pilih kata sandi."
    )


def _no_admin(nip: str) -> str:
    return f"--nip {nip}: no admin in force has this NIP; for others an admin acts on the page of the person."


def _refused(text: str) -> click.ClickException:
    """Exit status 1 with the reason."""
    return click.ClickException(text)
