"""Commands. Exits: 0 done; 1 with the faults in words on the error stream; 2 wrong use."""

import importlib
from typing import ClassVar

import click


class Commands(click.Group):
    """The commands, each imported when it is called: what needs no server starts at once."""

    PLACES: ClassVar[dict[str, str]] = {
        "admin": "examsrv.cli.accounts:admin",
        "assemble": "examsrv.cli.assemble:assemble",
        "audit": "examsrv.cli.auditing:audit",
        "backup": "examsrv.cli.backup:backup",
        "bank": "examsrv.cli.bank:bank",
        "db": "examsrv.cli.database:database",
        "demo": "examsrv.cli.demo:demo",
        "doctor": "examsrv.cli.doctor:doctor",
        "restore": "examsrv.cli.backup:restore_command",
        "measure": "examsrv.cli.measure:measure",
        "rehearse": "examsrv.cli.rehearse:rehearse",
        "rules": "examsrv.cli.rules:rules",
        "serve": "examsrv.cli.serve:serve",
        "standard": "examsrv.cli.standard:standard",
        "tls": "examsrv.cli.tls:tls",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.PLACES.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        found = getattr(importlib.import_module(module), name)
        if not isinstance(found, click.Command):
            raise TypeError(place)
        return found


@click.command(cls=Commands)
def main() -> None:
    """Computer-based examinations for occupational skill-level certificates."""
