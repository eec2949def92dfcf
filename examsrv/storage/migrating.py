"""Bringing a database to the present schema, and telling whether it is there."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from examsrv.storage.database import Database

FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; an empty one gets all of it. Interrupted, it can be run again."""
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(database: Database) -> bool:
    """Tell whether the database has the newest schema."""
    with database.reading() as session:
        return is_newest(revision_of(session))


def revision_of(session: Session) -> str | None:
    """Return the name of the database's schema; None: it has none of ours."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def is_newest(revision: str | None) -> bool:
    """Tell whether a schema is the present one."""
    return revision == _newest()


def is_known(revision: str) -> bool:
    """Tell whether this version of the program knows a schema; one that it does not know is newer."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", "unused://")
    return config
