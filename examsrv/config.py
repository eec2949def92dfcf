"""What an installation can set, read from the environment once. Read by app, cli, wsgi, and the rehearsal, which starts servers."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from question_bank.message import N_, ExamError, Message

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_TIME_ZONE = "Asia/Shanghai"
PREFIX = "EXAMSRV_"
THREADS = 192
"""So many requests are worked on at a time. Most of a burst of saves stands before the journal then, and the next ones are read while it waits for
the disk: with 64, which all waited for the same batch, a server saved a tenth less.
"""
THREADS_OF_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""More than one makes the small matrices of assembly slower, not faster."""
PORTS = range(1, 65536)
THIS_MACHINE = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one installation; README lists them with their variables."""

    database_url: str = ""
    data_folder: Path = Path("var")
    backup_folder: Path | None = None
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    threads: int = THREADS
    proxies: tuple[str, ...] = ()
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    metrics_networks: tuple[str, ...] = ()
    time_zone: str = DEFAULT_TIME_ZONE
    institution: str = ""
    grace: timedelta = timedelta(seconds=30)
    clock_mark_every: timedelta = timedelta(milliseconds=500)
    short_outage: timedelta = timedelta(seconds=15)
    offline_after: timedelta = timedelta(seconds=20)
    staff_session_age: timedelta = timedelta(hours=12)

    def __post_init__(self) -> None:
        if self.host != "localhost":
            _address(N_("The address to listen on"), self.host)

    @property
    def url(self) -> str:
        """Return the address of the database: the one that is set, else one SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'examsrv.db'}"

    @property
    def backups(self) -> Path:
        """Return the folder of the backups: the one that is set, else one in the data folder."""
        return self.backup_folder or self.data_folder / "backups"

    @property
    def secret_file(self) -> Path:
        """Return the file that holds the installation's master secret; made at the first start, readable by its owner only."""
        return self.data_folder / "secret.key"

    @property
    def tls_folder(self) -> Path:
        """Return the folder that `examsrv tls init` writes to."""
        return self.data_folder / "tls"

    @property
    def is_encrypted(self) -> bool:
        """Tell whether browsers reach this installation by TLS, whoever ends it."""
        return bool(self.proxies) or self.tls_certificate is not None

    @property
    def is_reached_by_others(self) -> bool:
        """Tell whether other machines reach the address that is listened on."""
        return self.host != "localhost" and not ip_address(self.host).is_loopback


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    """Read the settings from `environment` (default: the process's own). An unset variable leaves the default; a wrong one is refused in words."""
    values = os.environ if environment is None else environment
    certificate, key = values.get("EXAMSRV_TLS_CERTIFICATE", ""), values.get("EXAMSRV_TLS_KEY", "")
    if bool(certificate) != bool(key):
        raise ExamError(Message(N_("EXAMSRV_TLS_CERTIFICATE and EXAMSRV_TLS_KEY are set together or not at all")))
    return Config(
        database_url=values.get("EXAMSRV_DATABASE_URL", ""),
        data_folder=Path(values.get("EXAMSRV_DATA", "var")),
        backup_folder=Path(values["EXAMSRV_BACKUPS"]) if values.get("EXAMSRV_BACKUPS") else None,
        host=values.get("EXAMSRV_HOST", DEFAULT_HOST),
        port=_port(values.get("EXAMSRV_PORT", str(DEFAULT_PORT))),
        proxies=_proxies(values.get("EXAMSRV_BEHIND_PROXY", "")),
        tls_certificate=Path(certificate) if certificate else None,
        tls_key=Path(key) if key else None,
        metrics_networks=_networks(values.get("EXAMSRV_METRICS_FROM", "")),
        time_zone=_time_zone(values.get("EXAMSRV_TIME_ZONE", DEFAULT_TIME_ZONE)),
        institution=values.get("EXAMSRV_INSTITUTION", ""),
    )


def calculate_on_one_thread() -> None:
    """Keep numerical libraries, before they are loaded, to one thread, unless the environment says otherwise already."""
    for name in THREADS_OF_LIBRARIES:
        os.environ.setdefault(name, "1")


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child that has `settings` for all of ours, and everything else as this process has it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | dict(settings)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in PORTS:
        raise ExamError(Message(N_("%(variable)s is “%(text)s” and not the number of a port"), {"variable": "EXAMSRV_PORT", "text": text}))
    return int(text)


def _networks(text: str) -> tuple[str, ...]:
    """Return the networks, or single addresses, that are listed."""
    try:
        return tuple(str(ip_network(each.strip())) for each in text.split(",") if each.strip())
    except ValueError as error:
        sentence = N_("%(variable)s is “%(text)s” and not a list of networks such as 10.1.0.0/16")
        raise ExamError(Message(sentence, {"variable": "EXAMSRV_METRICS_FROM", "text": text})) from error


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        values = {"variable": "EXAMSRV_TIME_ZONE", "text": name, "example": DEFAULT_TIME_ZONE}
        raise ExamError(Message(N_("%(variable)s is “%(text)s” and not the name of a time zone such as %(example)s"), values)) from error


def _proxies(text: str) -> tuple[str, ...]:
    """Return the addresses whose word about the client is taken: those of this machine for "yes", else those that are listed."""
    if text in {"", "no"}:
        return ()
    return THIS_MACHINE if text == "yes" else tuple(_address("EXAMSRV_BEHIND_PROXY", each.strip()) for each in text.split(","))


def _address(whose: str, text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ExamError(
            Message(N_("%(whose)s: “%(text)s” is not an address such as 192.168.1.10"), {"whose": Message(whose), "text": text})
        ) from error
