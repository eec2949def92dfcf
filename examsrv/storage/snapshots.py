"""Copies of a whole database, taken while others write to it, and put back into an empty one.

SQLite is copied with its own backup interface from a connection that already sees one state, so that saves meanwhile neither wait for the copy nor
make it begin again. PostgreSQL is copied by `pg_dump` from the state that our own transaction sees.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, func, inspect, select, text
from sqlalchemy.orm import Session

from examsrv.storage.database import Database
from examsrv.storage.tables import Base
from question_bank.message import N_, ExamError, Message

PAGES_AT_ONCE = 64
PAUSE_SECONDS = 0.001  # after each piece, so that the disk is never the copy's alone
VERSIONED = Path("/usr/lib/postgresql")
MAJOR = re.compile(r"\b(\d+)(?:\.\d+)?")
VERSIONS_PER_MAJOR = 10000  # PostgreSQL tells 15.3 as 150003
SOUND = "ok"


class CannotCopy(ExamError):
    """A database cannot be copied or put back."""


def table_counts(session: Session) -> dict[str, int]:
    """Return how many rows each table has, by its name."""
    found = inspect(session.connection()).get_table_names()
    tables = [table for table in Base.metadata.sorted_tables if table.name in found]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in sorted(tables, key=lambda table: table.name)}


def copy_database(session: Session, url: URL, file: Path) -> None:
    """Write the state that the reading `session` sees to the new `file`: a database on SQLite, a dump in `pg_dump`'s own format on PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        _dump(session, url, file)
    else:
        _copy_sqlite(session, file)
    _to_disk(file)


def damage(file: Path) -> str | None:
    """Return what SQLite's own check finds wrong in the database `file`, or None."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
            if found == SOUND and connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                return "foreign_key_check"
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == SOUND else found


def is_empty(database: Database) -> bool:
    """Tell whether a database has no table at all."""
    with database.reading() as session:
        return not inspect(session.connection()).get_table_names()


def fill_from_dump(database: Database, file: Path) -> None:
    """Put a dump back into an empty PostgreSQL database, in one transaction: all of it or nothing."""
    with database.reading() as session:
        major = _server_major(session)
    program = _program("pg_restore", major)
    with _connection_words(database.url) as words:
        _run([program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={words}", str(file)])


def _copy_sqlite(session: Session, file: Path) -> None:
    source = cast(sqlite3.Connection, session.connection().connection.dbapi_connection)
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # the finished file is brought to disk as a whole
        source.backup(copy, pages=PAGES_AT_ONCE, progress=_pause)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    found = damage(file)
    if found is not None:
        raise CannotCopy(Message(N_("The copy of the database is not sound (%(found)s); the database itself may be damaged."), {"found": found}))


def _pause(_status: int, _left: int, _all: int) -> None:
    threading.Event().wait(PAUSE_SECONDS)


def _dump(session: Session, url: URL, file: Path) -> None:
    program = _program("pg_dump", _server_major(session))
    state = session.scalar(text("SELECT pg_export_snapshot()"))
    with _connection_words(url) as words:
        _run([program, "--format=custom", f"--snapshot={state}", "--no-owner", "--no-privileges", f"--file={file}", f"--dbname={words}"])


def _server_major(session: Session) -> int:
    return int(session.scalar(text("SHOW server_version_num")) or 0) // VERSIONS_PER_MAJOR


def _program(name: str, major: int) -> str:
    """Return where a PostgreSQL program of at least the server's version is; refused in words when it is missing or too old."""
    on_path = shutil.which(name)
    found = {path: _major_of(path) for path in [*([on_path] if on_path else []), *map(str, VERSIONED.glob(f"*/bin/{name}"))]}
    suitable = [path for path, version in found.items() if version >= major]
    if suitable:
        return min(suitable, key=lambda path: found[path])
    if not found:
        text = N_("%(program)s is not found. Install PostgreSQL's client programs, version %(wanted)d: on Debian, postgresql-client-%(wanted)d.")
        raise CannotCopy(Message(text, {"program": name, "wanted": major}))
    text = N_("%(program)s is version %(found)d, too old for the server's %(wanted)d. On Debian, install postgresql-client-%(wanted)d.")
    raise CannotCopy(Message(text, {"program": name, "found": max(found.values()), "wanted": major}))


def _major_of(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- a program that was looked for by its name
    found = MAJOR.search(told.stdout)
    return int(found.group(1)) if found else 0


@contextmanager
def _connection_words(url: URL) -> Iterator[str]:
    """Give the words that connect PostgreSQL's programs to `url`. The password goes by a file: a command line is for everybody to see."""
    words: dict[str, Any] = url.translate_connect_args(username="user", database="dbname")
    words |= {name: value for name, value in url.query.items() if isinstance(value, str)}
    password = words.pop("password", None)
    if password is None:
        yield make_conninfo(**words)
        return
    escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="examsrv-") as file:  # made readable by its owner only
        file.write(f"*:*:*:*:{escaped}\n")
        file.flush()
        yield make_conninfo(**words, passfile=file.name)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 -- PostgreSQL's own program, no shell
    if done.returncode:
        told = done.stderr.strip().splitlines()
        values = {"program": Path(command[0]).name, "told": told[0] if told else f"exit {done.returncode}"}
        raise CannotCopy(Message(N_("%(program)s failed: %(told)s"), values))


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
