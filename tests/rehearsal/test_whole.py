"""A whole rehearsal as it is typed: with a server of its own that is killed, and at one that runs on a marked database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from examsrv.rehearsal.running import OwnServer, free_port
from examsrv.storage.database import Database
from examsrv.storage.migrating import is_current

ROOT = Path(__file__).parents[2]


def run(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examsrv.cli", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, timeout=150)


def test_twelve_candidates_lose_nothing_when_the_server_is_killed(quick_folder: Path, tmp_path: Path) -> None:
    folder, file, progress = quick_folder / "data", tmp_path / "report.json", tmp_path / "progress.json"
    words = ("--candidates", "12", "--minutes", "0.15", "--kill", "1", "--seed", "3", "--json", str(file), "--progress", str(progress))
    done = run({"EXAMSRV_DATA": str(folder)}, "rehearse", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "全部正确" in done.stdout
    report = json.loads(file.read_text(encoding="utf-8"))
    assert (report["version"], report["is_right"], report["faults"], report["examples"]) == (1, True, {}, {})
    assert report["steps"]["acknowledged"] == report["steps"]["stored"] >= 12 * 100
    assert report["marks_compared"] == 12 * 100
    assert [kill["is_exact"] for kill in report["kills"]] == [True]
    assert report["unanswered"] > 0
    assert all(report["acts"][act]["count"] == 12 for act in ("sign_in", "start", "hand_in"))
    assert report["server_cpu_s"] > 0
    assert json.loads(progress.read_text(encoding="utf-8"))["phase"] == "comparing"
    assert list(folder.iterdir()) == []


def test_a_rehearsal_at_a_running_server_needs_a_marked_database_and_is_judged_from_it(postgresql_url: str, quick_folder: Path) -> None:
    folder = quick_folder / "at-url"
    folder.mkdir()
    settings = {"EXAMSRV_DATA": str(folder), "EXAMSRV_DATABASE_URL": postgresql_url}
    server = OwnServer(folder, postgresql_url)
    refused = run(settings, "rehearse", "--url", "http://127.0.0.1:1")
    assert (refused.returncode, "没有标明为演练专用" in refused.stderr) == (1, True)
    assert run(settings, "rehearse", "--mark").returncode == 0
    unreachable = run(settings, "rehearse", "--candidates", "1", "--url", "http://127.0.0.1:1")
    assert (unreachable.returncode, "演练中止" in unreachable.stderr) == (1, True)
    server.start()
    try:
        done = run(settings, "rehearse", "--candidates", "3", "--minutes", "0.03", "--url", server.url)
    finally:
        server.kill()
    assert (done.returncode, "全部正确" in done.stdout) == (0, True)


def test_a_database_in_real_use_is_never_marked_nor_rehearsed_in(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"EXAMSRV_DATA": str(tmp_path), "EXAMSRV_DATABASE_URL": sqlite_url}
    run(settings, "admin", "create", "--login", "boss", "--name", "管理员", "--password", "long enough 1")
    for words in (("--mark",), ("--url", "http://127.0.0.1:1")):
        assert run(settings, "rehearse", *words).returncode == 1
    database = Database(sqlite_url)
    assert is_current(database)
    database.close()


def test_no_demonstration_is_made_in_a_database_for_rehearsals(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"EXAMSRV_DATA": str(tmp_path), "EXAMSRV_DATABASE_URL": sqlite_url}
    run(settings, "rehearse", "--mark")
    refused = run(settings, "demo", "--port", str(free_port()))
    assert (refused.returncode, "演练专用" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    "words", [("--candidates", "0"), ("--candidates", "10001"), ("--minutes", "0"), ("--kill", "1", "--url", "http://127.0.0.1:1"), ("--kill", "-1")]
)
def test_wrong_use_of_rehearse_ends_with_2(words: tuple[str, ...]) -> None:
    assert run({}, "rehearse", *words).returncode == 2


def test_an_address_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    refused = run({"EXAMSRV_DATA": str(tmp_path)}, "rehearse", "--url", "exam.example")
    assert (refused.returncode, "不是有效地址" in refused.stderr) == (1, True)
