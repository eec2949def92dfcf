"""An agreement report as tables for a terminal."""

from collections.abc import Callable, Iterator, Sequence
from unicodedata import east_asian_width

from examsrv.measurement.agreement import Agreement, AgreementReport, PanelAgreement, Severity
from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.intraclass import FORM_NAMES
from examsrv.measurement.totals import IncompleteTotal
from question_bank.message import N_, Message

Say = Callable[[Message], str]

PANELS_SHOWN, INCOMPLETE_SHOWN, ROWS_SHOWN = 5, 20, 10
COEFFICIENT_DIGITS, MARK_DIGITS = 3, 2
PERCENT = 100
INDENT, GAP = "    ", "  "
NOTHING = "-"


def lines_of(report: AgreementReport, say: Say) -> Iterator[str]:
    """Give the lines: the totals, each criterion (a single one is the total), and the totals that are missing."""
    counts = {"scripts": report.scripts, "examiners": len(report.examiners), "marks": report.marks, "confidence": f"{report.confidence * PERCENT:g}"}
    yield say(Message(N_("%(scripts)d scripts, %(examiners)d examiners, %(marks)d marks; limits at %(confidence)s %%"), counts))
    if isinstance(report.total, NoFigure):
        yield from ("", say(Message(N_("Total: %(reason)s"), {"reason": report.total.reason})))
    else:
        yield from _agreement(report.total, say)
    for agreement in report.criteria if len(report.criteria) > 1 else ():
        yield from _agreement(agreement, say)
    yield from _incomplete(report.incomplete_totals, say)


def _agreement(agreement: Agreement, say: Say) -> Iterator[str]:
    counts = {"full": f"{agreement.full:f}", "scripts": agreement.scripts, "marks": agreement.marks}
    about = N_("Criterion %(criterion)s (maximum %(full)s): %(scripts)d scripts, %(marks)d marks")
    title = about if agreement.criterion is not None else N_("Total (maximum %(full)s): %(scripts)d scripts, %(marks)d marks")
    yield from ("", say(Message(title, {"criterion": agreement.criterion, **counts})))
    if not agreement.is_complete:
        yield INDENT + say(Message(N_("Not every examiner has marked every script: Krippendorff's alpha is the figure for all of them together")))
    yield INDENT + say(Message(N_("Krippendorff's alpha: %(figure)s"), {"figure": _or_reason(agreement.alpha)}))
    for panel in agreement.panels[:PANELS_SHOWN]:
        yield from _panel(panel, say)
    if (more := len(agreement.panels) - PANELS_SHOWN) > 0:
        yield INDENT + say(Message(N_("%(count)d more sets of examiners are not shown; --json has them"), {"count": more}))
    headings = (N_("examiner"), N_("scripts"), N_("mean difference"), N_("limits"), N_("%% of the maximum"), N_("95 %% of the differences"))
    yield from _table([[say(Message(heading)) for heading in headings], *(_severity(each, float(agreement.full)) for each in agreement.examiners)])
    for each in agreement.examiners:
        if each.flag is not None:
            yield INDENT + say(Message(N_("Clear: %(what)s"), {"what": each.flag}))


def _or_reason(figure: Estimate | NoFigure) -> object:
    return figure.reason if isinstance(figure, NoFigure) else _number(figure.value, COEFFICIENT_DIGITS)


def _panel(panel: PanelAgreement, say: Say) -> Iterator[str]:
    values = {"examiners": ", ".join(panel.examiners), "scripts": len(panel.scripts)}
    yield INDENT + say(Message(N_("%(examiners)s together: %(scripts)d scripts"), values))
    reasons = {figure.reason.text: figure.reason for figure in panel.coefficients.values() if isinstance(figure, NoFigure)}
    figures = [(form, figure) for form, figure in panel.coefficients.items() if isinstance(figure, Estimate)]
    yield from _table([[form, *_estimate(figure, COEFFICIENT_DIGITS), say(Message(FORM_NAMES[form]))] for form, figure in figures])
    for reason in reasons.values():
        missing = [str(form) for form in panel.coefficients if form not in dict(figures)]
        yield INDENT + say(Message(N_("%(coefficients)s: no figure. %(reason)s"), {"coefficients": ", ".join(missing), "reason": reason}))


def _severity(severity: Severity, full: float) -> list[str]:
    if isinstance(severity.difference, NoFigure):
        return [severity.examiner, "0", NOTHING, NOTHING, NOTHING, NOTHING]
    value, limits = _estimate(severity.difference, MARK_DIGITS)
    percent, _limits = _estimate(severity.difference.times(PERCENT / full), MARK_DIGITS)
    agreed = severity.limits_of_agreement
    return [severity.examiner, str(len(severity.by_script)), value, limits, percent, _between(*agreed, MARK_DIGITS) if agreed else NOTHING]


def _estimate(figure: Estimate, digits: int) -> list[str]:
    """Return the figure and its limits."""
    return [_number(figure.value, digits), _between(figure.lower, figure.upper, digits)]


def _between(lower: float | None, upper: float | None, digits: int) -> str:
    if lower is None and upper is None:
        return NOTHING
    return " … ".join("" if limit is None else _number(limit, digits) for limit in (lower, upper))


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give the rows with their columns under each other; Chinese characters are two places wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield INDENT + GAP.join(cells).rstrip()


def _width(text: str) -> int:
    return len(text) + sum(east_asian_width(character) in {"W", "F"} for character in text)


def _incomplete(totals: Sequence[IncompleteTotal], say: Say) -> Iterator[str]:
    if not totals:
        return
    yield from ("", say(Message(N_("Without a total, because marks are lacking: %(count)d"), {"count": len(totals)})))
    for each in totals[:INCOMPLETE_SHOWN]:
        yield INDENT + say(_lacking(each))
    if (more := len(totals) - INCOMPLETE_SHOWN) > 0:
        yield INDENT + say(Message(N_("%(count)d more are not shown; --json has them"), {"count": more}))


def _lacking(total: IncompleteTotal) -> Message:
    cut = ["…"] if total.lacking_count > len(total.lacking) else []
    rows = [str(row) for row in total.rows[:ROWS_SHOWN]] + (["…"] if len(total.rows) > ROWS_SHOWN else [])
    values = {"script": total.script, "examiner": total.examiner, "criteria": ", ".join([*total.lacking, *cut]), "rows": ", ".join(rows)}
    return Message(N_("script %(script)s, examiner %(examiner)s: no mark in %(criteria)s (the others: rows %(rows)s)"), values)
