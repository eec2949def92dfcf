"""What an installation can set, read from the environment once. Read by app, cli and wsgi only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
THREADS = 64


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one installation; README lists them with their variables."""

    database_url: str = ""
    data_folder: Path = Path("var")
    backup_folder: Path | None = None
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    threads: int = THREADS
    behind_proxy: bool = False
    time_zone: str = "Asia/Shanghai"
    institution: str = ""
    grace: timedelta = timedelta(seconds=30)
    clock_mark_every: timedelta = timedelta(seconds=5)
    short_outage: timedelta = timedelta(seconds=15)
    offline_after: timedelta = timedelta(seconds=20)
    staff_session_age: timedelta = timedelta(hours=12)

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


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    """Read the settings from `environment` (default: the process's own). An unset variable leaves the default."""
    values = os.environ if environment is None else environment
    return Config(
        database_url=values.get("EXAMSRV_DATABASE_URL", ""),
        data_folder=Path(values.get("EXAMSRV_DATA", "var")),
        backup_folder=Path(values["EXAMSRV_BACKUPS"]) if values.get("EXAMSRV_BACKUPS") else None,
        host=values.get("EXAMSRV_HOST", DEFAULT_HOST),
        port=int(values.get("EXAMSRV_PORT", str(DEFAULT_PORT))),
        behind_proxy=values.get("EXAMSRV_BEHIND_PROXY", "") == "yes",
        time_zone=values.get("EXAMSRV_TIME_ZONE", "Asia/Shanghai"),
        institution=values.get("EXAMSRV_INSTITUTION", ""),
    )
