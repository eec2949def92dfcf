"""Files as they can be shown in a page: spreadsheets as plain tables, documents as their words, texts as they are. Whatever cannot be is said."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta

from examsrv.services import showing_child
from examsrv.services.handed_files import TEXT, type_of
from examsrv.services.placing import on_any_core
from examsrv.services.reading_items import ENVIRONMENT
from examsrv.services.zip_bounds import DAMAGED, bounded_zip
from question_bank.message import N_, ExamError, Message

WALL = timedelta(seconds=20)
CHILDREN = threading.BoundedSemaphore(2)
"""Files that are read at once: examiners wait for each other, candidates' saves for nobody."""
PICTURES = {"png": "image/png", "jpg": "image/jpeg"}
PACKED = frozenset({"xlsx", "docx"})

NOTHING_TO_SHOW = Message(N_("Files of this kind are not shown in the page. Download it to look at it."))
TOO_LARGE_TO_SHOW = Message(N_("The file is too large or too intricate to be shown in the page. Download it to look at it."))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`text`), or a table (`rows`) with its title."""

    text: str = ""
    title: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownFile:
    """What is shown of a file: blocks, or a picture of this media type. `is_cut`: the file holds more. `said`: why nothing is shown."""

    blocks: tuple[Block, ...] = ()
    picture: str = ""
    is_cut: bool = False
    said: Message | None = None


def shown_file(content: bytes) -> ShownFile:
    """Return what can be shown of a file, by what it is and not by its name. A hostile or broken one gives a sentence."""
    try:
        found = type_of(content)
        if found in PACKED:
            bounded_zip(content).close()
    except ExamError as error:
        return ShownFile(said=error.message)
    if found in PICTURES:
        return ShownFile(picture=PICTURES[found])
    return _read(content, found) if found in PACKED | {TEXT} else ShownFile(said=NOTHING_TO_SHOW)


def picture_type(content: bytes) -> str | None:
    """Return the media type of a file that is a picture by its content; None for any other."""
    try:
        return PICTURES.get(type_of(content))
    except ExamError:
        return None


def _read(content: bytes, found: str) -> ShownFile:
    command = [sys.executable, "-I", "-m", showing_child.__name__, found]
    try:
        with CHILDREN, on_any_core():
            child = subprocess.run(command, input=content, capture_output=True, timeout=WALL.total_seconds(), env=ENVIRONMENT, cwd="/", check=True)  # noqa: S603 - our own module; the stranger's bytes go to its input
        answer: showing_child.Answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError):
        return ShownFile(said=TOO_LARGE_TO_SHOW)
    if answer["fault"]:
        return ShownFile(said=DAMAGED)
    blocks = tuple(Block(each.get("text", ""), each.get("title", ""), tuple(map(tuple, each.get("rows", ())))) for each in answer["blocks"])
    return ShownFile(blocks, is_cut=answer["cut"])
