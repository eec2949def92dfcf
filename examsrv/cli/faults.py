"""Faults told on the error stream, one line each, and the exit that goes with them."""

from collections.abc import Callable, Sequence
from typing import NoReturn

import click

from question_bank.message import N_, Fault, Message

FAULTY = 1


def stop_with_faults(faults: Sequence[Fault], say: Callable[[Message], str]) -> NoReturn:
    """Print every fault with its place and how many there are; leave with exit 1."""
    for fault in faults:
        click.echo(f"{fault.place}: {say(fault.message)}", err=True)
    click.echo(say(Message(N_("Faults found: %(count)d"), {"count": len(faults)})), err=True)
    raise SystemExit(FAULTY)
