"""A result written as JSON: the file is whole or it is not there."""

import json
from collections.abc import Mapping
from pathlib import Path

from question_bank.message import N_, ExamError, Message


def write_json(content: Mapping[str, object], file: Path) -> None:
    """Put `content` in the place of what `file` held before; refuse in words a place that cannot be written."""
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    try:
        if file.exists() and not file.is_file():
            file.write_text(text, encoding="utf-8")
        else:
            _replace(file.resolve(), text)
    except OSError as error:
        raise ExamError(Message(N_("%(file)s cannot be written: %(reason)s"), {"file": file, "reason": error.strerror})) from error


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
