"""`examsrv doctor` as it is typed."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.cli import main
from examsrv.services.diagnosing import table
from examsrv.services.diagnosing.table import CHECKS

OF_THE_MACHINE = {"disk", "memory", "durability"}
"""What the tests' machine lacks is not the question here."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(table, "CHECKS", tuple(check for check in CHECKS if check.name not in OF_THE_MACHINE))
    made = {**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(tmp_path)}
    run(made, "db", "upgrade")
    (tmp_path / "secret.key").write_bytes(bytes(32))
    (tmp_path / "secret.key").chmod(0o600)
    return made


def run(settings: dict[str, str], *words: str) -> Result:
    return CliRunner(env=settings).invoke(main, words)


def test_json_and_text_say_the_same_and_cautions_alone_stay_0(settings: dict[str, str]) -> None:
    told = json.loads(run(settings, "doctor", "--json").stdout)
    lines = run(settings, "doctor").stdout.splitlines()
    assert (told["version"], {finding["check"] for finding in told["findings"]}) == (1, {check.name for check in table.CHECKS})
    assert len(lines) == len(told["findings"]) + 1
    assert all(finding["title"] in line for line, finding in zip(lines, told["findings"], strict=False))
    assert {finding["check"] for finding in told["findings"] if finding["severity"] == "warning"} >= {"backups", "server", "certificates"}


def test_something_wrong_exits_with_1_in_words(settings: dict[str, str], tmp_path: Path) -> None:
    assert run(settings, "doctor").exit_code == 0
    (tmp_path / "secret.key").chmod(0o644)
    wrong = run(settings, "doctor")
    assert wrong.exit_code == 1
    assert "chmod 600" in wrong.stdout


def test_the_certificates_of_tls_init_are_looked_at(settings: dict[str, str]) -> None:
    run(settings, "tls", "init", "--name", "exam.example")
    found = [finding for finding in json.loads(run(settings, "doctor", "--json").stdout)["findings"] if finding["check"] == "certificates"]
    assert [finding["severity"] for finding in found] == ["fine", "fine"]


def test_without_a_database_there_is_one_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    refused = run({**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(tmp_path / "wrong")}, "doctor")
    assert (refused.exit_code, "EXAMSRV_DATA" in refused.stderr) == (1, True)
    assert not (tmp_path / "wrong").exists()
