"""`examsrv assemble` with the installed bank: what it writes, what it says, and how it leaves."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.assembly.checker import violations
from examsrv.assembly.shortages import ShortageError
from examsrv.assembly.terms import terms_of
from examsrv.cli.assemble import FaultsError, assemble, checked_forms, specification_for
from examsrv.domain.form import Form
from examsrv.domain.specification_file import load_specification
from question_bank.item import Item
from question_bank.message import ExamError, Fault, Message
from question_bank.pack import ItemFile, Pack, load_pack

PACK = load_pack("4-05-06-02")
LEVEL = PACK.standard.level(3)
SPECIFICATION = specification_for(PACK, LEVEL)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(assemble, arguments)


def pack_of(items: Sequence[Item]) -> Pack:
    return replace(PACK, files=(ItemFile("items.yaml", tuple(items)),))


def test_forms_of_the_installed_bank_are_written_and_stand_the_checker(tmp_path: Path) -> None:
    file = tmp_path / "forms.json"
    result = run("--level", "3", "--forms", "2", "--seed", "7", "--json", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    written = json.loads(file.read_text(encoding="utf-8"))
    assert (written["version"], written["seed"], written["seconds"] >= 0) == (1, 7, True)
    forms = [Form(form["name"], tuple(form["items"])) for form in written["forms"]]
    terms = terms_of(PACK.standard, SPECIFICATION)
    assert [form.name for form in forms] == ["A", "B"]
    assert violations(forms, PACK.items, SPECIFICATION, terms.sections, terms.lower_levels) == []
    assert written["report"]["forms"][0]["marks"] == {
        "ethics": "5",
        "basic_knowledge": "15",
        "customer_credit_management": "40",
        "whole_process_control": "15",
        "collection": "25",
    }


def test_ten_forms_of_the_installed_bank_share_at_most_40_items(tmp_path: Path) -> None:
    file = tmp_path / "forms.json"
    assert run("--level", "3", "--forms", "10", "--seed", "1", "--json", str(file)).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["report"]["largest_overlap"] <= 40


def test_the_same_seed_writes_the_same_forms(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for file in files:
        run("--level", "L3", "--forms", "2", "--seed", "11", "--json", str(file))
    one, two = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    assert (one["forms"], one["report"]) == (two["forms"], two["report"])


def test_a_seed_that_was_drawn_is_told_and_repeats_the_forms(tmp_path: Path) -> None:
    drawn, repeated = tmp_path / "drawn.json", tmp_path / "repeated.json"
    result = run("--level", "3", "--forms", "1", "--json", str(drawn))
    seed = str(json.loads(drawn.read_text(encoding="utf-8"))["seed"])
    assert seed in result.stdout
    run("--level", "3", "--forms", "1", "--seed", seed, "--json", str(repeated))
    assert json.loads(drawn.read_text(encoding="utf-8"))["forms"] == json.loads(repeated.read_text(encoding="utf-8"))["forms"]


def test_the_summary_names_every_section() -> None:
    output = run("--level", "3", "--forms", "1", "--seed", "1").stdout
    assert all(section.name in output for section, _ in PACK.standard.sections(SPECIFICATION.component, "L3"))


def test_a_limit_of_overlap_given_on_the_line_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "forms.json"
    assert run("--level", "3", "--forms", "2", "--seed", "1", "--overlap-max", "12", "--json", str(file)).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["report"]["largest_overlap"] <= 12


def test_what_cannot_be_met_leaves_with_exit_1_in_words_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "forms.json"
    result = run("--level", "3", "--forms", "9", "--seed", "1", "--overlap-max", "1", "--json", str(file))
    assert (result.exit_code, result.stdout, file.exists()) == (1, "", False)
    assert "9" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_level_without_a_specification_is_refused_with_its_id() -> None:
    without = tuple(path for path in PACK.specifications if load_specification(path).level != LEVEL.id)
    with pytest.raises(ExamError, match=LEVEL.id):
        specification_for(replace(PACK, specifications=without), LEVEL)


def test_a_file_that_cannot_be_written_leaves_with_exit_1(tmp_path: Path) -> None:
    result = run("--level", "3", "--forms", "1", "--json", str(tmp_path / "nowhere" / "forms.json"))
    assert (result.exit_code, "nowhere" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    "line",
    [
        "--forms 1",
        "--level 3",
        "--level 9 --forms 1",
        "--level 3 --forms 0",
        "--level 3 --forms two",
        "--level 3 --forms 2001 --seed 1",
        "--level 3 --forms 1 --seed -1",
        "--level 3 --forms 1 --overlap-max -1",
        "--level 3 --forms 1 --pack 0-00-00-00",
    ],
)
def test_wrong_use_leaves_with_exit_2(line: str) -> None:
    assert run(*line.split()).exit_code == 2


def test_a_bank_with_too_few_items_is_refused_with_the_section_s_name() -> None:
    scarce = [item for item in PACK.items if (item.level, item.section, item.kind) == (LEVEL.id, "collection", "multiple_choice")]
    bank = [item for item in PACK.items if item not in scarce[3:]]
    with pytest.raises(ShortageError, match="商账追收 / Multiple choice: 5 items needed, the bank has only 3"):
        checked_forms(pack_of(bank), LEVEL, 1, 1, None)


def test_a_bank_with_unreadable_items_is_refused_with_its_faults() -> None:
    fault = Fault("items.yaml", Message("broken"))
    with pytest.raises(FaultsError) as refusal:
        checked_forms(replace(PACK, faults=(fault,)), LEVEL, 1, 1, None)
    assert refusal.value.faults == (fault,)
