"""nginx in front of a bench's server, as deploy/ ships it: it ends TLS. Paths, ports and the user are this run's, all else as shipped."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from examsrv.app import static_folder
from examsrv.rehearsal.running import LOOPBACK, free_port
from examsrv.storage.certificates import places
from examsrv.storage.tls_folder import AUTHORITY, issue

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
WITHIN_SECONDS = 10
BEHIND = {"EXAMSRV_BEHIND_PROXY": "yes"}
COOKIE_PREFIX = "__Host-"


@dataclass(frozen=True, slots=True)
class Front:
    """nginx as it runs: its address, its process and the file of the authority whose certificate it shows."""

    url: str
    process: int
    authority: str


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[Front]:
    """Run nginx in front of the server at `port`."""
    issue(folder / "tls", places([], [LOOPBACK]), datetime.now(UTC))
    (folder / "program").mkdir()
    (folder / "program/static").symlink_to(static_folder())
    outside = free_port()
    (folder / "nginx.conf").write_text(configuration(folder, port, outside), encoding="utf-8")
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise SystemExit("nginx is missing: deploy/prepare test installs it")
    command = [found, "-p", folder, "-e", folder / "nginx.log", "-c", folder / "nginx.conf", "-g", "daemon off;"]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        wait_for(folder / "nginx.pid", process)
        yield Front(f"https://{LOOPBACK}:{outside}", process.pid, str(folder / "tls" / AUTHORITY))
    finally:
        process.terminate()
        process.wait()


def configuration(folder: Path, port: int, outside: int) -> str:
    """Return the shipped configuration with this run's paths and ports."""
    text = SHIPPED.read_text(encoding="utf-8")
    mine = pwd.getpwuid(os.geteuid()).pw_name
    for shipped, own in {
        "/var/lib/examsrv": str(folder),
        "/opt/examsrv": str(folder / "program"),
        "/var/log/nginx": str(folder),
        "/run/nginx.pid": str(folder / "nginx.pid"),
        "user www-data;": f"user {mine};" if os.geteuid() == 0 else "",  # its workers read this run's folder
        "listen 80 ": f"listen {LOOPBACK}:{free_port()} ",
        "listen 443 ": f"listen {LOOPBACK}:{outside} ",
        "server 127.0.0.1:8000;": f"server {LOOPBACK}:{port};",
        "http {": "http {" + "".join(f" {each}_temp_path {folder}/{each};" for each in TEMPORARY),
    }.items():
        if shipped not in text:
            raise ValueError(f"{SHIPPED.name} does not say {shipped!r} any more")
        text = text.replace(shipped, own)
    return text


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until nginx has written its process number: then it listens."""
    until = time.monotonic() + WITHIN_SECONDS
    while not (file.exists() and file.read_text()):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit((file.parent / "nginx.log").read_text(errors="replace"))
        time.sleep(0.02)
