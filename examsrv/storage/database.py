"""The database: one writer, many readers. SQLite (WAL, FULL) in one file, or PostgreSQL by its address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from examsrv.storage.pipelined import pipelined_engine

BUSY_TIMEOUT_MS = 5000
READERS, MORE_READERS = 128, 64
"""Connections that are kept for readers, so that none is opened anew for a request, and more if need be: together as many as a server has threads."""
POSTGRESQL_KEPT, POSTGRESQL_MORE = 32, 40  # together below the 100 connections that PostgreSQL allows as it comes
OUT_OF_ORDER = (OperationalError, InterfaceError, NoConnectionFree)
"""What is raised when the storage, and not what was asked, is at fault: no answer, no connection, a full disk, one that cannot be read or written."""
AUDIT_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('examsrv audit'))")


class Database:
    """Two engines on one database. Every writing transaction of the process goes through one lock, so that SQLite never meets a busy writer."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self._lock = threading.Lock()
        self._is_failing = False
        if self.dialect == "sqlite":
            self._writing = self._appending = _sqlite_engine(url, query_only=False)
            self._reading = _sqlite_engine(url, query_only=True)
        else:
            self._writing = create_engine(url, pool_pre_ping=True, pool_size=POSTGRESQL_KEPT, max_overflow=POSTGRESQL_MORE)
            self._reading = self._writing.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            self._appending = pipelined_engine(url)

    @property
    def engine(self) -> Engine:
        """Return the engine that writes, for migrations."""
        return self._writing

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and cannot write."""
        with Session(self._reading, autoflush=False) as session:
            yield session

    @property
    def is_failing(self) -> bool:
        """Tell whether the last transaction that was to be written could not be stored."""
        return self._is_failing

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the one session that may write now; commit at the end, roll back whole when anything is raised."""
        with self._lock, self._noticing(), Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def appending(self) -> Iterator[Connection]:
        """Give a plain connection in a writing transaction, for the journal; same lock, same promise as `writing`."""
        with self._lock, self._noticing(), self._appending.begin() as connection:
            yield connection

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except OUT_OF_ORDER:
            self._is_failing = True
            raise
        self._is_failing = False

    def close(self) -> None:
        """Close all connections."""
        self._writing.dispose()
        self._appending.dispose()
        self._reading.dispose()


def lock_for_audit(connection: Connection) -> None:
    """Hold the audit chain until the transaction ends: on SQLite the writing transaction does, on PostgreSQL an advisory lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(AUDIT_LOCK)


def claim_writer(database: Database) -> Connection | None:
    """Claim to be the only server that writes to a PostgreSQL database; the claim lives as long as the connection returned. None: taken."""
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if connection.execute(text("SELECT pg_try_advisory_lock(hashtext('examsrv writer'))")).scalar_one():
        connection.detach()  # it belongs to the claim alone, and ends with it
        return connection
    connection.close()
    return None


def _sqlite_engine(url: str, *, query_only: bool) -> Engine:
    """Make an engine whose transactions begin as told: at once for writing, deferred and read-only for reading."""
    engine = create_engine(url, pool_size=1 if not query_only else READERS, max_overflow=MORE_READERS)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
