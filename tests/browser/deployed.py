"""The installation that deploy/ describes: its unit's command behind its nginx. Paths, ports and nginx's user are this run's, all else as shipped."""

import http.client
import os
import pwd
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from examsrv.web.static_files import static_folder
from tests.browser.installation import REFUSED, ROOT, START_WITHIN_SECONDS, Door, Installation, free_port

DEPLOY = ROOT / "deploy"
NAME = "exam.institution.test"
SBIN = "/usr/sbin"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Deployed:
    """The server as its unit starts it, in front of it nginx with the shipped configuration; `door` is nginx's."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.folder = installation.folder
        installation.encrypt(NAME)
        installation.settings = environment_file(self)
        trust = installation.door.trust
        installation.door = Door(installation.door.port)
        self.door = Door(free_port(), NAME, trust)
        self.plain_door = Door(free_port())
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind("")  # a name that the kernel gives
        installation.settings["NOTIFY_SOCKET"] = "@" + self.systemd.getsockname()[1:].decode()
        self._lay_out_program()
        self.configuration = self._write_configuration()
        self.nginx: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server by the unit's command, then nginx, and wait until a page comes through."""
        self.installation.start(exec_start(self, "examsrv.service"))
        self.nginx = subprocess.Popen([*self.nginx_command(), "-g", "daemon off;"])
        until = time.monotonic() + START_WITHIN_SECONDS
        while not self._answers():
            if self.nginx.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "nginx.log").read_text(errors="replace"))
            time.sleep(0.05)

    def stop(self) -> None:
        """End nginx, then the server."""
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait()
        self.installation.kill()
        self.installation.log.close()
        self.systemd.close()

    def nginx_command(self) -> list[str | Path]:
        found = shutil.which("nginx", path=f"{os.environ['PATH']}:{SBIN}")
        assert found, "nginx is missing: deploy/prepare test installs it"
        return [found, "-p", self.folder, "-e", self.folder / "nginx.log", "-c", self.configuration]

    def from_address(self, address: str) -> Door:
        """Return nginx's door as another machine comes to it."""
        return replace(self.door, source=address)

    def logs(self) -> str:
        """Return everything that was logged."""
        return "".join((self.folder / name).read_text(errors="replace") for name in ("access.log", "error.log", "nginx.log", "log"))

    def here(self, text: str) -> str:
        """Return a shipped text with the folders that it names replaced by this installation's."""
        folders = {
            "/var/lib/examsrv": self.folder,
            "/var/backups/examsrv": self.folder / "backups",
            "/opt/examsrv": self.folder / "program",
            "/etc/examsrv": DEPLOY,
            "/var/log/nginx": self.folder,
            "/run/nginx.pid": self.folder / "nginx.pid",
        }
        for shipped, own in folders.items():
            text = text.replace(shipped, str(own))
        return text

    def _lay_out_program(self) -> None:
        (self.folder / "program/bin").mkdir(parents=True)
        (self.folder / "program/bin/examsrv").symlink_to(Path(sys.executable).with_name("examsrv"))
        (self.folder / "program/static").symlink_to(static_folder())

    def _write_configuration(self) -> Path:
        text = self.here((DEPLOY / "nginx.conf").read_text())
        mine = pwd.getpwuid(os.geteuid()).pw_name
        for shipped, own in {
            "user www-data;": f"user {mine};" if os.geteuid() == 0 else "",  # its workers read this run's folder
            "listen 80 ": f"listen 127.0.0.1:{self.plain_door.port} ",
            "listen 443 ": f"listen 127.0.0.1:{self.door.port} ",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{self.installation.door.port};",
            "http {": "http {" + "".join(f" {each}_temp_path {self.folder}/{each};" for each in TEMPORARY),
        }.items():
            assert shipped in text
            text = text.replace(shipped, own)
        file = self.folder / "nginx.conf"
        file.write_text(text)
        return file

    def _answers(self) -> bool:
        with suppress(*REFUSED, ssl.SSLError):
            return answer(self.door, "/exam/seat").status == HTTPStatus.OK
        return False


@dataclass(frozen=True)
class Answer:
    """What one request got."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes


def answer(door: Door, path: str, **headers: str) -> Answer:
    """Ask for a page in a connection of its own."""
    connection = door.connection()
    try:
        connection.request("GET", path, headers=headers)
        got = connection.getresponse()
        return Answer(got.status, got.headers, got.read())
    finally:
        connection.close()


def unit_lines(name: str, key: str) -> list[str]:
    """Return the values that a unit file gives to `key`."""
    return [line.partition("=")[2] for line in (DEPLOY / name).read_text().splitlines() if line.startswith(f"{key}=")]


def exec_start(deployed: Deployed, name: str) -> list[str]:
    """Return the command that a unit starts."""
    (line,) = unit_lines(name, "ExecStart")
    return shlex.split(deployed.here(line))


def environment_file(deployed: Deployed) -> dict[str, str]:
    """Return the settings of the file that the unit names, as systemd reads them."""
    (file,) = unit_lines("examsrv.service", "EnvironmentFile")
    lines = [line for line in Path(deployed.here(file)).read_text().splitlines() if line and not line.startswith("#")]
    pairs = (deployed.here(line).partition("=") for line in lines)
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}
