"""Serving the application with gunicorn: one process, many threads; refuses to start where it would be unsafe."""

import fcntl
import gc
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
import structlog
from gunicorn.app.base import BaseApplication
from sqlalchemy import Connection

from examsrv.app import create_app
from examsrv.cli.logs import configure_logs
from examsrv.cli.running import open_database, prepare_server
from examsrv.cli.transport import behind_proxies, date_warning, tls_context, with_transport
from examsrv.config import Config
from examsrv.services.placing import stay_on_one_core
from examsrv.storage.ballast import lay_ballast
from examsrv.storage.database import Database, claim_writer
from examsrv.storage.migrating import is_current
from examsrv.web.clock import MachineClock
from examsrv.web.server import Server
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message

log = structlog.get_logger()
GRACEFUL_SECONDS = 10
DRAIN_SECONDS = 8
"""How long a stopping server waits for the requests it has; the rest of the graceful time is for the journal and the clock's mark."""
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps an idle connection (nginx: 60 s): the proxy closes first and never sends into a connection that is just being closed."""
MOST_CONNECTIONS = 8192
OTHER_FILES = 512
"""Open files that are not connections: database, logs, modules."""
LOCK = "server.lock"
COLLECT_AFTER = (50_000, 20, 100)


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
            "bind": f"[{self.config.host}]:{self.config.port}" if ":" in self.config.host else f"{self.config.host}:{self.config.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self.config.threads,
            "worker_connections": _open_files() - OTHER_FILES,
            "keepalive": KEEP_ALIVE_SECONDS,
            "graceful_timeout": GRACEFUL_SECONDS,
            "forwarded_allow_ips": "",  # what a proxy says of its client is read in one place: behind_proxies
            "forwarder_headers": "",
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": None,  # its lines go where ours go: configure_logs
            "loglevel": "warning",
            "worker_exit": lambda _arbiter, _worker: self.running.stop() if self.running else None,
        }
        if self.config.tls_certificate is not None and self.config.tls_key is not None:
            context = tls_context(self.config.tls_certificate, self.config.tls_key)
            settings |= {
                "certfile": str(self.config.tls_certificate),
                "keyfile": str(self.config.tls_key),
                "ssl_context": lambda _settings, _default: context,
            }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in the worker: the server's threads begin where the requests are."""
        configure_logs()
        stay_on_one_core()
        self.cfg.set("graceful_timeout", DRAIN_SECONDS)
        self.running = prepare_server(self.config, open_database(self.config))
        app = create_app(self.running)
        if self.config.proxies:
            app.wsgi_app = behind_proxies(app.wsgi_app, self.config.proxies)  # type: ignore[method-assign, assignment]
        _spare_the_collector()
        self.running.start_clock()
        self.running.start_sweeping(lambda error: log.error("sweep", exc_info=error))
        return app


def serve(config: Config, prepare: Callable[[Database], None] | None = None) -> None:
    """Serve until told to stop, after `prepare` has had the database to itself.

    Refuses an address that others reach without TLS, a port that is taken, an old schema, and a second server on one database.
    """
    config = with_transport(config)
    warning = date_warning(config, MachineClock().wall())
    if warning is not None:
        click.echo(translator()(warning), err=True)
    _require_free_port(config)
    database = open_database(config)
    claim = _claim(config, database)
    try:
        if prepare is not None:
            prepare(database)
        if not is_current(database):
            raise CannotServe(Message(N_("The database does not have the present schema. Run: examsrv db upgrade")))
        database.close()  # the worker opens its own after the fork; a claim that is a connection stays open
        lay_ballast(config.data_folder)
        configure_logs()
        _Gunicorn(config).run()
    finally:
        database.close()
        claim.close()


def _spare_the_collector() -> None:
    """Let Python look for cycles less often, and not among what lives as long as the server: it took a fifth of a save."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _require_free_port(config: Config) -> None:
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            text = N_("Port %(port)d on %(host)s cannot be used: %(reason)s. Choose another one with --port.")
            raise CannotServe(Message(text, {"port": config.port, "host": config.host, "reason": error.strerror})) from error


def _open_files() -> int:
    """Ask for as many open files as will be needed; return how many there may be. A server that runs out of them while it accepts dies of it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_CONNECTIONS + OTHER_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


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
