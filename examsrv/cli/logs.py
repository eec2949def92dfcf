"""What the server writes to the error stream: one JSON object a line, without names, numbers or answers.

Nothing that somebody sent gets there. A fault is told by its kind and by the lines of code that led to it, never by its own words or the values of
its variables: databases and parsers put what they were given into their messages. Of what a library says, numbers alone are filled in.
"""

import contextlib
import io
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import structlog
from sqlalchemy.exc import DBAPIError

from question_bank.message import ExamError

LIBRARIES = ("", "gunicorn.error")  # the root, and gunicorn's, which hands nothing on to it
LEFT_OUT = "…"
FIRST_WORDS = re.compile(r"[A-Za-z -]*")


def configure_logs() -> None:
    """Write the logs of this process, its libraries' too, as JSON lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(cast(TextIO, ErrorStream())),
    )
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        if not any(isinstance(handler, JsonLines) for handler in logger.handlers):
            logger.addHandler(JsonLines(logging.WARNING))
            logger.propagate = False
    threading.excepthook = _tell_thread


class ErrorStream(io.TextIOBase):
    """The error stream. A line that cannot be written is lost, for what it tells of has to go on: a log may lie on a disk that is full."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
        return len(text)


class JsonLines(logging.Handler):
    """What a library logs, as one line of JSON."""

    def emit(self, record: logging.LogRecord) -> None:
        told = {"event": _filled(record), "logger": record.name, "level": record.levelname.lower(), "at": f"{record.module}:{record.lineno}"}
        told["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        if record.exc_info and record.exc_info[1] is not None:
            told["exception"] = led_to(record.exc_info[1])
        ErrorStream().write(json.dumps(told, ensure_ascii=False) + "\n")


def led_to(error: BaseException) -> str:
    """Tell an exception and those behind it by their kinds and the lines of code, without their words."""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = [led_to(behind), "after which:\n"] if behind is not None else []
    parts += traceback.format_tb(error.__traceback__)
    parts.append(f"{type(error).__module__}.{type(error).__qualname__}{_harmless(error)}\n")
    if isinstance(error, BaseExceptionGroup):
        parts += [led_to(each) for each in error.exceptions]
    return "".join(parts)


def _harmless(error: BaseException) -> str:
    """Return what an exception says that cannot be anybody's: a code, the operating system's words, our own sentence without its values."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
        return f" {code}" if code else ""
    if isinstance(error, OSError) and error.strerror:
        return f" {error.strerror}"
    return f" {error.message.text}" if isinstance(error, ExamError) else ""


def _filled(record: logging.LogRecord) -> str:
    """Return a message with its numbers filled in, all else left out; of one that came filled in, the words before the first sign."""
    if not isinstance(record.msg, str):
        return type(record.msg).__qualname__
    if not record.args:
        words = FIRST_WORDS.match(record.msg)
        return words[0].strip() if words else ""
    values = record.args if isinstance(record.args, tuple) else ()
    try:
        return record.msg % tuple(value if isinstance(value, int | float) else LEFT_OUT for value in values)
    except (TypeError, ValueError):
        return record.msg


def _tell_exception(_logger: Any, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = told.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        told["exception"] = led_to(error)
    return told


def _tell_thread(failed: threading.ExceptHookArgs) -> None:
    name = failed.thread.name if failed.thread else ""
    structlog.get_logger().error("thread", thread=name, exc_info=failed.exc_value)
