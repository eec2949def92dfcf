"""The commands about the configured database, on both databases; the demonstration is run as a person runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from examsrv.cli import main
from examsrv.storage.database import Database
from examsrv.storage.migrating import is_current

SERVING_WITHIN_SECONDS = 60


@pytest.fixture
def settings(empty_database_url: str, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "EXAMSRV_DATABASE_URL": empty_database_url, "EXAMSRV_DATA": str(tmp_path)}


def run(settings: dict[str, str], *words: str) -> Result:
    """Run a command in this process: starting another takes longer than most of what is tried here."""
    return CliRunner(env=settings).invoke(main, words)


def execute(settings: dict[str, str], *statements: str) -> None:
    database = Database(settings["EXAMSRV_DATABASE_URL"])
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement))
    database.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_db_upgrade_makes_the_schema_and_may_be_run_again(settings: dict[str, str]) -> None:
    assert [run(settings, "db", "upgrade").exit_code, run(settings, "db", "upgrade").exit_code] == [0, 0]
    database = Database(settings["EXAMSRV_DATABASE_URL"])
    assert is_current(database)
    database.close()


def test_admin_create_makes_one_account_and_refuses_a_name_that_is_taken(settings: dict[str, str]) -> None:
    run(settings, "db", "upgrade")
    words = ("admin", "create", "--login", "boss", "--name", "管理员", "--password", "long enough 1")
    assert run(settings, *words).exit_code == 0
    again = run(settings, *words)
    assert (again.exit_code, again.stderr.strip()) == (1, "登录名 boss 已被使用。")


def test_admin_create_refuses_a_short_password_and_an_old_schema_in_words(settings: dict[str, str]) -> None:
    words = ("admin", "create", "--login", "boss", "--name", "管理员", "--password")
    assert "examsrv db upgrade" in run(settings, *words, "long enough 1").stderr
    run(settings, "db", "upgrade")
    assert "至少 10 个字符" in run(settings, *words, "short").stderr


def test_audit_verify_names_the_first_bad_entry(settings: dict[str, str]) -> None:
    run(settings, "db", "upgrade")
    for number in range(3):
        run(settings, "admin", "create", "--login", f"boss{number}", "--name", "管理员", "--password", "long enough 1")
    number, head = re.search(r"(\d+) 条记录有效，链头：(\w{64})", run(settings, "audit", "verify").stdout).groups()
    run(settings, "admin", "create", "--login", "later", "--name", "管理员", "--password", "long enough 1")
    assert run(settings, "audit", "verify", "--entry", number).stdout.endswith(f"第 {number} 条的链头：{head}\n")
    cut_off = run(settings, "audit", "verify", "--entry", "99")
    assert (cut_off.exit_code, "审计链没有第 99 条" in cut_off.stderr) == (1, True)
    drop = "DROP TRIGGER audit_entry_no_update"
    execute(
        settings,
        drop if "sqlite" in settings["EXAMSRV_DATABASE_URL"] else f"{drop} ON audit_entry",
        "UPDATE audit_entry SET person_id = 9 WHERE number = 4",
    )
    broken = run(settings, "audit", "verify")
    assert broken.exit_code == 1
    assert "第 4 条" in broken.stderr


COMMANDS = [("db", "upgrade"), ("audit", "verify"), ("admin", "create", "--login", "x", "--name", "x", "--password", "long enough 1"), ("serve",)]
WRONG_SETTINGS = [
    ("EXAMSRV_DATABASE_URL", "nonsense"),
    ("EXAMSRV_DATABASE_URL", "mysql://user:secret-word@host/name"),
    ("EXAMSRV_DATABASE_URL", "postgresql+psycopg://user:secret-word@127.0.0.1:1/name"),
    ("EXAMSRV_DATA", "/proc/nowhere"),
    ("EXAMSRV_TIME_ZONE", "Mars"),
    ("EXAMSRV_TIME_ZONE", "../../etc/passwd"),
    ("EXAMSRV_TIME_ZONE", "Asia"),
    ("EXAMSRV_TIME_ZONE", ""),
    ("EXAMSRV_PORT", "0"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("variable", "value"), WRONG_SETTINGS)
def test_a_wrong_setting_is_refused_in_one_sentence_without_what_is_secret_in_it(
    variable: str, value: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    refused = run({**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(tmp_path), variable: value}, *words)
    assert isinstance(refused.exception, SystemExit)
    assert (refused.exit_code, len(refused.stderr.splitlines()), "secret-word" in refused.stderr) == (1, 1, False)


def test_audit_verify_of_nothing_makes_no_database(tmp_path: Path) -> None:
    refused = run({**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(tmp_path)}, "audit", "verify")
    assert (refused.exit_code, "EXAMSRV_DATA" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("audit", "nothing"), ("demo", "--port", "no"), ("serve", "--port", "99999"), ("admin", "create"), ("nothing",)])
def test_wrong_use_ends_with_2(words: tuple[str, ...], tmp_path: Path) -> None:
    assert run({**os.environ, "EXAMSRV_DATA": str(tmp_path)}, *words).exit_code == 2


def test_serve_refuses_an_address_that_others_reach_without_tls(settings: dict[str, str]) -> None:
    run(settings, "db", "upgrade")
    refused = run(settings, "serve", "--host", "0.0.0.0")
    assert refused.exit_code == 1
    assert "EXAMSRV_BEHIND_PROXY" in refused.stderr


def test_the_demonstration_is_never_made_in_a_database_that_is_in_real_use(settings: dict[str, str]) -> None:
    run(settings, "db", "upgrade")
    run(settings, "admin", "create", "--login", "boss", "--name", "管理员", "--password", "long enough 1")
    refused = run(settings, "demo", "--port", str(free_port()))
    assert refused.exit_code == 1
    assert "正式使用" in refused.stderr


def test_the_demonstration_serves_stops_cleanly_and_starts_again_with_a_fresh_sitting(settings: dict[str, str]) -> None:
    for number in (1, 2):
        port = free_port()
        demo = subprocess.Popen([sys.executable, "-m", "examsrv.cli", "demo", "--port", str(port)], env=settings, stdout=subprocess.PIPE, text=True)
        printed = first_lines(demo)
        for place, exam in enumerate(["三级理论知识考试", "三级操作技能考核", "四级理论知识考试", "二级理论知识考试", "一级理论知识考试"], start=1):
            assert f"{exam}（演示第 {5 * (number - 1) + place} 场）" in printed
        assert printed.count("/exam/sign-in") >= 2
        assert answers(port)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(SERVING_WITHIN_SECONDS) == 0
        demo.stdout.close()


def first_lines(demo: subprocess.Popen[str]) -> str:
    lines = []
    for line in demo.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def answers(port: int) -> bool:
    until = time.monotonic() + SERVING_WITHIN_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.2)
    return False
