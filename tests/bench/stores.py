"""Where the databases of a bench lie: SQLite files, or a PostgreSQL server of its own that keeps what it acknowledged, as installed by default."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.databases import SERVER_SETTINGS, order, served

POSTGRESQL = {**SERVER_SETTINGS, "shared_buffers": "512MB", "max_wal_size": "4GB"}
PASSABLE = 0o711  # PostgreSQL's own user passes through


@dataclass(frozen=True, slots=True)
class Store:
    """A kind of database. `fresh` makes an empty one for a folder, `copy` a copy of one that nobody uses; both return its address."""

    name: str
    fresh: Callable[[Path], str]
    copy: Callable[[str, Path], str]
    drop: Callable[[str], None]
    size: Callable[[str], int]
    process: int | None = None


@contextmanager
def sqlite_store(_folder: Path) -> Iterator[Store]:
    """Give files in the folders of their servers."""

    def address(folder: Path) -> str:
        return f"sqlite:///{folder / 'examsrv.db'}"

    def copy(url: str, folder: Path) -> str:
        shutil.copyfile(file_of(url), file_of(address(folder)))
        return address(folder)

    yield Store("SQLite", address, copy, lambda url: file_of(url).unlink(), lambda url: file_of(url).stat().st_size)


@contextmanager
def postgresql_store(folder: Path) -> Iterator[Store]:
    """Run a server in `folder`, and give databases on it, by its socket as on one machine."""
    home = folder / "postgresql"
    home.mkdir(mode=0o700)
    numbers = itertools.count(1)
    with contextmanager(served)(home, POSTGRESQL) as server:
        process = int((home / "data/postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])

        def made(template: str) -> str:
            name = f"bench_{next(numbers)}"
            order(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
            return f"postgresql+psycopg://postgres@/{name}?host={home}&port={make_url(server).port}"

        def drop(url: str) -> None:
            order(server, f"DROP DATABASE {name_of(url)} WITH (FORCE)")

        yield Store("PostgreSQL", lambda _folder: made("template1"), lambda url, _folder: made(name_of(url)), drop, postgresql_size, process)


STORES = {"sqlite": sqlite_store, "postgresql": postgresql_store}


def file_of(url: str) -> Path:
    """Return the file of an SQLite database."""
    return Path(str(make_url(url).database))


def name_of(url: str) -> str:
    """Return the name of a PostgreSQL database."""
    return str(make_url(url).database)


def postgresql_size(url: str) -> int:
    """Return the bytes of a database, after what its changed rows left behind is free to be used again."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM")
        return int(connection.execute("SELECT pg_database_size(current_database())").fetchone()[0])
