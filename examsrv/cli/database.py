"""`examsrv db upgrade`: bring the configured database to the present schema."""

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.running import opened_database
from examsrv.storage.migrating import upgrade
from examsrv.web.translation import translator
from question_bank.message import N_, Message


@click.group("db", help="The configured database.")
def database() -> None:
    """Group the commands about the database."""


@database.command("upgrade", help="Bring the database to the present schema; an empty one gets all of it.")
def upgrade_command() -> None:
    """Upgrade; interrupted, it can be run again."""
    with refusing(), opened_database() as opened:
        upgrade(opened)
    click.echo(translator()(Message(N_("The database has the present schema."))))
