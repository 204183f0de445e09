"""The console script `kinerja`. Exit status: 0 done, 1 refused input (it says which), 2 wrong usage."""

from importlib import import_module

import click

# One line per subcommand: name, module under kinerja.commands, attribute.
COMMANDS = {
    "admin": ("admin", "admin"),
    "import": ("importing", "import_"),
    "check": ("importing", "check"),
    "serve": ("serving", "serve"),
    "worker": ("serving", "worker"),
    "migrate": ("serving", "migrate"),
    "flows": ("flows", "flows"),
    "audit": ("audit", "audit"),
    "due": ("due", "due"),
    "demo": ("demo", "demo"),
    "score": ("score", "score"),
    "simulate": ("simulate", "simulate"),
    "flow-move": ("flow_move", "flow_move"),
    "tally": ("tally", "tally"),
}


class LazyGroup(click.Group):
    """Imports a subcommand only when it is called, so that `kinerja --help` and small commands start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command: click.Command = getattr(import_module(f"kinerja.commands.{module}"), attribute)
        return command


@click.group(cls=LazyGroup)
def main() -> None:
    """kinerja: manajemen kinerja pegawai."""


if __name__ == "__main__":
    main()
