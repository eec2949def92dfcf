"""`examsrv demo`: a ready-made examination, served at once."""

from collections.abc import Iterator
from dataclasses import replace

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.running import moment_without_server, secret_of
from examsrv.cli.serving import claimed, serve
from examsrv.config import Config, from_environment
from examsrv.domain.roles import ROLE_NAMES, Role
from examsrv.services.demonstrating import PASSWORD, Demonstration, make_demonstration, make_further_levels
from examsrv.services.demonstrating_skills import make_skills_demonstration
from examsrv.services.inventing import Chance
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.web import chance
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message
from question_bank.pack import load_pack

PACK = "4-05-06-02"
FOLDER = "demo"
INSTITUTION = "示例评价机构"
SHOWN_CANDIDATES = 3


@click.command("demo", help="Serve a ready-made examination with invented people on 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--reset", is_flag=True, help="Start from an empty database.")
def demo(port: int | None, reset: bool) -> None:
    """Make what is missing, add a fresh sitting, print how to sign in, and serve until Ctrl-C."""
    with refusing():
        config = _config(from_environment(), port)
        if reset:
            wipe(config)
        serve(config, lambda database: prepare(config, database))


def _config(plain: Config, port: int | None) -> Config:
    """Return an installation beside the configured one, on this machine only and without TLS: every browser can open the printed addresses."""
    return replace(
        plain,
        data_folder=plain.data_folder / FOLDER,
        host="127.0.0.1",
        port=port or plain.port,
        proxies=(),
        tls_certificate=None,
        tls_key=None,
        institution=plain.institution or INSTITUTION,
    )


def wipe(config: Config) -> None:
    """Remove the demonstration's own database file. A database with an address of its own is never wiped, nor one that a server uses."""
    if config.database_url:
        raise ExamError(Message(N_("A database that is named by its address is not wiped. Empty it yourself.")))
    with claimed(config):
        for file in config.data_folder.glob("examsrv.db*"):
            file.unlink()


def prepare(config: Config, database: Database) -> None:
    """Make what is missing of the demonstration with a fresh sitting, and print how everybody signs in."""
    upgrade(database)
    drawn = Chance(chance.public_id, chance.seed, chance.key, chance.code)
    secret, at = secret_of(config), moment_without_server(database)
    made = make_demonstration(database, secret, load_pack(PACK), drawn, at)
    skills = make_skills_demonstration(database, secret, PACK, drawn, at)
    further = make_further_levels(database, secret, load_pack(PACK), drawn, at)
    say, address = translator(), f"http://{config.host}:{config.port}"
    lines = [*told(made, address), *told(skills, address)]
    for each in further:
        lines += told(each, address, shown=1)
    for line in lines:
        click.echo(say(line))
    click.echo(say(Message(N_("Start page: %(address)s  (Ctrl-C ends it)"), {"address": address})))


def told(made: Demonstration, address: str, shown: int = SHOWN_CANDIDATES) -> Iterator[Message]:
    """Say where and how each role signs in for a sitting, and `shown` candidates of each room."""
    yield Message(N_("Demonstration ready: %(sitting)s"), {"sitting": made.sitting})
    for login, _name, role, pin in made.staff:
        values = {"role": ROLE_NAMES[Role(role)], "address": f"{address}/sign-in", "login": login, "password": PASSWORD, "pin": pin}
        if pin is None:
            yield Message(N_("%(role)s: %(address)s  sign-in name %(login)s  password %(password)s"), values)
        else:
            yield Message(N_("%(role)s: %(address)s  sign-in name %(login)s  password %(password)s  PIN on the board %(pin)s"), values)
    rooms = {way.room for way in made.candidates}
    for room in sorted(rooms):
        for way in [way for way in made.candidates if way.room == room][:shown]:
            values = {
                "address": f"{address}/exam/sign-in",
                "name": way.name,
                "ticket": way.ticket,
                "number": way.id_number,
                "room": way.room,
                "seat": f"{way.seat:02}",
                "code": way.seat_code,
            }
            text = N_("Candidate %(name)s: %(address)s  seat code %(code)s (%(room)s, seat %(seat)s)  ticket %(ticket)s  ID number %(number)s")
            yield Message(text, values)
