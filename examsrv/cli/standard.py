"""`examsrv standard check FILE`: every fault of a standard, with its place."""

from pathlib import Path

import click

from examsrv.cli.faults import stop_with_faults
from examsrv.web.translation import translator
from question_bank.message import N_, Fault, Message
from question_bank.pack import unreadable
from question_bank.standard_reading import read_standard

LARGEST_FILE = 8 * 2**20
"""Bytes. The largest standard we know has 70 kB; a file over this is something else."""


@click.group("standard", help="Standards of occupations.")
def standard() -> None:
    """Hold the commands about standards together."""


@standard.command("check", help="Check the standard in FILE; print every fault with its place.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def check(file: Path) -> None:
    """Say that the file has no fault, or leave with exit 1 and all faults on the error stream."""
    say = translator()
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        stop_with_faults([unreadable(str(file), error)], say)
    if len(content) > LARGEST_FILE:
        stop_with_faults([Fault(str(file), Message(N_("The file is too large to be a standard")))], say)
    found, faults = read_standard(content)
    if found is None:
        stop_with_faults(faults, say)
    values = {"code": found.occupation.code, "name": found.occupation.name, "levels": len(found.levels)}
    click.echo(say(Message(N_("%(code)s %(name)s: %(levels)d levels, no fault"), values)))
