"""`examsrv assemble`: forms from the items of an installed pack, without a database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from examsrv.cli.faults import FAULTY, stop_with_faults
from examsrv.cli.json_file import write_json
from examsrv.domain.form import FORMS_MOST
from examsrv.domain.specification import FaultySpecificationError, Specification
from examsrv.domain.specification_file import load_specification
from examsrv.web.chance import seed as drawn_seed
from examsrv.web.clock import MachineClock
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.pack import FaultyStandardError, Pack, UnknownPackError, load_pack
from question_bank.standard import ComponentKey, Level, UnknownPartError

if TYPE_CHECKING:
    from examsrv.assembly.engine import Assembly
    from examsrv.assembly.report import FormReport
    from examsrv.assembly.terms import Terms

PACK = "4-05-06-02"
JSON_VERSION = 1
DIGITS_OF_SECONDS = 3


class FaultsError(ExamError):
    """Something has faults, and each of them is to be told."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__(Message(N_("No form was written")))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Work:
    """Checked forms and what they were made for."""

    specification: Specification
    terms: "Terms"
    assembly: "Assembly"
    seconds: float


@click.command("assemble", help="Assemble forms for the theory paper of a level.")
@click.option("--level", help="Code of the level, such as 3; not for occupations without levels.")
@click.option("--forms", type=click.IntRange(1, FORMS_MOST), required=True, help="How many forms.")
@click.option("--seed", type=click.IntRange(min=0), help="The same bank, specification and seed give the same forms. Drawn if not given.")
@click.option("--pack", "code", default=PACK, show_default=True, help="Code of the occupation.")
@click.option("--overlap-max", type=click.IntRange(min=0), help="Most items that two forms may share.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write forms and report to this file.")
def assemble(level: str | None, forms: int, seed: int | None, code: str, overlap_max: int | None, file: Path | None) -> None:
    """Draw the forms, have them checked by the independent checker, and only then write and describe them."""
    say = translator()
    try:
        pack = load_pack(code)
        asked = level_of(pack, level)
    except (UnknownPackError, UnknownPartError) as error:
        raise click.UsageError(say(error.message)) from error
    except FaultyStandardError as error:
        stop_with_faults(error.faults, say)
    try:
        work = checked_forms(pack, asked, forms, drawn_seed() if seed is None else seed, overlap_max)
        if file is not None:
            write(work, file)
    except (FaultsError, FaultySpecificationError) as error:
        stop_with_faults(error.faults, say)
    except ExamError as error:
        click.echo(say(error.message), err=True)
        raise SystemExit(FAULTY) from error
    for message in summary(work, file):
        click.echo(say(message))


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


def checked_forms(pack: Pack, level: Level, forms: int, seed: int, overlap_max: int | None) -> Work:
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
    clock = MachineClock()
    start = clock.boot()
    assembly = make(pack.items, specification, terms.sections, forms, seed, lower_levels=terms.lower_levels, section_names=terms.section_names)
    seconds = (clock.boot() - start).total_seconds()
    faults = violations(assembly.forms, pack.items, specification, terms.sections, terms.lower_levels, terms.section_names)
    if faults:
        raise FaultsError(faults)
    return Work(specification, terms, assembly, seconds)


def write(work: Work, file: Path) -> None:
    """Write forms and report as JSON; refuse in words a place that cannot be written."""
    content = {
        "version": JSON_VERSION,
        "seed": work.assembly.seed,
        "seconds": round(work.seconds, DIGITS_OF_SECONDS),
        "specification": {"name": work.specification.name, "digest": work.specification.digest},
        "forms": [{"name": form.name, "items": list(form.items)} for form in work.assembly.forms],
        "report": work.assembly.report.plain(),
    }
    write_json(content, file)


def summary(work: Work, file: Path | None) -> Iterator[Message]:
    """Say what was made."""
    report = work.assembly.report
    values = {"forms": len(report.forms), "seed": work.assembly.seed, "seconds": f"{work.seconds:.{DIGITS_OF_SECONDS}f}"}
    yield Message("%(name)s", {"name": work.specification.name})
    yield Message(N_("%(forms)d forms from seed %(seed)d in %(seconds)s s, checked"), values)
    for form in report.forms:
        yield from summary_of_form(form, work.terms)
    if len(report.forms) > 1:
        shared = {"overlap": report.largest_overlap, "most": work.specification.largest_overlap(len(report.forms))}
        yield Message(N_("Largest overlap of two forms: %(overlap)d items (at most %(most)d)"), shared)
    if file is not None:
        yield Message(N_("Written to %(file)s"), {"file": file})


def summary_of_form(form: "FormReport", terms: "Terms") -> Iterator[Message]:
    """Say what one form is like."""
    values = {
        "form": form.name,
        "items": sum(form.kinds.values()),
        "mean": "–" if form.mean_difficulty is None else f"{float(form.mean_difficulty):.2f}",
        "counts": " / ".join(str(count) for count in form.difficulty.values()),
    }
    yield Message(N_("Form %(form)s: %(items)d items, mean difficulty %(mean)s, items of difficulty 1 to 5: %(counts)s"), values)
    for section, marks in form.marks.items():
        about = {
            "section": terms.section_names[section],
            "marks": f"{marks.normalize():f}",
            "points": form.points[section],
            "all": form.points_of_bank[section],
        }
        yield Message(N_("    %(section)s: %(marks)s marks, %(points)d of the %(all)d points in the bank"), about)
