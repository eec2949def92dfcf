"""Forms from anybody's bank: a table of items and a specification, both files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.bank_specification_file import digest_of, read_bank_specification
from examsrv.assembly.bank_table import FaultyBankError, Row, read_bank
from examsrv.assembly.checker import broken_demands
from examsrv.assembly.engine import assemble_from
from examsrv.assembly.requirements_of_bank import BankSpecification, requirements_of, with_overlap
from examsrv.cli.drawn_forms import SECONDS_DIGITS, Work, watched
from examsrv.cli.faults import FAULTY, stop_with_faults
from examsrv.domain.specification import FaultySpecificationError
from examsrv.services.reading_tables import read_csv
from examsrv.web.clock import MachineClock
from question_bank.message import N_, ExamError, Fault, Message

MEGABYTE = 2**20
LARGEST_FILE = 16 * MEGABYTE
LARGEST_SPECIFICATION = MEGABYTE
ROWS_MOST = 20_000
NAMES_TOLD = 3


def forms_of_bank(
    say: Callable[[Message], str],
    bank: Path,
    specification: Path,
    forms: int,
    seed: int,
    level: str | None,
    overlap_max: int | None,
    *,
    disjoint: bool,
) -> Work:
    """Return forms in which the checker finds nothing; leave with exit 1 and all faults of the files, raise `ExamError` for all else."""
    wanted = with_overlap(_specification(specification), overlap_max)
    every = _items(say, bank, is_measured=wanted.target is not None)
    items = [item for item in every if level is None or item.level == level]
    if not items:
        raise ExamError(Message(N_("%(file)s has no items of the level %(level)s"), {"file": bank, "level": level}))
    demands = requirements_of(wanted, forms, disjoint=disjoint)
    clock = MachineClock()
    with watched(say, forms) as watch:
        start = clock.boot()
        made = assemble_from(items, demands, forms, seed, disjoint=disjoint, watch=watch)
        seconds = (clock.boot() - start).total_seconds()
    if faults := broken_demands(made.forms, items, demands):
        stop_with_faults(faults, say)
    most = 0 if disjoint else wanted.overlap_max
    names, notes = {key: key for key in wanted.sections}, tuple(_notes(items, every, wanted))
    return Work(wanted.name or specification.name, digest_of(wanted), names, most, made, round(seconds, SECONDS_DIGITS), notes)


def _specification(file: Path) -> BankSpecification:
    content = _content(file, LARGEST_SPECIFICATION)
    try:
        return read_bank_specification(content)
    except FaultySpecificationError as error:
        raise FaultySpecificationError([Fault(f"{file}: {fault.place}", fault.message) for fault in error.faults]) from error


def _items(say: Callable[[Message], str], bank: Path, *, is_measured: bool) -> list[BankItem]:
    content = _content(bank, LARGEST_FILE)
    try:
        table = read_csv(content, LARGEST_FILE, ROWS_MOST)
        rows = [Row(row.number, [cell.text for cell in row.cells]) for row in table.rows]
        return read_bank(table.headings, rows, is_measured=is_measured)
    except FaultyBankError as error:
        for fault in error.faults:
            click.echo(f"{bank}: {say(fault)}", err=True)
        told = N_("Only the first %(count)d faults are listed") if error.is_cut else N_("Faults found: %(count)d")
        click.echo(say(Message(told, {"count": len(error.faults)})), err=True)
        raise SystemExit(FAULTY) from error
    except ExamError as error:
        raise _about(bank, error.message) from error


def _content(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise ExamError(Message(N_("%(file)s cannot be read or written: %(reason)s"), {"file": file, "reason": error.strerror})) from error
    if len(content) > most:
        raise _about(file, Message(N_("The file is larger than %(most)d MB."), {"most": most // MEGABYTE}))
    return content


def _about(file: Path, what: Message) -> ExamError:
    return ExamError(Message(N_("%(place)s: %(what)s"), {"place": file, "what": what}))


def _notes(items: Sequence[BankItem], every: Sequence[BankItem], specification: BankSpecification) -> list[Message]:
    """Return what should be known of the bank: items without parameters, items that no form can have, enemies that are not there."""
    notes = []
    without = sum(item.a is None for item in items)
    if specification.target is not None and without:
        values = {"without": without, "items": len(items)}
        notes.append(Message(N_("%(without)d of %(items)d items have no a and b: their difficulty stands in"), values))
    left_out = sum(item.section not in specification.sections or not specification.kinds.get(item.kind) for item in items)
    if left_out:
        text = N_("%(count)d of %(items)d items have a section or kind that the specification has not: they are not used")
        notes.append(Message(text, {"count": left_out, "items": len(items)}))
    known = {item.id for item in every}
    unknown = sorted({enemy for item in items for enemy in item.enemies} - known)
    if unknown:
        text = N_("%(count)d enemies are named that the bank has not, such as %(names)s")
        notes.append(Message(text, {"count": len(unknown), "names": ", ".join(unknown[:NAMES_TOLD])}))
    return notes
