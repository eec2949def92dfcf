"""How far examiners agree: for each criterion and for the totals, from marks that may have gaps."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

import numpy as np

from examsrv.measurement.agreement import Agreement, AgreementReport, PanelAgreement, ScriptDifference, Severity
from examsrv.measurement.alpha import alpha
from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.intraclass import intraclass
from examsrv.measurement.panels import Marks, Panel, panels_of
from examsrv.measurement.ratings import FaultyRatingsError, Rating, at_place, faults_of
from examsrv.measurement.severity import MeanDifference, PairedDifferences, mean_difference, paired_differences
from examsrv.measurement.totals import Total, totals_of
from question_bank.message import N_, Message

CONFIDENCE = 0.95
FLAG_CHANCE = 0.05
"""The risk that any examiner of a criterion is called out where nobody differs; it is shared by all of them (Bonferroni)."""
FLAG_SCRIPTS_LEAST = 6
"""Fewer differences call nobody out: six with the same sign are the fewest that a sign test finds (2 / 2^6 = .03)."""
PERCENT = 100
DIGITS = 2

NO_MARKS = Message(N_("There are no marks"))
NOBODY_ELSE = Message(N_("Nobody else has marked the same scripts"))
NO_TOTAL = Message(N_("No script has marks of an examiner in every criterion"))
HIGHER = N_(
    "%(examiner)s marks higher than the others: by %(by)s on average (%(percent)s %% of %(full)s; limits %(lower)s to %(upper)s; %(scripts)d scripts)"
)
LOWER = N_(
    "%(examiner)s marks lower than the others: by %(by)s on average (%(percent)s %% of %(full)s; limits %(lower)s to %(upper)s; %(scripts)d scripts)"
)


def agreement_of(ratings: Sequence[Rating], confidence: float = CONFIDENCE) -> AgreementReport:
    """Return how far the examiners of `ratings` agree; limits hold with probability `confidence` (between 0 and 1).

    The order of the ratings changes nothing but the order of the criteria. Refused: no ratings, or faulty ones
    (`FaultyRatingsError`); a confidence out of range (ValueError).
    """
    if not 0 < confidence < 1:
        raise ValueError(confidence)
    if not ratings:
        raise FaultyRatingsError([NO_MARKS])
    faults = (at_place(rating.place, fault) for rating, fault in faults_of(ratings))
    if (first := next(faults, None)) is not None:
        raise FaultyRatingsError(chain([first], faults))
    by_criterion: dict[str, list[Rating]] = {}
    for rating in ratings:
        by_criterion.setdefault(rating.criterion, []).append(rating)
    full_marks = {criterion: those[0].full for criterion, those in by_criterion.items()}
    totals, incomplete = totals_of(ratings)
    full = sum(full_marks.values(), Decimal(0))
    return AgreementReport(
        confidence=confidence,
        scripts=len({rating.script for rating in ratings}),
        examiners=in_order(rating.examiner for rating in ratings),
        marks=len(ratings),
        criteria=tuple(_agreement(each, full_marks[each], those, confidence) for each, those in by_criterion.items()),
        total=_agreement(None, full, totals, confidence) if totals else NoFigure(NO_TOTAL),
        incomplete_totals=tuple(sorted(incomplete, key=lambda each: (_sorting_key(each.script), _sorting_key(each.examiner)))),
    )


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the different names, figures in them by their value: E2 stands before E10."""
    return tuple(sorted(set(names), key=_sorting_key))


def _sorting_key(name: str) -> tuple[list[tuple[int, str]], str]:
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)], name


def _agreement(criterion: str | None, full: Decimal, ratings: Sequence[Rating | Total], confidence: float) -> Agreement:
    marks = _marks(ratings)
    panels = panels_of(marks)
    return Agreement(
        criterion=criterion,
        full=full,
        scripts=len(marks.script_names),
        marks=len(ratings),
        is_complete=len(ratings) == len(marks.script_names) * len(marks.examiner_names),
        panels=tuple(_panel_agreement(panel, marks, confidence) for panel in panels),
        alpha=alpha(marks.values, marks.scripts),
        examiners=_severities(marks, full, confidence),
    )


def _marks(ratings: Sequence[Rating | Total]) -> Marks:
    scripts, examiners = in_order(rating.script for rating in ratings), in_order(rating.examiner for rating in ratings)
    script_numbers = {name: number for number, name in enumerate(scripts)}
    examiner_numbers = {name: number for number, name in enumerate(examiners)}
    ordered = sorted(ratings, key=lambda rating: (script_numbers[rating.script], examiner_numbers[rating.examiner]))
    return Marks(
        values=np.array([float(rating.mark) for rating in ordered], dtype=np.float64),
        scripts=np.array([script_numbers[rating.script] for rating in ordered], dtype=np.int64),
        examiners=np.array([examiner_numbers[rating.examiner] for rating in ordered], dtype=np.int64),
        script_names=scripts,
        examiner_names=examiners,
    )


def _panel_agreement(panel: Panel, marks: Marks, confidence: float) -> PanelAgreement:
    return PanelAgreement(
        examiners=tuple(marks.examiner_names[number] for number in panel.examiners),
        scripts=tuple(marks.script_names[number] for number in panel.scripts),
        coefficients=intraclass(panel.table, confidence),
    )


def _severities(marks: Marks, full: Decimal, confidence: float) -> tuple[Severity, ...]:
    paired = paired_differences(marks.values, marks.scripts, marks.examiners)
    means = [mean_difference(each.differences, confidence, float(full)) if each.differences.size else None for each in paired]
    compared = sum(mean is not None for mean in means)
    return tuple(
        Severity(name, NoFigure(NOBODY_ELSE), None, None, (), None)
        if mean is None
        else Severity(
            examiner=name,
            difference=Estimate(mean.mean, *(mean.limits or (None, None))),
            standard_error=mean.standard_error,
            limits_of_agreement=mean.limits_of_agreement,
            by_script=tuple(_by_script(each, marks)),
            flag=_flag(name, mean, full, FLAG_CHANCE / compared),
        )
        for name, each, mean in zip(marks.examiner_names, paired, means, strict=True)
    )


def _by_script(paired: PairedDifferences, marks: Marks) -> Iterable[ScriptDifference]:
    for place, others, difference in zip(paired.places.tolist(), paired.others.tolist(), paired.differences.tolist(), strict=True):
        yield ScriptDifference(marks.script_names[int(marks.scripts[place])], float(marks.values[place]), others, difference)


def _flag(examiner: str, mean: MeanDifference, full: Decimal, chance: float) -> Message | None:
    """Return the sentence about a difference that is clear: one that has a chance under `chance`."""
    if mean.count < FLAG_SCRIPTS_LEAST or mean.p >= chance or mean.limits is None:
        return None
    lower, upper = mean.limits
    values = {"by": abs(mean.mean), "percent": abs(mean.mean) / float(full) * PERCENT, "lower": lower, "upper": upper}
    shown = {name: f"{value:.{DIGITS}f}" for name, value in values.items()}
    return Message(HIGHER if mean.mean > 0 else LOWER, {"examiner": examiner, "full": f"{full:f}", "scripts": mean.count, **shown})
