"""F22: the file that holds room back, and when it is laid and given up."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from examsrv.storage.ballast import BALLAST, TIMES_FREE, give_up_ballast, held_by_ballast, lay_ballast

SIZE = 1 << 20
Usage = namedtuple("Usage", "total used free")


def leave(free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1 << 40, 0, free))


def test_the_ballast_really_takes_room(tmp_path: Path) -> None:
    assert held_by_ballast(tmp_path) == 0
    assert lay_ballast(tmp_path, SIZE)
    assert held_by_ballast(tmp_path) >= SIZE


@pytest.mark.parametrize(("free", "is_laid"), [(SIZE * TIMES_FREE, True), (SIZE * TIMES_FREE - 1, False)])
def test_a_disk_without_much_room_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, is_laid: bool) -> None:
    leave(free, monkeypatch)
    assert (lay_ballast(tmp_path, SIZE), (tmp_path / BALLAST).exists()) == (is_laid, is_laid)


def test_a_ballast_that_holds_nothing_is_laid_anew(tmp_path: Path) -> None:
    with (tmp_path / BALLAST).open("wb") as sparse:
        sparse.truncate(SIZE)
    assert held_by_ballast(tmp_path) < SIZE
    assert lay_ballast(tmp_path, SIZE)
    assert held_by_ballast(tmp_path) >= SIZE


def test_it_is_given_up_once_and_only_where_less_is_left_than_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_ballast(tmp_path, SIZE)
    leave(held_by_ballast(tmp_path), monkeypatch)
    assert not give_up_ballast(tmp_path)
    leave(held_by_ballast(tmp_path) - 1, monkeypatch)
    assert give_up_ballast(tmp_path)
    assert not give_up_ballast(tmp_path)
    assert held_by_ballast(tmp_path) == 0
