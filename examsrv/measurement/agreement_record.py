"""An agreement report in JSON types, as `--json` writes it: README has its shape."""

from collections.abc import Callable

from examsrv.measurement.agreement import Agreement, AgreementReport, PanelAgreement, Severity
from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.totals import IncompleteTotal
from question_bank.message import Message

VERSION = 1
DIGITS = 6
PERCENT = 100

Say = Callable[[Message], str]
Plain = dict[str, object]


def record_of(report: AgreementReport, say: Say) -> Plain:
    """Return the report with its sentences in the language of `say`; marks are numbers, maxima exact texts."""
    return {
        "version": VERSION,
        "confidence": report.confidence,
        "scripts": report.scripts,
        "examiners": list(report.examiners),
        "marks": report.marks,
        "criteria": [{"criterion": each.criterion, **_agreement(each, say)} for each in report.criteria],
        "total": _nothing(report.total, say) if isinstance(report.total, NoFigure) else _agreement(report.total, say),
        "incomplete_totals": [_incomplete(each) for each in report.incomplete_totals],
    }


def _agreement(agreement: Agreement, say: Say) -> Plain:
    return {
        "max": f"{agreement.full:f}",
        "scripts": agreement.scripts,
        "marks": agreement.marks,
        "complete": agreement.is_complete,
        "panels": [_panel(panel, say) for panel in agreement.panels],
        "krippendorff_alpha": _figure(agreement.alpha, say),
        "examiners": [_severity(each, 1 / float(agreement.full), say) for each in agreement.examiners],
    }


def _panel(panel: PanelAgreement, say: Say) -> Plain:
    icc = {str(form): _figure(figure, say) for form, figure in panel.coefficients.items()}
    return {"examiners": list(panel.examiners), "scripts": list(panel.scripts), "icc": icc}


def _severity(severity: Severity, share: float, say: Say) -> Plain:
    difference = severity.difference
    in_percent = difference if isinstance(difference, NoFigure) else difference.times(PERCENT * share)
    return {
        "examiner": severity.examiner,
        "scripts": len(severity.by_script),
        "difference": _figure(difference, say),
        "difference_percent": _figure(in_percent, say),
        "standard_error": _rounded(severity.standard_error),
        "limits_of_agreement": None if severity.limits_of_agreement is None else [_rounded(limit) for limit in severity.limits_of_agreement],
        "flag": None if severity.flag is None else say(severity.flag),
        "by_script": [
            {"script": each.script, "mark": _rounded(each.mark), "others": _rounded(each.others), "difference": _rounded(each.difference)}
            for each in severity.by_script
        ],
    }


def _figure(figure: Estimate | NoFigure, say: Say) -> Plain:
    if isinstance(figure, NoFigure):
        return _nothing(figure, say)
    return {"value": _rounded(figure.value), "lower": _rounded(figure.lower), "upper": _rounded(figure.upper)}


def _nothing(figure: NoFigure, say: Say) -> Plain:
    return {"value": None, "reason": say(figure.reason)}


def _incomplete(total: IncompleteTotal) -> Plain:
    names = {"script": total.script, "examiner": total.examiner, "lacking": list(total.lacking)}
    return {**names, "lacking_count": total.lacking_count, "rows": list(total.rows)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS) + 0.0
