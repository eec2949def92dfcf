"""Finished forms of a command: written as JSON, told in words; and how the making is watched and stopped."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examsrv.assembly.watching import Watch
from examsrv.cli.json_file import write_json
from question_bank.message import N_, Message

if TYPE_CHECKING:
    from examsrv.assembly.engine import Assembly
    from examsrv.assembly.report import FormReport

JSON_VERSION = 1
SECONDS_DIGITS = 3
TOLD_MOST = 20
"""Forms that are described one by one."""
WHOLE_OVERLAP_MOST = 100
"""Forms up to which the JSON has every pair's overlap; how many pairs share how much it always has."""
MANY = 50
"""Forms from which on it is told how far the work is."""


@dataclass(frozen=True, slots=True)
class Work:
    """Checked forms and what they were made for. `overlap_max`: most items that two may share, None without a limit; `notes` are told beside."""

    name: str
    digest: str
    section_names: Mapping[str, str]
    overlap_max: int | None
    assembly: "Assembly"
    seconds: float
    notes: tuple[Message, ...] = ()


@contextmanager
def watched(say: Callable[[Message], str], forms: int) -> Iterator[Watch | None]:
    """Give what tells on the error stream how many of many forms are finished; for few forms nothing."""
    if forms < MANY:
        yield None
        return
    from examsrv.cli.progress import DRAWING, stage_for

    stage = stage_for(say, None)
    stage.begin(DRAWING, forms)
    told = 0

    def watch(finished: int) -> bool:
        nonlocal told
        if finished > told:
            stage.step(finished - told)
            told = finished
        return True

    try:
        yield watch
    finally:
        if sys.stderr.isatty():
            stage.end()


def write(work: Work, file: Path) -> None:
    """Write forms and report as JSON; refuse in words a place that cannot be written."""
    report = work.assembly.report
    plain = report.plain()
    pairs = Counter(shared for place, row in enumerate(report.overlap) for shared in row[:place])
    plain["overlap_counts"] = {str(shared): count for shared, count in sorted(pairs.items())}
    if len(report.forms) > WHOLE_OVERLAP_MOST:
        del plain["overlap"]
    content = {
        "version": JSON_VERSION,
        "seed": work.assembly.seed,
        "seconds": work.seconds,
        "specification": {"name": work.name, "digest": work.digest},
        "forms": [{"name": form.name, "items": list(form.items)} for form in work.assembly.forms],
        "report": plain,
    }
    write_json(content, file)


def summary(work: Work, file: Path | None) -> Iterator[Message]:
    """Say what was made."""
    report = work.assembly.report
    values = {"forms": len(report.forms), "seed": work.assembly.seed, "seconds": f"{work.seconds:.{SECONDS_DIGITS}f}"}
    yield Message("%(name)s", {"name": work.name})
    yield Message(N_("%(forms)d forms from seed %(seed)d in %(seconds)s s, checked"), values)
    yield from work.notes
    for form in report.forms[:TOLD_MOST]:
        yield from summary_of_form(form, work.section_names)
    if len(report.forms) > TOLD_MOST:
        yield Message(N_("… and %(count)d more forms"), {"count": len(report.forms) - TOLD_MOST})
    if len(report.forms) > 1 and work.overlap_max is not None:
        shared = {"overlap": report.largest_overlap, "most": work.overlap_max}
        yield Message(N_("Largest overlap of two forms: %(overlap)d items (at most %(most)d)"), shared)
    elif len(report.forms) > 1:
        yield Message(N_("Largest overlap of two forms: %(overlap)d items"), {"overlap": report.largest_overlap})
    if len(report.forms) > 1:
        share = {"forms": max(report.exposure.values()), "all": len(report.forms)}
        yield Message(N_("The item used most stands in %(forms)d of %(all)d forms"), share)
    if report.information is not None:
        yield Message(N_("The worst form misses the target information by %(gap)s %%"), {"gap": f"{report.information.gap:.3f}"})
    if file is not None:
        yield Message(N_("Written to %(file)s"), {"file": file})


def summary_of_form(form: "FormReport", section_names: Mapping[str, str]) -> Iterator[Message]:
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
            "section": section_names[section],
            "marks": f"{marks.normalize():f}",
            "points": form.points[section],
            "all": form.points_of_bank[section],
        }
        yield Message(N_("    %(section)s: %(marks)s marks, %(points)d of the %(all)d points in the bank"), about)
