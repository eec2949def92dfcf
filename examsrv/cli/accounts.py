"""`examsrv admin create`: an administrator's account from the command line."""

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.running import moment_without_server, opened_database, require_current
from examsrv.domain.moment import SERVER
from examsrv.domain.roles import Role
from examsrv.services.managing_people import create_person
from examsrv.web.translation import translator
from question_bank.message import N_, Message


@click.group("admin", help="Administrators.")
def admin() -> None:
    """Group the commands about administrators."""


@admin.command("create", help="Make an administrator of all sites.")
@click.option("--login", required=True, help="Sign-in name.")
@click.option("--name", required=True, help="Name, as others see it.")
@click.password_option("--password", help="At least 10 characters; asked for when not given.")
def create(login: str, name: str, password: str) -> None:
    """Make the account; refused in words when the sign-in name is taken or the password too short."""
    with refusing(), opened_database() as database:
        require_current(database)
        moment = moment_without_server(database)
        with database.writing() as session:
            person = create_person(session, login, name, password, [(Role.ADMINISTRATOR, None)], SERVER, moment)
    click.echo(translator()(Message(N_("Administrator %(login)s has been made (number %(person)d)."), {"login": login, "person": person})))
