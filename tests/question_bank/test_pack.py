"""Packs are found beside the package and read with every fault told."""

import shutil
from pathlib import Path

import pytest

from question_bank.pack import PACKS, FaultyStandardError, UnknownPackError, installed_packs, load_pack
from question_bank.second_check import Verdict, read_second_checks
from tests.question_bank.builders import CODE, STANDARDS

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


def test_a_second_check_says_who_was_checked_and_how() -> None:
    checks, faults = read_second_checks(CHECK, "b.yaml")

    assert faults == []
    assert (checks[0].item, checks[0].verdict, checks[0].looked_up) == ("S-1", Verdict.AGREED, "民法典")


@pytest.mark.parametrize("text", ["", "a: 1", "- 7", CHECK.replace("agreed", "maybe"), CHECK.replace("000,", "00,"), CHECK.replace("民法典", '""')])
def test_what_is_no_second_check_is_refused(text: str) -> None:
    checks, faults = read_second_checks(text, "b.yaml")

    assert checks == []
    assert faults


def test_the_list_of_occupations_is_shipped_with_its_notes() -> None:
    rows = (PACKS / "occupations.csv").read_text(encoding="utf-8-sig").splitlines()

    assert len(rows) == 151
    assert (PACKS / "occupations-notes.csv").is_file()
