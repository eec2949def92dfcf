"""A refusal told on the error stream, with the exit that goes with it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from examsrv.web.translation import translator
from question_bank.message import ExamError

REFUSED = 1


@contextmanager
def refusing() -> Iterator[None]:
    """Tell an `ExamError` of the block in words, and leave with exit 1."""
    try:
        yield
    except ExamError as error:
        click.echo(translator()(error.message), err=True)
        raise SystemExit(REFUSED) from error
