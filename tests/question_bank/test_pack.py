"""Packs are found beside the package and read with every fault told."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
import yaml

from question_bank.pack import PACKS, FaultyStandardError, UnknownPackError, installed_packs, load_pack
from question_bank.second_check import Verdict, read_second_checks
from tests.question_bank.builders import CODE, STANDARDS
from tests.question_bank.task_builders import skills_record

CHECK = "- {item: S-1, digest: " + "0" * 64 + ", verdict: agreed, looked_up: 民法典}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one made-up pack."""
    root = tmp_path / "9-99-99-01"
    (root / "items").mkdir(parents=True)
    shutil.copy(STANDARDS / "9-99-99-01.yaml", root / "standard.yaml")
    return tmp_path


def test_the_shipped_pack_is_installed() -> None:
    assert CODE in installed_packs()


def test_the_shipped_pack_has_items_and_specifications() -> None:
    pack = load_pack(CODE)

    assert pack.faults == ()
    assert pack.items
    assert all(path.is_file() for path in pack.specifications)


def test_a_pack_in_another_folder_is_loaded_by_its_code(folder: Path) -> None:
    assert installed_packs(folder) == ("9-99-99-01",)
    assert load_pack("9-99-99-01", folder).standard.occupation.name == "灯塔看守员"


@pytest.mark.parametrize("code", ["x", "", "../4-05-06-02", ".", "/"])
def test_an_unknown_pack_is_refused(code: str) -> None:
    with pytest.raises(UnknownPackError):
        load_pack(code)


def test_a_standard_with_faults_is_refused_with_all_of_them(folder: Path) -> None:
    (folder / "9-99-99-01" / "standard.yaml").write_text("levels: 7\n", encoding="utf-8")

    with pytest.raises(FaultyStandardError) as refusal:
        load_pack("9-99-99-01", folder)

    assert len(refusal.value.faults) > 1


def test_faults_of_items_and_second_checks_are_kept_with_their_file(folder: Path) -> None:
    root = folder / "9-99-99-01"
    (root / "items" / "a.yaml").write_bytes(b"\xff")
    (root / "second_checks").mkdir()
    (root / "second_checks" / "b.yaml").write_text(CHECK + "- {item: S-2}\n", encoding="utf-8")

    pack = load_pack("9-99-99-01", folder)

    assert len(pack.second_checks) == 1
    assert {fault.place.partition(":")[0] for fault in pack.faults} == {"items/a.yaml", "second_checks/b.yaml"}


# ---------------------------------------------------------------- task sets

WORKBOOK = b"PK\x03\x04 a workbook"


def put_task_set(root: Path, name: str = "L3-A", **changes: object) -> Path:
    """Put a task set with its file into a pack and return its folder."""
    folder = root / "tasks" / name
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "客户资料.xlsx").write_bytes(WORKBOOK)
    record = skills_record() | {"id": name} | changes
    record["tasks"][0]["files"] = [{"name": "客户资料.xlsx", "title": "资料"}]
    (folder / "set.yaml").write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    (folder / "make_files.py").write_text("print()\n", encoding="utf-8")
    return folder


def test_a_pack_without_tasks_has_none(folder: Path) -> None:
    pack = load_pack("9-99-99-01", folder)

    assert (pack.task_sets, pack.case_files, pack.faults) == ((), {}, ())


def test_task_sets_are_read_with_the_paths_of_their_files(folder: Path) -> None:
    root = folder / "9-99-99-01"
    other = put_task_set(root, "L3-B")
    (other / "files" / "客户资料.xlsx").write_bytes(WORKBOOK + b" of B")
    put_task_set(root)

    pack = load_pack("9-99-99-01", folder)

    assert pack.faults == ()
    assert [task_set.id for task_set in pack.task_sets] == ["L3-A", "L3-B"]
    assert pack.case_files == {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in root.glob("tasks/*/files/*")}
    assert {file.digest for task_set in pack.task_sets for task in task_set.tasks for file in task.files} == set(pack.case_files)


def test_a_folder_that_is_not_called_after_its_set_is_told(folder: Path) -> None:
    put_task_set(folder / "9-99-99-01", "L3-B", id="L3-A")

    assert [str(fault) for fault in load_pack("9-99-99-01", folder).faults] == [
        "tasks/L3-B/set.yaml: The set is called L3-A, its folder must be called so too",
    ]


def test_a_folder_without_a_set_is_told(folder: Path) -> None:
    (put_task_set(folder / "9-99-99-01") / "set.yaml").unlink()

    pack = load_pack("9-99-99-01", folder)

    assert pack.task_sets == ()
    assert [str(fault) for fault in pack.faults] == ["tasks/L3-A/set.yaml: The file cannot be read: No such file or directory"]


def test_case_files_that_are_missing_unnamed_or_unreadable_are_told(folder: Path) -> None:
    files = put_task_set(folder / "9-99-99-01") / "files"
    (files / "客户资料.xlsx").rename(files / "旧资料.xlsx")
    (files / "报告.pdf").symlink_to(folder / "nowhere")

    pack = load_pack("9-99-99-01", folder)

    assert pack.task_sets == ()
    assert [re.sub("line [0-9]+", "…", str(fault)) for fault in pack.faults] == [
        "tasks/L3-A/files/报告.pdf: The file cannot be read: No such file or directory",
        "tasks/L3-A/set.yaml: tasks[0].files[0].name (…): The file 客户资料.xlsx is not there",
        "tasks/L3-A/set.yaml: 旧资料.xlsx: No task names this file",
    ]


def test_a_second_check_says_who_was_checked_and_how() -> None:
    checks, faults = read_second_checks(CHECK, "b.yaml")

    assert faults == []
    assert (checks[0].subject, checks[0].verdict, checks[0].looked_up) == ("S-1", Verdict.AGREED, "民法典")


def test_a_second_check_of_a_task_set_is_read() -> None:
    checks, faults = read_second_checks(CHECK.replace("item: S-1", "task_set: L3-A"), "b.yaml")

    assert faults == []
    assert checks[0].subject == "L3-A"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "- 7",
        CHECK.replace("item: S-1", "item: S-1, task_set: L3-A"),
        CHECK.replace("agreed", "maybe"),
        CHECK.replace("000,", "00,"),
        CHECK.replace("民法典", '""'),
    ],
)
def test_what_is_no_second_check_is_refused(text: str) -> None:
    checks, faults = read_second_checks(text, "b.yaml")

    assert checks == []
    assert faults


def test_the_list_of_occupations_is_shipped_with_its_notes() -> None:
    rows = (PACKS / "occupations.csv").read_text(encoding="utf-8-sig").splitlines()

    assert len(rows) == 151
    assert (PACKS / "occupations-notes.csv").is_file()
