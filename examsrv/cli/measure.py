"""`examsrv measure`: statistics about marks in a file of anybody's, without a database."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from examsrv.cli.json_file import write_json
from examsrv.cli.refusing import refusing
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message

if TYPE_CHECKING:
    from examsrv.measurement.ratings import Rating

FAULTY = 1
LARGEST_FILE = 16 * 2**20
"""Bytes. A row has about fifty; a file over this holds something else."""
ROWS_MOST = 100_000
CONFIDENCE_LEAST, CONFIDENCE_MOST = 0.5, 0.999


@click.group("measure", help="Statistics about marks.")
def measure() -> None:
    """Hold the commands about statistics together."""


@measure.command("raters", help="Say how far examiners agree. FILE is a CSV with the columns script, criterion, examiner, mark and max.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write everything, with each script's differences, to this file."
)
@click.option("--confidence", type=float, default=0.95, show_default=True, help="With what probability the limits hold, 0.5 to 0.999.")
def raters(file: Path, output: Path | None, confidence: float) -> None:
    """Print tables, or write the JSON; leave with exit 1 and all faults on the error stream, and no output, where the file cannot be used."""
    from examsrv.cli.agreement_text import lines_of
    from examsrv.measurement.agreement_record import record_of
    from examsrv.measurement.raters import agreement_of
    from examsrv.measurement.ratings import FaultyRatingsError

    say = translator()
    if not CONFIDENCE_LEAST <= confidence <= CONFIDENCE_MOST:
        values = {"given": confidence, "least": CONFIDENCE_LEAST, "most": CONFIDENCE_MOST}
        raise click.UsageError(say(Message(N_("--confidence %(given)s is not between %(least)s and %(most)s"), values)))
    if output is not None and output.exists() and output.samefile(file):
        raise click.UsageError(say(Message(N_("%(file)s would be overwritten by its own statistics"), {"file": file})))
    with refusing():
        try:
            report = agreement_of(ratings_in(file), confidence)
        except FaultyRatingsError as error:
            for fault in error.faults:
                click.echo(f"{file}: {say(fault)}", err=True)
            told = N_("Only the first %(count)d faults are listed") if error.is_cut else N_("Faults found: %(count)d")
            click.echo(say(Message(told, {"count": len(error.faults)})), err=True)
            raise SystemExit(FAULTY) from error
        if output is None:
            for line in lines_of(report, say):
                click.echo(line)
            return
        write_json(record_of(report, say), output)
    click.echo(say(Message(N_("Written to %(file)s"), {"file": output})))


def ratings_in(file: Path) -> "list[Rating]":
    """Return the ratings in a CSV file. Refused: what is no such file, and every fault of its rows."""
    from examsrv.measurement.ratings_table import Row, read_ratings
    from examsrv.services.reading_tables import read_csv

    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ExamError(Message(N_("%(file)s cannot be read or written: %(reason)s"), {"file": file, "reason": error.strerror})) from error
    table = read_csv(content, LARGEST_FILE, ROWS_MOST)
    return read_ratings(table.headings, [Row(row.number, [cell.text for cell in row.cells]) for row in table.rows])
