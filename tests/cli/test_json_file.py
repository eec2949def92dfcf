"""A JSON file is whole or not there."""

import json
import os
from pathlib import Path
from threading import Thread

import pytest

from examsrv.cli.json_file import write_json
from question_bank.message import ExamError


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("x" * 1000)
    write_json({"version": 1, "name": "考"}, file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"version": 1, "name": "考"}
    assert list(tmp_path.iterdir()) == [file]


def test_a_figure_that_is_none_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nan"):
        write_json({"value": float("nan")}, tmp_path / "out.json")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_json({"version": 1}, pipe)
    reader.join(timeout=5)
    assert (json.loads(read[0]), pipe.is_fifo()) == ({"version": 1}, True)


@pytest.mark.parametrize("place", ["nowhere/out.json", "file/out.json", "."])
def test_a_place_that_cannot_be_written_is_refused_in_words(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExamError, match="cannot be written"):
        write_json({"version": 1}, tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
