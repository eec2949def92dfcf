"""`rules`, `standard check` and `bank check`: what they print and how they exit (0; 1 with faults on stderr; 2 wrong use)."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from examsrv.cli.bank import bank
from examsrv.cli.rules import rules
from examsrv.cli.standard import LARGEST_FILE, standard
from examsrv.rules.registry import RULES
from question_bank.pack import PACKS

SHIPPED = PACKS / "4-05-06-02" / "standard.yaml"


def run(command: click.Command, *arguments: str) -> Result:
    """Run a command; a traceback fails the test."""
    return CliRunner(catch_exceptions=False).invoke(command, list(arguments))


def test_rules_prints_every_rule_with_file_and_line() -> None:
    lines = run(rules).stdout.splitlines()

    for rule in RULES:
        assert any(line.startswith(rule.id) and line.endswith(f"{rule.file}:{rule.line}") for line in lines)


def test_rules_of_one_level_speak_of_no_other() -> None:
    result = run(rules, "--level", "3")

    assert result.exit_code == 0
    assert "L3" in result.stdout
    assert "L2" not in result.stdout


def test_a_level_is_known_by_its_id_too() -> None:
    assert run(rules, "--level", "L3").stdout == run(rules, "--level", "3").stdout


def test_rules_as_json_is_one_object_with_a_version() -> None:
    printed = json.loads(run(rules, "--level", "2", "--json").stdout)

    assert printed["version"] == 1
    assert [rule["id"] for rule in printed["rules"]] == [rule.id for rule in RULES]
    assert all(list(rule["levels"]) == ["L2"] for rule in printed["rules"])


@pytest.mark.parametrize("arguments", [["--level", "7"], ["--level", ""], ["--level", "9" * 5000], ["--pack", "x"], ["--colour"]])
def test_rules_of_nothing_known_is_wrong_use(arguments: list[str]) -> None:
    result = run(rules, *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_the_shipped_standard_passes_its_check() -> None:
    result = run(standard, "check", str(SHIPPED))

    assert (result.exit_code, result.stderr) == (0, "")
    assert "信用管理师" in result.stdout


def test_every_fault_of_a_standard_stands_on_its_own_line_of_stderr(tmp_path: Path) -> None:
    path = tmp_path / "standard.yaml"
    text = SHIPPED.read_text(encoding="utf-8").replace("L3: 25, ", "L3: 24, ", 1).replace("pass_mark: 60", "pass_mark: x", 1)
    path.write_text(text, encoding="utf-8")

    result = run(standard, "check", str(path))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "weights.theory" in result.stderr
    assert "components.theory.pass_mark" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 50_000, b"a: 1\na: 2", bytes(range(256)), b"x" * (LARGEST_FILE + 1)])
def test_no_content_makes_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "standard.yaml"
    path.write_bytes(content)

    result = run(standard, "check", str(path))

    assert result.exit_code == 1
    assert result.stderr


@pytest.mark.parametrize("arguments", [["check"], ["check", "/nowhere/standard.yaml"], ["check", "/"], ["praise"]])
def test_a_standard_that_is_no_file_is_wrong_use(arguments: list[str]) -> None:
    assert run(standard, *arguments).exit_code == 2


def test_the_shipped_bank_passes_its_check() -> None:
    result = run(bank, "check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"4-05-06-02：[1-9][0-9]* 道试题，[0-9]+ 个题组，没有问题", result.stdout)


def test_an_unknown_bank_is_wrong_use() -> None:
    assert run(bank, "check", "x").exit_code == 2


def test_faults_of_a_bank_in_a_folder_of_its_own_are_told_on_stderr(tmp_path: Path) -> None:
    root = tmp_path / "planted"
    (root / "items").mkdir(parents=True)
    (root / "standard.yaml").write_bytes(SHIPPED.read_bytes())
    (root / "items" / "a.yaml").write_text("- {}\n", encoding="utf-8")

    result = run(bank, "check", str(root))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "planted: items/a.yaml" in result.stderr


def test_faults_of_a_task_set_are_told_with_its_file_and_line(tmp_path: Path) -> None:
    root = tmp_path / "planted"
    (root / "tasks" / "L3-A").mkdir(parents=True)
    (root / "standard.yaml").write_bytes(SHIPPED.read_bytes())
    (root / "tasks" / "L3-A" / "set.yaml").write_text("schema: tasks/1\nid: L3-A\nlevel: 3\n", encoding="utf-8")

    result = run(bank, "check", str(root))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "planted: tasks/L3-A/set.yaml: level (line 3): " in result.stderr


def test_what_cannot_be_read_is_told_with_its_name(tmp_path: Path) -> None:
    root = tmp_path / "planted"
    (root / "items" / "folder.yaml").mkdir(parents=True)
    (root / "second_checks").mkdir()
    (root / "second_checks" / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (root / "standard.yaml").write_bytes(SHIPPED.read_bytes())

    result = run(bank, "check", str(root))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "planted: items/folder.yaml: 文件无法读取" in result.stderr
    assert "planted: second_checks/gone.yaml: 文件无法读取" in result.stderr


def test_a_standard_that_stops_being_readable_is_told_in_words() -> None:
    result = run(standard, "check", "/proc/self/mem")  # it is there and opens, and reading its beginning is an error

    assert result.exit_code == 1
    assert "/proc/self/mem: 文件无法读取" in result.stderr


def test_a_bank_with_a_faulty_standard_tells_the_faults_of_the_standard(tmp_path: Path) -> None:
    (tmp_path / "standard.yaml").write_text("levels: 7", encoding="utf-8")

    result = run(bank, "check", str(tmp_path))

    assert result.exit_code == 1
    assert "levels" in result.stderr
