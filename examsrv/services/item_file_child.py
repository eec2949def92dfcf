"""Reads a file of items: run as a process of its own, with little memory and time and without files or children, because the file is a stranger's.

Standard input: the file. Arguments: the file's name, what is said of items that do not say it (JSON), then the names of the formats to try.
Standard output: an `Answer` as JSON. Whatever the file makes a reader do then happens to this process, not to the server; the records that come back
are checked again there.
"""

import base64
import json
import resource
import sys
from collections.abc import Mapping
from typing import Any, TypedDict

from question_bank.formats import FORMATS
from question_bank.formats.reading import Reading
from question_bank.message import Fault, Message
from question_bank.record import record_of, record_of_case

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 256 * MEGABYTE
CPU_SECONDS = 5
ANSWER_BYTES = 96 * MEGABYTE
OPEN_FILES = 8
"""The three standard ones, and a module of a format while it is imported."""
OUT_OF_MEMORY = 70
"""The exit status of a reader that asked for more memory than it may have, or answers with more than it may write."""


class Answer(TypedDict):
    """What a file holds: cases and items as records, faults and notes by place, pictures in base64; and which format it was."""

    format: str
    cases: list[dict[str, Any]]
    items: list[dict[str, Any]]
    faults: list[tuple[str, dict[str, Any]]]
    notes: list[tuple[str, dict[str, Any]]]
    media: dict[str, str]


def plain_fault(fault: Fault) -> tuple[str, dict[str, Any]]:
    """Return a fault in JSON types."""
    return fault.place, plain_message(fault.message)


def plain_message(message: Message) -> dict[str, Any]:
    """Return a message, and those inside it, in JSON types."""
    return {"text": message.text, "values": {name: _plain_value(value) for name, value in message.values.items()}}


def message_from(plain: Mapping[str, Any]) -> Message:
    """Return the message that `plain_message` made plain."""
    values = {name: message_from(value) if isinstance(value, dict) else value for name, value in plain["values"].items()}
    return Message(plain["text"], values)


def main() -> None:
    """Answer for the file on standard input."""
    name, defaults, *formats = sys.argv[1:]
    set_limits()
    try:
        content = sys.stdin.buffer.read()
        json.dump(_answer(content, name, json.loads(defaults), formats), sys.stdout, ensure_ascii=True)
        sys.stdout.flush()
    except (MemoryError, OSError):  # OSError: the answer outgrew what a file of this process may hold
        sys.exit(OUT_OF_MEMORY)


LIMITS = {
    resource.RLIMIT_AS: MEMORY_BYTES,
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_FSIZE: ANSWER_BYTES,
    resource.RLIMIT_NOFILE: OPEN_FILES,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_CORE: 0,
}


def set_limits() -> None:
    """Bound this process from now on, for good."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))


def _answer(content: bytes, name: str, defaults: dict[str, object], formats: list[str]) -> Answer:
    """Read the file as the first of `formats` that finds an item in it, or as the first that it is one of, or as the first of them."""
    readings: dict[str, Reading] = {}
    for each in formats:
        readings[each] = FORMATS[each].read(content, name, defaults)
        if readings[each].items:
            return _plain(each, readings[each])
    likely = next((each for each in formats if not readings[each].is_other), formats[0])
    return _plain(likely, readings[likely])


def _plain(format_name: str, reading: Reading) -> Answer:
    cases = {item.case.id: item.case for item in reading.items if item.case is not None}
    return {
        "format": format_name,
        "cases": [record_of_case(case) for case in cases.values()],
        "items": [record_of(item) for item in reading.items],
        "faults": [plain_fault(fault) for fault in reading.faults],
        "notes": [plain_fault(note) for note in reading.notes],
        "media": {digest: base64.b64encode(content).decode() for digest, content in reading.media.items()},
    }


def _plain_value(value: object) -> object:
    if isinstance(value, Message):
        return plain_message(value)
    return value if isinstance(value, int) else str(value)


if __name__ == "__main__":
    main()
