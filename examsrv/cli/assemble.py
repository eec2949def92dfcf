"""`examsrv assemble`: forms from the items of an installed pack, or of anybody's table, without a database."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import click
from click.core import ParameterSource

from examsrv.assembly.watching import StoppedError
from examsrv.cli.drawn_forms import SECONDS_DIGITS, Work, summary, watched, write
from examsrv.cli.faults import FAULTY, stop_with_faults
from examsrv.config import calculate_on_one_thread
from examsrv.domain.form import FORMS_MOST
from examsrv.domain.specification import FaultySpecificationError, Specification
from examsrv.domain.specification_file import load_specification
from examsrv.web.chance import seed as drawn_seed
from examsrv.web.clock import MachineClock
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.pack import FaultyStandardError, Pack, UnknownPackError, load_pack
from question_bank.standard import ComponentKey, Level, UnknownPartError

PACK = "4-05-06-02"
FILE = click.Path(dir_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


class FaultsError(ExamError):
    """Something has faults, and each of them is to be told."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__(Message(N_("No form was written")))
        self.faults = tuple(faults)


@click.command("assemble", help="Assemble forms for the theory paper of a level, or for any specification from any bank.")
@click.option("--level", help="Code of the level, such as 3; not for occupations without levels. With --bank: only items of this level.")
@click.option("--bank", type=READABLE, help="A CSV with the columns id, section, kind, marks, and where known level, point, difficulty, a, b …")
@click.option("--specification", type=READABLE, help="YAML or JSON: what a form of --bank must contain.")
@click.option("--forms", type=click.IntRange(1, FORMS_MOST), required=True, help="How many forms.")
@click.option("--seed", type=click.IntRange(min=0), help="The same bank, specification and seed give the same forms. Drawn if not given.")
@click.option("--pack", "code", default=PACK, show_default=True, help="Code of the occupation.")
@click.option("--overlap-max", type=click.IntRange(min=0), help="Most items that two forms may share.")
@click.option("--disjoint", is_flag=True, help="No two forms share an item.")
@click.option("--json", "file", type=FILE, help="Write forms and report to this file.")
@click.pass_context
def assemble(
    context: click.Context,
    level: str | None,
    bank: Path | None,
    specification: Path | None,
    forms: int,
    seed: int | None,
    code: str,
    overlap_max: int | None,
    disjoint: bool,
    file: Path | None,
) -> None:
    """Draw the forms, have them checked by the independent checker, and only then write and describe them."""
    say = translator()
    is_pack_named = context.get_parameter_source("code") is not ParameterSource.DEFAULT
    refuse_contradictions(say, bank, specification, file, overlap_max, disjoint=disjoint, is_pack_named=is_pack_named)
    calculate_on_one_thread()
    chosen = drawn_seed() if seed is None else seed
    try:
        if bank is not None and specification is not None:
            from examsrv.cli.assemble_bank import forms_of_bank

            work = forms_of_bank(say, bank, specification, forms, chosen, level, overlap_max, disjoint=disjoint)
        else:
            work = checked_forms(*pack_and_level(say, code, level), forms, chosen, overlap_max, disjoint=disjoint, say=say)
        if file is not None:
            write(work, file)
    except (FaultsError, FaultySpecificationError) as error:
        stop_with_faults(error.faults, say)
    except ExamError as error:
        click.echo(say(error.message), err=True)
        raise SystemExit(FAULTY) from error
    except KeyboardInterrupt as stop:
        click.echo(say(StoppedError().message), err=True)
        raise SystemExit(FAULTY) from stop
    for message in summary(work, file):
        click.echo(say(message))


def refuse_contradictions(
    say: Callable[[Message], str],
    bank: Path | None,
    specification: Path | None,
    file: Path | None,
    overlap_max: int | None,
    *,
    disjoint: bool,
    is_pack_named: bool,
) -> None:
    """Leave with exit 2 if the options do not go together."""
    if (bank is None) != (specification is None):
        raise click.UsageError(say(Message(N_("--bank and --specification belong together"))))
    if bank is not None and is_pack_named:
        raise click.UsageError(say(Message(N_("--bank and --pack exclude each other: the items come from one place"))))
    if disjoint and overlap_max:
        raise click.UsageError(say(Message(N_("--disjoint forms share nothing: leave out --overlap-max"))))
    for given in (bank, specification):
        if given is not None and file is not None and file.exists() and file.samefile(given):
            raise click.UsageError(say(Message(N_("%(file)s would be overwritten by the forms"), {"file": file})))


def pack_and_level(say: Callable[[Message], str], code: str, level: str | None) -> tuple[Pack, Level]:
    """Return the pack and its level; leave with exit 2 if there is no such, with all faults if the pack's standard has any."""
    try:
        pack = load_pack(code)
        return pack, level_of(pack, level)
    except (UnknownPackError, UnknownPartError) as error:
        raise click.UsageError(say(error.message)) from error
    except FaultyStandardError as error:
        stop_with_faults(error.faults, say)


def level_of(pack: Pack, wanted: str | None) -> Level:
    """Return the level named by code or id. Leaving it out is wrong use unless the occupation has no levels."""
    if wanted is None and pack.standard.scheme.has_levels:
        raise click.UsageError(translator()(Message(N_("The option --level is missing"))))
    return next((level for level in pack.standard.levels if wanted in (level.id, str(level.code))), None) or pack.standard.level(wanted)


def specification_for(pack: Pack, level: Level) -> Specification:
    """Return the pack's specification of the theory paper of `level`."""
    for path in pack.specifications:
        specification = load_specification(path)
        if (specification.component, specification.level) == (ComponentKey.THEORY, level.id):
            return specification
    raise ExamError(Message(N_("The pack %(pack)s has no specification for the theory paper of %(level)s"), {"pack": pack.code, "level": level.id}))


def checked_forms(
    pack: Pack,
    level: Level,
    forms: int,
    seed: int,
    overlap_max: int | None,
    *,
    disjoint: bool = False,
    say: Callable[[Message], str] = str,
) -> Work:
    """Return forms in which the checker finds nothing. Refused: a bank with faults, a specification that does not fit, shortages."""
    from examsrv.assembly.checker import violations
    from examsrv.assembly.engine import assemble as make
    from examsrv.assembly.terms import terms_of

    if pack.faults:
        raise FaultsError(pack.faults)
    specification = specification_for(pack, level)
    if overlap_max is not None:
        specification = replace(specification, overlap_max=overlap_max)
    terms = terms_of(pack.standard, specification)
    lower, names = terms.lower_levels, terms.section_names
    clock = MachineClock()
    with watched(say, forms) as watch:
        start = clock.boot()
        made = make(pack.items, specification, terms.sections, forms, seed, lower_levels=lower, section_names=names, disjoint=disjoint, watch=watch)
        seconds = (clock.boot() - start).total_seconds()
    if faults := violations(made.forms, pack.items, specification, terms.sections, lower, names, disjoint=disjoint):
        raise FaultsError(faults)
    most = 0 if disjoint else specification.largest_overlap(forms)
    return Work(specification.name, specification.digest, names, most, made, round(seconds, SECONDS_DIGITS))
