"""From the configuration to a running server: what `serve`, `demo` and `wsgi` have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from examsrv.config import Config, from_environment
from examsrv.domain.moment import Moment
from examsrv.services.timekeeping import last_exam_time
from examsrv.storage.database import Database
from examsrv.storage.migrating import is_current
from examsrv.storage.sealing import Secret, load_secret
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from examsrv.web.server import Server, Settings, prepare
from question_bank.message import N_, ExamError, Message

DRIVERS = ("sqlite", "postgresql+psycopg")


def open_database(config: Config) -> Database:
    """Return the configured database; the folder of an embedded one is made. What cannot be one is refused in words."""
    address = database_address(config)
    try:
        config.data_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        values = {"folder": config.data_folder, "reason": error.strerror}
        raise ExamError(Message(N_("The data folder %(folder)s (EXAMSRV_DATA) cannot be used: %(reason)s"), values)) from error
    return Database(address)


def database_address(config: Config) -> str:
    """Return the address of the configured database; refused in words when it is none, or that of a database that is not supported."""
    try:
        is_known = make_url(config.url).drivername in DRIVERS
    except ArgumentError:
        is_known = False
    if not is_known:
        example = "postgresql+psycopg://user:password@host/name"
        raise ExamError(Message(N_("EXAMSRV_DATABASE_URL is not the address of a database, such as %(example)s"), {"example": example}))
    return config.url


@contextmanager
def opened_database() -> Iterator[Database]:
    """Give the database of the environment's configuration to a command, and close it whatever happens."""
    database = open_database(from_environment())
    try:
        yield database
    finally:
        database.close()


@contextmanager
def existing_database(config: Config) -> Iterator[Database]:
    """Give a database that is there already to a command that only looks; refused where there is none, and nothing is made."""
    address = database_address(config)
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise ExamError(Message(N_("There is no database %(file)s. Is EXAMSRV_DATA right?"), {"file": url.database}))
    database = Database(address)
    try:
        yield database
    finally:
        database.close()


def require_current(database: Database) -> None:
    """Refuse a database that does not have the present schema."""
    if not is_current(database):
        raise ExamError(Message(N_("The database does not have the present schema. Run: examsrv db upgrade")))


def secret_of(config: Config) -> Secret:
    """Return the installation's master secret, made at the first call."""
    return load_secret(config.secret_file, chance.key)


def settings_of(config: Config) -> Settings:
    """Return what the pages need of the configuration."""
    return Settings(
        institution=config.institution,
        time_zone=config.time_zone,
        grace=config.grace,
        clock_mark_every=config.clock_mark_every,
        short_outage=config.short_outage,
        offline_after=config.offline_after,
        staff_session_age=config.staff_session_age,
        secure_cookies=config.is_encrypted,
        data_folder=config.data_folder,
        metrics_networks=config.metrics_networks,
    )


def prepare_server(config: Config, database: Database) -> Server:
    """Return a server whose exam clock has still to be started."""
    return prepare(database, secret_of(config), MachineClock(), settings_of(config))


def moment_without_server(database: Database) -> Moment:
    """Return the present moment for a command that runs beside the server or without it: exam time as the last mark has it."""
    with database.reading() as session:
        exam = last_exam_time(session)
    return Moment(MachineClock().wall(), exam)
