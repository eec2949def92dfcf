"""Hostile files through the way that files of items take: a refusal in words or the right items, within the limits, and nothing else happens."""

import re
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from examsrv.services import item_file_child
from examsrv.services.item_file_child import CPU_SECONDS, MEMORY_BYTES
from examsrv.services.media import picture_from
from examsrv.services.reading_items import WALL, read_item_file
from question_bank.formats import formats_of
from question_bank.message import ExamError
from tests.question_bank.hostile_files import HOSTILE_FILES, Hostile, Lures

SECRET = "canary-5b1f"
NO_WORDS = re.compile(r"Traceback|Error\b|Exception|<class|\b0x[0-9a-f]+|\w\(\)|XML_PARSE|%\(|" + SECRET)
"""What no person should have to read, and what no file may find."""
PARENTS_SECONDS = 2
"""What starting a process, and checking what it says, may take beside its own limit."""
LOOK_EVERY = 0.01


class Watch(threading.Thread):
    """Looks at the reading process while it lives: the most memory that it ever held, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(LOOK_EVERY):
            for children in Path("/proc/self/task").glob("*/children"):
                with suppress(OSError):
                    for child in children.read_text().split():
                        self._look_at(Path("/proc", child))

    def _look_at(self, process: Path) -> None:
        found = re.search(r"VmHWM:\s+([0-9]+) kB", (process / "status").read_text())
        if found is not None and item_file_child.__name__ in (process / "cmdline").read_text():
            self.peak = max(self.peak, int(found[1]) * 1024)

    def __enter__(self) -> "Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.join()


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Somebody who listens at an address, and is called by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_there_are_at_least_sixty_of_them_each_with_a_name_of_its_own() -> None:
    assert len({each.name for each in HOSTILE_FILES}) == len(HOSTILE_FILES) >= 60


@pytest.mark.parametrize("hostile", HOSTILE_FILES, ids=lambda each: each.name)
def test_a_hostile_file_is_refused_in_words_or_its_items_come_in(
    hostile: Hostile, listener: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    content = hostile.make(Lures(f"http://127.0.0.1:{listener.getsockname()[1]}/", str(tmp_path / "secret"), str(tmp_path / "target")))

    started, used = time.monotonic(), children_seconds()
    with Watch() as watch:
        ids, faults, notes = read(hostile.name, content)
    seconds = time.monotonic() - started

    assert seconds < WALL.total_seconds() + PARENTS_SECONDS
    assert children_seconds() - used <= CPU_SECONDS + PARENTS_SECONDS
    assert bool(formats_of(hostile.name)) <= (0 < watch.peak <= MEMORY_BYTES)
    if hostile.ids:
        assert (ids, faults) == (hostile.ids, [])
    else:
        assert any(hostile.said in sentence for sentence in faults or notes)
    assert [sentence for sentence in faults + notes if NO_WORDS.search(sentence)] == []
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["scratch", "secret"]


def read(name: str, content: bytes) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Return the ids of the items that come out of a file, what is wrong with it or with its pictures, and what is noted."""
    try:
        reading = read_item_file(name, content).reading
    except ExamError as refusal:
        return (), [str(refusal)], []
    assert SECRET not in "".join(map(repr, (*reading.items, *reading.media.values())))
    faults = list(map(str, reading.faults))
    for picture in reading.media.values():
        try:
            assert b"script" not in picture_from(picture).content
        except ExamError as refusal:
            faults.append(str(refusal))
    return tuple(item.id for item in reading.items), faults, list(map(str, reading.notes))
