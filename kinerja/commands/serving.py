"""Serving: migrate, furnish an empty demo, start the worker beside the server."""

import os
import signal
import socket
import subprocess
import sys

import click


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from kinerja.commands.app import application

    with application() as app:
        upgrade(app)


def upgrade(app: object) -> None:
    """Run the migrations that are still to come, and load the working-day calendars that come with kinerja."""
    import logging

    from flask_migrate import upgrade as run

    from kinerja.services import calendars, tallies

    logging.getLogger("alembic").setLevel(logging.WARNING)
    run()
    calendars.load_holidays()
    tallies.keep()


@click.command()
def serve() -> None:
    """Serve kinerja on http://127.0.0.1:PORT; in demo mode furnish an empty database first."""
    import waitress

    from kinerja.commands.app import application

    with application() as app:
        port = app.config["PORT"]
        door = _bound(port)
        upgrade(app)
        if app.config["DEMO"]:
            _furnish_if_empty()
        worker = _start_worker() if app.config["WORKER"] else None
        _announce(app, port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        waitress.serve(app, sockets=[door], threads=8, ident=None, clear_untrusted_proxy_headers=False)
    finally:
        if worker is not None:
            worker.terminate()


def _bound(port: int) -> socket.socket:
    """The port, taken before anything is done or promised; it listens only once there is somebody to answer."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError as error:
        door.close()
        text = f"127.0.0.1:{port} cannot be used ({error.strerror}); set PORT to another one, as in PORT=9000"
        raise click.ClickException(text) from error
    return door


def _furnish_if_empty() -> None:
    from kinerja import demo
    from kinerja.commands.app import refuse_real_people
    from kinerja.commands.progress import counting
    from kinerja.db import db

    refuse_real_people()  # again: an older schema may have had no table to ask
    furnished = demo.is_furnished()
    db.session.rollback()
    if not furnished:
        click.echo("Menata kantor demo ...")
        with counting("tindakan") as on_acts:
            demo.furnish(on_acts)


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "kinerja.cli", "worker"], env=os.environ.copy())


def _announce(app: object, port: int) -> None:
    click.echo(f"kinerja: http://127.0.0.1:{port}")
    if app.config["DEMO"]:  # type: ignore[attr-defined]
        from kinerja import demo

        click.echo(f"Masuk dengan kata sandi {demo.PASSWORD} sebagai:")
        for nip, name, post in demo.main_people():
            click.echo(f"  {nip}  {name}, {post}")


@click.command()
def worker() -> None:
    """Work through the background jobs; every 15 minutes run what falls due."""
    from kinerja.commands.app import application

    with application():
        pass  # refuses here, in words and once, what every job would refuse
    from kinerja import jobs

    jobs.run_worker()
