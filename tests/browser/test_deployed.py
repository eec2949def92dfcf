"""What deploy/ ships, run: the unit's command behind a real nginx with TLS, the units read by systemd, the settings by the command's wrapper."""

import os
import pwd
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from blueprints.admin.bank_import import LARGEST_UPLOAD as LARGEST_BANK
from blueprints.admin.review_documents import LARGEST_UPLOAD as LARGEST_DOCUMENTS
from blueprints.admin.roster import LARGEST_UPLOAD as LARGEST_ROSTER
from examsrv.app import LARGEST_REQUEST
from examsrv.cli.serving import KEEP_ALIVE_SECONDS
from examsrv.services.demonstrating import Demonstration
from examsrv.web.static_files import static_address, static_folder
from question_bank.kinds.upload import MOST_MEGABYTES
from tests.browser.deployed import DEPLOY, Deployed, answer, exec_start, unit_lines
from tests.browser.installation import Client, Door, Installation, Paper, start_room, stored_steps
from tests.browser.stage import SMALL_ROOM

STATIC = static_address(static_folder())
FORGED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.7;proto=http;host=evil.example",
}
NEWER_WAY_TO_SAY_HTTP2 = 'the "listen ... http2" directive is deprecated'  # from nginx 1.25 on; Debian 12 has 1.22, which knows no other
UNITS = ("examsrv.service", "examsrv-backup.service", "examsrv-backup.timer")
OTHER_MACHINE = "127.0.0.2"
MISSES = 12
SECRET_WORDS = "ticket-2026-unheard-of"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, prepared: tuple[Path, Demonstration]) -> Iterator[Deployed]:
    made = Deployed(Installation(tmp_path_factory.mktemp("deployed") / "installation", prepared[0]))
    made.start()
    yield made
    made.stop()


def test_the_server_tells_systemd_when_it_is_ready(deployed: Deployed) -> None:
    assert unit_lines("examsrv.service", "Type") == ["notify"]
    deployed.systemd.settimeout(1)
    assert b"READY=1" in deployed.systemd.recv(1000)


def test_nginx_finds_nothing_to_say_about_its_configuration(deployed: Deployed) -> None:
    done = subprocess.run([*deployed.nginx_command(), "-t"], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if NEWER_WAY_TO_SAY_HTTP2 not in line]
    assert (done.returncode, [line for line in said if "[" in line]) == (0, [])


def test_a_candidate_answers_through_tls_and_nginx_and_everything_is_kept(deployed: Deployed, prepared: tuple[Path, Demonstration]) -> None:
    people = prepared[1]
    way = next(each for each in people.candidates if each.room == SMALL_ROOM)
    paper = Paper(deployed.door)
    paper.sign_in(way)
    start_room(deployed.installation, people, way, deployed.door)
    numbers, values = paper.open()
    assert paper.codings["/exam/api/open"] == "br"
    for item in values:
        paper.answer(next(numbers), item, values[item][0])
    assert {name for name in paper.cookies if not name.startswith("__Host-")} == set()
    assert len(paper.acknowledged) == len(values)
    stored = stored_steps(deployed.installation, way.ticket)
    assert {seq: stored.get(seq) for seq in paper.acknowledged} == paper.acknowledged


def test_a_client_cannot_forge_scheme_or_host(deployed: Deployed) -> None:
    assert answer(deployed.door, "/exam/seat", **FORGED).headers["Strict-Transport-Security"]
    seat = Client(deployed.door)
    assert seat.ask("POST", "/exam/seat", "", {**FORGED, "Origin": "https://evil.example"})[0] == HTTPStatus.FORBIDDEN
    assert "evil" not in str(answer(deployed.door, "/exam/sign-in", **FORGED).headers)


def test_a_client_cannot_forge_its_address_and_another_machine_has_its_own(deployed: Deployed) -> None:
    statuses = [miss(deployed.door, f"203.0.113.{number}") for number in range(MISSES)]
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert miss(deployed.from_address(OTHER_MACHINE), "127.0.0.1") == HTTPStatus.UNPROCESSABLE_ENTITY


def miss(door: Door, forged: str) -> int:
    """Type a wrong seat code, as if from another address."""
    seat = Client(door)
    seat.headers = {**FORGED, "X-Forwarded-For": forged}
    return seat.fill_in("/exam/seat", code="000000")[0]


@pytest.mark.parametrize("file", ["css/layout-staff.css", "js/board.js", "favicon.svg"])
def test_nginx_gives_static_files_as_the_server_gives_them(deployed: Deployed, file: str) -> None:
    own = {"Server", "Date", "Connection", "ETag", "Accept-Ranges", "Vary", "Keep-Alive"}
    given, wanted = (answer(door, f"{STATIC}/{file}") for door in (deployed.door, deployed.installation.door))
    assert given.content == wanted.content == (static_folder() / file).read_bytes()
    assert given.headers["Server"] == "nginx"
    headers = [{name: value.replace('"', "") for name, value in each.headers.items() if name not in own} for each in (given, wanted)]
    assert headers[0] == headers[1]


def test_a_static_file_that_is_not_there_is_told_by_the_server(deployed: Deployed) -> None:
    given = answer(deployed.door, f"{STATIC}/nothing.css")
    assert (given.status, given.headers["Content-Security-Policy"] is not None) == (HTTPStatus.NOT_FOUND, True)


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/static/../metrics", "/metrics?a=b", "/metricsx"])
def test_the_figures_of_the_server_are_not_reached_from_outside(deployed: Deployed, path: str) -> None:
    given = answer(deployed.door, path)
    assert (given.status, given.headers.get("Content-Security-Policy")) == (HTTPStatus.NOT_FOUND, None)


def test_tls_is_12_or_13_and_plain_requests_are_sent_to_it(deployed: Deployed) -> None:
    for version, spoken in [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]:
        assert version_spoken(deployed, version) == spoken
    sent = answer(deployed.plain_door, "/exam/seat", Host="exam.institution.test")
    assert (sent.status, sent.headers["Location"]) == (HTTPStatus.MOVED_PERMANENTLY, "https://exam.institution.test/exam/seat")


def version_spoken(deployed: Deployed, version: ssl.TLSVersion) -> str | None:
    trust = ssl.create_default_context(cafile=deployed.folder / "tls/ca.crt")
    trust.minimum_version = trust.maximum_version = version
    connection = replace(deployed.door, trust=trust).connection()
    connection.connect()
    spoken = connection.sock.version()
    connection.close()
    return spoken


def test_older_tls_is_refused(deployed: Deployed) -> None:
    old = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{deployed.door.port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert "alert protocol version" in old.stderr


def test_nginx_and_the_server_agree_on_sizes_and_times() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    assert f"client_max_body_size {LARGEST_REQUEST >> 20}m;" in text
    files = text[text.index("location = /exam/api/files {") :]
    assert f"client_max_body_size {MOST_MEGABYTES + 1}m;" in files[: files.index("}")]
    large = text[text.index("location ~ ^/admin/(") :]
    assert f"client_max_body_size {(max(LARGEST_ROSTER, LARGEST_BANK, LARGEST_DOCUMENTS) >> 20) + 1}m;" in large[: large.index("}")]
    upstream = text[text.index("upstream examsrv") : text.index("server {\n        listen")]
    assert "keepalive_timeout 60s;" in upstream
    assert KEEP_ALIVE_SECONDS > 60


@pytest.mark.parametrize(("path", "most"), [("/exam/seat", 8), ("/exam/api/files", 21), ("/admin/sittings/1/candidates", 102)])
def test_what_nginx_does_not_take_is_told_with_the_limits(deployed: Deployed, path: str, most: int) -> None:
    refused = answer(deployed.door, path, **{"Content-Length": str((most << 20) + 1)})
    assert (refused.status, f"{most} MB" in refused.content.decode()) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, True)


def test_a_restart_is_bridged_by_a_page_and_no_log_holds_what_was_asked_for(deployed: Deployed) -> None:
    asked = f"/exam/seat?q={SECRET_WORDS}"
    deployed.installation.kill()
    between = answer(deployed.door, asked, Referer=f"https://exam.institution.test/?{SECRET_WORDS}", Cookie=f"x={SECRET_WORDS}")
    assert (between.status, "服务器正在启动" in between.content.decode()) == (HTTPStatus.BAD_GATEWAY, True)
    deployed.installation.start(exec_start(deployed, "examsrv.service"))
    assert answer(deployed.door, asked).status == HTTPStatus.OK
    assert "/exam/seat 502" in deployed.logs()
    assert SECRET_WORDS not in deployed.logs()


def test_the_backup_unit_writes_a_backup_while_the_server_runs(deployed: Deployed) -> None:
    settings = {**os.environ, **deployed.installation.settings}
    done = subprocess.run(exec_start(deployed, "examsrv-backup.service"), env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list((deployed.folder / "backups").iterdir())) == 1


def test_the_command_for_administrators_runs_with_the_installations_settings(deployed: Deployed, tmp_path: Path) -> None:
    settings = tmp_path / "environment"
    settings.write_text("".join(f'{name}="{value}"\n' for name, value in deployed.installation.settings.items()))
    script = (DEPLOY / "examsrv").read_text().replace("/etc/examsrv/environment", str(settings))
    script = deployed.here(script).replace("person=examsrv", f"person={pwd.getpwuid(os.geteuid()).pw_name}")
    done = subprocess.run(["sh", "-c", script, "examsrv", "audit", "verify"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    settings.unlink()
    assert subprocess.run(["sh", "-c", script, "examsrv", "audit", "verify"], capture_output=True).returncode == 1


# ---- the units


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Give a folder with the units and nginx's drop-in as an installation has them; the program that they name is there."""
    program = tmp_path / "program/bin/examsrv"
    program.parent.mkdir(parents=True)
    shutil.copyfile("/bin/true", program)
    program.chmod(0o755)
    for name in UNITS:
        (tmp_path / name).write_text((DEPLOY / name).read_text().replace("/opt/examsrv", str(tmp_path / "program")))
    (tmp_path / "nginx.service.d").mkdir()
    shutil.copyfile(DEPLOY / "nginx-restart.conf", tmp_path / "nginx.service.d/restart.conf")
    (tmp_path / "nginx.service").write_text("[Service]\nExecStart=/bin/true\n")
    return tmp_path


def verified(folder: Path, *names: str) -> tuple[int, str]:
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *(folder / name for name in names)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stderr


def test_systemd_finds_nothing_to_say_about_the_units(units: Path) -> None:
    assert verified(units, *UNITS, "nginx.service") == (0, "")


@pytest.mark.parametrize(("right", "wrong"), [("ProtectSystem=strict", "ProtectSystem=strickt"), ("Restart=always", "Restrat=always")])
def test_systemd_would_find_a_slip(units: Path, right: str, wrong: str) -> None:
    unit = units / "examsrv.service"
    unit.write_text(unit.read_text().replace(right, wrong))
    assert verified(units, "examsrv.service") != (0, "")


def test_the_server_comes_back_at_once_and_is_not_cut_off_before_its_graceful_time() -> None:
    assert unit_lines("examsrv.service", "Restart") == ["always"]
    assert unit_lines("examsrv.service", "RestartSec") == ["1"]
    assert unit_lines("examsrv.service", "StartLimitIntervalSec") == ["0"]
    assert int(unit_lines("examsrv.service", "TimeoutStopSec")[0]) > 10
