"""Files of items that people send, in any format: read in a process of their own within limits. Items and faults come out, or an ExamError."""

import base64
import hashlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from examsrv.services import item_file_child
from examsrv.services.item_file_child import CPU_SECONDS, OUT_OF_MEMORY, Answer, message_from
from examsrv.services.placing import on_any_core
from question_bank.formats import FORMATS, NO_DEFAULTS, formats_of
from question_bank.formats.reading import Reading
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.record import case_from, item_from

CONTENT_BYTES_MOST = 32 * item_file_child.MEGABYTE
WALL = timedelta(seconds=CPU_SECONDS)
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"}
"""Nothing of ours; one heap is enough for one thread and reserves no addresses for others."""

TOO_SLOW = Message(N_("Reading the file takes too long; it was given up. Split it into smaller files and send them one by one."))
TOO_BIG_INSIDE = Message(N_("Reading the file takes more memory than it may have; it was given up. Split it into smaller files."))
BROKEN_OFF = Message(N_("The file cannot be read: it is damaged, or made to do damage. Save it anew with the program that made it."))


@dataclass(frozen=True, slots=True)
class ItemFile:
    """What a file of items holds, and the name of the format that it turned out to have."""

    format: str
    reading: Reading


def read_item_file(name: str, content: bytes, format_name: str | None = None, defaults: Mapping[str, object] = NO_DEFAULTS) -> ItemFile:
    """Read the file `name` in the format asked for, or in one that fits its suffix. What no reader gets through raises ExamError.

    `defaults` says of items what files of other makers do not: level, section, point, difficulty, importance.

    Nothing of the file touches this process but the plain records that its reader returns, and these are checked here again.
    """
    if len(content) > CONTENT_BYTES_MOST:
        most = CONTENT_BYTES_MOST // item_file_child.MEGABYTE
        raise ExamError(Message(N_("The file is larger than %(most)d MB."), {"most": most}))
    if not content.strip():
        raise ExamError(Message(N_("The file is empty.")))
    command = [sys.executable, "-I", "-m", item_file_child.__name__, name, json.dumps(dict(defaults)), *_formats(name, format_name)]
    answer = answer_of(command, content)
    return ItemFile(answer["format"], _reading(answer))


def answer_of(command: Sequence[str], content: bytes) -> Answer:
    """Return what the reader `command` says of a file; however it ends, it is an answer or an ExamError."""
    with tempfile.TemporaryFile() as answer, on_any_core():
        try:
            subprocess.run(  # noqa: S603 - our own module; the stranger's bytes go to its input
                command, input=content, stdout=answer, stderr=subprocess.DEVNULL, timeout=WALL.total_seconds(), env=ENVIRONMENT, cwd="/", check=True
            )
            return _loaded(answer)
        except subprocess.TimeoutExpired as error:
            raise ExamError(TOO_SLOW) from error
        except subprocess.CalledProcessError as error:
            raise ExamError(ENDS.get(error.returncode, BROKEN_OFF)) from error
        except (ValueError, OSError) as error:  # OSError: the reader ended before it had taken the whole file
            raise ExamError(BROKEN_OFF) from error


def _formats(name: str, asked: str | None) -> tuple[str, ...]:
    if asked is not None and asked not in FORMATS:
        raise ExamError(Message(N_("There is no format %(format)s."), {"format": asked}))
    fitting = (asked,) if asked is not None else tuple(each.name for each in formats_of(name))
    if not fitting:
        suffixes = sorted({suffix for each in FORMATS.values() for suffix in each.suffixes})
        raise ExamError(Message(N_("Files of this kind are not read here; these are: %(suffixes)s."), {"suffixes": ", ".join(suffixes)}))
    return fitting


ENDS = {OUT_OF_MEMORY: TOO_BIG_INSIDE, -signal.SIGXCPU: TOO_SLOW, -signal.SIGKILL: TOO_SLOW}
"""What is said of a reader by how it ended; of any other end, `BROKEN_OFF`. Past its time the kernel ends it by either signal."""


def _loaded(stream: IO[bytes]) -> Answer:
    stream.seek(0)
    answer: Answer = json.load(stream)
    return answer


def _reading(answer: Answer) -> Reading:
    faults = [Fault(place, message_from(message)) for place, message in answer["faults"]]
    cases = {}
    items = []
    for raw in answer["cases"]:
        case, findings = case_from(raw)
        faults += [Fault(str(raw.get("case")), message) for _place, message in findings]
        if case is not None:
            cases[case.id] = case
    for raw in answer["items"]:
        item, findings = item_from(raw, cases)
        faults += [Fault(f"{raw.get('id')}.{'.'.join(map(str, place))}", message) for place, message in findings]
        items += [item] if item is not None else []
    media = {}
    for encoded in answer["media"].values():
        picture = base64.b64decode(encoded)
        media[hashlib.sha256(picture).hexdigest()] = picture
    notes = [Fault(place, message_from(message)) for place, message in answer["notes"]]
    return Reading(tuple(items), tuple(faults), media, tuple(notes))
