"""Serving the application with gunicorn: one process, many threads; refuses to start where it would be unsafe."""

import fcntl
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import structlog
from gunicorn.app.base import BaseApplication
from sqlalchemy import Connection

from examsrv.app import create_app
from examsrv.cli.logs import configure_logs
from examsrv.cli.running import begin_server, open_database
from examsrv.config import Config
from examsrv.storage.database import Database, claim_writer
from examsrv.storage.migrating import is_current
from examsrv.web.server import Server
from question_bank.message import N_, ExamError, Message

log = structlog.get_logger()
GRACEFUL_SECONDS = 10
LOCK = "server.lock"


class CannotServe(ExamError):
    """The server refuses to start."""


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with settings of ours instead of a configuration file."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.running: Server | None = None
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"{self.config.host}:{self.config.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self.config.threads,
            "graceful_timeout": GRACEFUL_SECONDS,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
            "worker_exit": lambda _arbiter, _worker: self.running.stop() if self.running else None,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in the worker: the server's threads begin where the requests are."""
        configure_logs()
        self.running = begin_server(self.config, open_database(self.config))
        self.running.start_sweeping(lambda error: log.error("sweep", exc_info=error))
        app = create_app(self.running)
        if self.config.behind_proxy:
            from werkzeug.middleware.proxy_fix import ProxyFix

            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
        return app


def serve(config: Config, prepare: Callable[[Database], None] | None = None) -> None:
    """Serve until told to stop, after `prepare` has had the database to itself.

    Refuses an address that others reach without TLS, a port that is taken, an old schema, and a second server on one database.
    """
    if not config.behind_proxy and not ipaddress.ip_address(config.host).is_loopback:
        raise CannotServe(
            Message(
                N_("%(host)s can be reached by others, and there is no TLS. Put a proxy in front and set EXAMSRV_BEHIND_PROXY=yes."),
                {"host": config.host},
            )
        )
    _require_free_port(config)
    database = open_database(config)
    claim = _claim(config, database)
    try:
        if prepare is not None:
            prepare(database)
        if not is_current(database):
            raise CannotServe(Message(N_("The database does not have the present schema. Run: examsrv db upgrade")))
        database.close()  # the worker opens its own after the fork; a claim that is a connection stays open
        _Gunicorn(config).run()
    finally:
        database.close()
        claim.close()


def _require_free_port(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            text = N_("Port %(port)d on %(host)s cannot be used: %(reason)s. Choose another one with --port.")
            raise CannotServe(Message(text, {"port": config.port, "host": config.host, "reason": error.strerror})) from error


@contextmanager
def claimed(config: Config) -> Iterator[None]:
    """Hold the claim to the embedded database for a while, as a server does; refused while one runs."""
    config.data_folder.mkdir(parents=True, exist_ok=True)
    lock = _lock_file(config.data_folder / LOCK)
    if lock is None:
        raise CannotServe(Message(N_("Another server already runs on this database.")))
    with lock:
        yield


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Hold the claim to the configured database, of either kind; refused while a server runs."""
    database = open_database(config)
    claim = _claim(config, database)
    try:
        yield
    finally:
        database.close()
        claim.close()


def _claim(config: Config, database: Database) -> Connection | IO[str]:
    """Claim to be the only server on this database."""
    claim = claim_writer(database) if database.dialect == "postgresql" else _lock_file(config.data_folder / LOCK)
    if claim is None:
        database.close()
        raise CannotServe(Message(N_("Another server already runs on this database.")))
    return claim


def _lock_file(path: Path) -> IO[str] | None:
    handle = path.open("w", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
