"""An own server as a child process: started, waited for, killed, started again, and what it costs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from examsrv.config import environment_with
from examsrv.web.clock import stopwatch

LOOPBACK, HEALTH = "127.0.0.1", "/healthz"
READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.02
ANSWER_WITHIN_SECONDS = 2.0
STAT_AFTER_NAME = ") "
PARENT, TIMES = 1, (11, 12, 13, 14)  # places after the name in /proc/PID/stat: own times, and those of children waited for


class DidNotStart(Exception):
    """The server ended or did not answer in time; what it said on its error stream."""


@dataclass(slots=True)
class OwnServer:
    """A server that `examsrv serve` runs on `data_folder`, or on the database of `database_url`. `environment` adds further settings.

    The schema must be there already. `command` stands before the arguments of `serve`: other ways to serve can be tried.
    """

    data_folder: Path
    database_url: str = ""
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = (sys.executable, "-m", "examsrv.cli", "serve")
    process: subprocess.Popen[bytes] | None = None
    cpu_before: float = 0.0

    @property
    def url(self) -> str:
        """Return the address at which it is reached."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self, within: float = READY_WITHIN_SECONDS) -> float:
        """Start it and wait until it answers; return after how many seconds. The port stays the same from the first start on."""
        began = stopwatch()
        self.port = self.port or free_port()
        with self._log().open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own command
                [*self.command, "--port", str(self.port)], env=self._settings(), stdout=log, stderr=log, start_new_session=True
            )
        self.wait(within)
        return stopwatch() - began

    def wait(self, within: float = READY_WITHIN_SECONDS) -> None:
        """Wait until it answers; raises DidNotStart."""
        until = stopwatch() + within
        while not answers(self.url):
            if self.process is None or self.process.poll() is not None or stopwatch() > until:
                raise DidNotStart(self._log().read_text(encoding="utf-8", errors="replace"))
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(LOOK_EVERY_SECONDS)

    def kill(self) -> None:
        """Kill all its processes with -9, at once and without a word."""
        if self.process is None:
            return
        self.cpu_before += tree_cpu_seconds(self.process.pid)
        with contextlib.suppress(ProcessLookupError):  # one that did not start is gone already
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop it in order, and wait for it; one that does not end in time is killed."""
        if self.process is None:
            return
        self.cpu_before += tree_cpu_seconds(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used since the first start, all its processes together."""
        return self.cpu_before + (tree_cpu_seconds(self.process.pid) if self.process is not None else 0.0)

    def _settings(self) -> dict[str, str]:
        own = {"EXAMSRV_DATA": str(self.data_folder), "EXAMSRV_DATABASE_URL": self.database_url, "EXAMSRV_HOST": LOOPBACK}
        return environment_with({**own, **self.environment})

    def _log(self) -> Path:
        return self.data_folder / "server.log"


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Tell whether a server answers at `url`."""
    try:
        with urllib.request.urlopen(url + HEALTH, timeout=ANSWER_WITHIN_SECONDS):  # noqa: S310 -- an address of our own
            return True
    except urllib.error.HTTPError:
        return False
    except (OSError, TimeoutError):
        return False


def tree_cpu_seconds(root: int) -> float:
    """Return the processor time of a process, its children, and the ended ones that were waited for, as /proc tells it."""
    parents, used = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(entry)):
            pid = int(entry.name)
            parents[pid] = int(fields[PARENT])
            used[pid] = sum(int(fields[place]) for place in TIMES)
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(used.get(pid, 0) for pid in tree) / os.sysconf("SC_CLK_TCK")


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(STAT_AFTER_NAME)[2].split()
    except OSError:
        return []
