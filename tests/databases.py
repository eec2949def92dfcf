"""Databases for tests: SQLite files, and a PostgreSQL server that the test run starts for itself and stops again.

`database_url` gives each test an own database with the newest schema, once on SQLite and once on PostgreSQL; `empty_database_url` the same
without any table. `postgresql_url` and `sqlite_url` are for tests of one of them. The schema is built once and then copied. All databases lie
in memory where there is enough of it.
"""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from examsrv.storage.database import Database

BACKENDS = ["sqlite", "postgresql"]
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 1 << 30
READY_WITHIN_SECONDS = 30
RESTARTS, RESTART_SECONDS = 50, 0.1
IN_MEMORY = {
    "fsync": "off",  # nobody needs a test's data after a power cut
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
SERVER_SETTINGS = {
    "dynamic_shared_memory_type": "mmap",  # inside the folder, so that nothing is left when the server is killed
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
}
LOCALE = ("--locale=C.UTF-8", "--lc-collate=C")
"""As deploy/postgresql.md says."""
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """Give a folder in memory (a new database is there ten times sooner than on a disk), or an ordinary one where memory is short."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED_BYTES
    folder = Path(tempfile.mkdtemp(prefix="examsrv-tests-", dir=MEMORY if in_memory else None))
    folder.chmod(0o711)  # the server's own user passes through
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_server(quick_folder: Path) -> Iterator[str]:
    """Start a PostgreSQL server of the run's own; give the start of its addresses, to which the name of a database is added."""
    folder = quick_folder / "postgresql"
    folder.mkdir(mode=0o700)
    yield from served(folder, {**SERVER_SETTINGS, **IN_MEMORY})


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Build the schema once on PostgreSQL; give the name of that database."""
    create(postgresql_server, "schema_template")
    _build_schema(postgresql_server + "schema_template")
    return "schema_template"


@pytest.fixture(scope="session")
def sqlite_template(quick_folder: Path) -> Path:
    """Build the schema once on SQLite; give the file, with nothing left in a journal beside it."""
    file = quick_folder / "template.db"
    _build_schema(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """Give the address of a fresh SQLite database with the newest schema."""
    file = sqlite_template.with_name(f"test_{next(_numbers)}.db")
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """Give the address of a fresh PostgreSQL database with the newest schema."""
    yield from fresh_database(postgresql_server, postgresql_template)


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a fresh database with the newest schema: the test runs on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> "Iterator[Database]":
    """Give a fresh database with the newest schema, opened, and close it again: the test runs on each kind."""
    from examsrv.storage.database import Database

    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest, quick_folder: Path) -> Iterator[str]:
    """Give the address of a fresh database without tables: the test runs on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{quick_folder / f'empty_{next(_numbers)}.db'}"
    else:
        yield from fresh_database(request.getfixturevalue("postgresql_server"), "template1")


def _build_schema(url: str) -> None:
    from examsrv.storage.database import Database
    from examsrv.storage.migrating import upgrade

    database = Database(url)
    upgrade(database)
    database.close()


def fresh_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    create(server, name, template)
    yield server + name
    order(server, f"DROP DATABASE {name} WITH (FORCE)")


def create(server: str, name: str, template: str = "template1") -> None:
    order(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def order(server: str, statement: str) -> None:
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def served(folder: Path, server_settings: Mapping[str, str]) -> Iterator[str]:
    """Make a cluster in `folder`, run it until the caller is done, and stop it; it also ends when the test run is killed."""
    cluster = Cluster(folder, server_settings)
    cluster.start()
    try:
        yield cluster.server
    finally:
        cluster.stop()


class Cluster:
    """A PostgreSQL cluster in `folder`, started, killed and started again. It ends with the thread that started it."""

    def __init__(self, folder: Path, server_settings: Mapping[str, str]) -> None:
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        person = _server_person()
        if person:
            shutil.chown(folder, person)
        data, port = folder / "data", _free_port()
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", *LOCALE]
        subprocess.run(initdb, check=True, capture_output=True, user=person, group=person, extra_groups=[] if person else None, cwd=folder)
        settings = {**server_settings, "port": str(port), "unix_socket_directories": str(folder)}
        self.server = f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
        self._command = [*_as_person(person), binaries / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, start_new_session=True)
        _wait(lambda: order(self.server, "SELECT 1"), self._process, self._log)

    def restart(self) -> None:
        """Start it after it was killed, again and again as a supervisor does: processes that outlived the first one hold its memory for a moment."""
        for _try in range(RESTARTS - 1):
            try:
                return self.start()
            except RuntimeError:
                time.sleep(RESTART_SECONDS)
        return self.start()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; SIGINT ends open connections and stops in order, SIGQUIT stops as in an emergency, SIGKILL kills the first of its processes."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()


def _server_person() -> str | None:
    """Return who runs the server: PostgreSQL refuses root, so root lends it to the user of Debian's package."""
    return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None


def _as_person(person: str | None) -> list[str]:
    change = [f"--reuid={person}", f"--regid={person}", "--clear-groups"] if person else []
    return ["setpriv", *change, "--pdeathsig=QUIT"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(attempt: Callable[[], None], process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        try:
            return attempt()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}") from error
            time.sleep(0.02)
