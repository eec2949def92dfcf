"""A refusal told on the error stream, with the exit that goes with it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError

from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message

REFUSED = 1


@contextmanager
def refusing() -> Iterator[None]:
    """Tell an `ExamError` of the block in words, or that the database does not answer or a file is closed to this user, and leave with exit 1."""
    try:
        yield
    except PermissionError as error:
        values = {"file": error.filename, "reason": error.strerror}
        click.echo(translator()(Message(N_("%(file)s cannot be read or written: %(reason)s"), values)), err=True)
        raise SystemExit(REFUSED) from error
    except OperationalError as error:
        told = str(error.orig).strip().splitlines()
        click.echo(translator()(Message(N_("The database does not answer: %(reason)s"), {"reason": told[0] if told else ""})), err=True)
        raise SystemExit(REFUSED) from error
    except ExamError as error:
        click.echo(translator()(error.message), err=True)
        raise SystemExit(REFUSED) from error
