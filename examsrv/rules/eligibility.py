"""Who may be admitted to a level: RULE-ELIGIBILITY. Any one condition suffices; inside a condition every part must hold.

Experience is counted to the reference date (the batch's registration deadline); what has not happened by then does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from examsrv.rules.experience import Length, WorkPeriod, total_length
from question_bank.message import N_, ExamError, Message
from question_bank.standard import CertificatePart, DegreePart, EligibilityCondition, ExperiencePart, Standard

DEGREE_NAMES = {
    "none": N_("no schooling"),
    "junior_middle": N_("junior middle school"),
    "senior_middle": N_("senior middle school"),
    "secondary_vocational": N_("secondary vocational school"),
    "associate": N_("associate degree"),
    "bachelor": N_("bachelor's degree"),
    "master": N_("master's degree"),
    "doctor": N_("doctor's degree"),
}
"""The words that standards use, as people read them; another word of a standard is shown as it stands."""


class UnknownDegreeError(ExamError):
    """A degree is none of the words of the standard's `degree_order`."""


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate of skill or qualification, of the own or a related occupation (`relation`, judged by a reviewer)."""

    level: int
    relation: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class HeldDegree:
    """A degree in the own or a related major; `awarded_on` None: still at school, `is_expected` if in the graduating year."""

    degree: str
    relation: str
    awarded_on: date | None
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a candidate has shown."""

    periods: Sequence[WorkPeriod] = ()
    certificates: Sequence[HeldCertificate] = ()
    degrees: Sequence[HeldDegree] = ()


@dataclass(frozen=True, slots=True)
class PartFinding:
    """Whether one part of a condition holds, and why in words."""

    part: str
    holds: bool
    reason: Message


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """A condition and its parts."""

    condition: str
    parts: tuple[PartFinding, ...]

    @property
    def holds(self) -> bool:
        """Every part holds."""
        return all(part.holds for part in self.parts)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What became of every condition of a level."""

    level: str
    conditions: tuple[ConditionFinding, ...]

    @property
    def is_eligible(self) -> bool:
        """One condition is enough; a level without conditions is open to everybody."""
        return not self.conditions or any(condition.holds for condition in self.conditions)


def judge_eligibility(standard: Standard, level: str, evidence: Evidence, reference: date) -> Eligibility:
    """Return which conditions of `level` hold on the `reference` date, part by part."""
    conditions = standard.eligibility[standard.level(level).id]
    return Eligibility(level, tuple(_judge_condition(standard, condition, evidence, reference) for condition in conditions))


def degree_name(word: str) -> Message:
    """Return the name of a degree for people."""
    return Message(DEGREE_NAMES[word]) if word in DEGREE_NAMES else Message("%(word)s", {"word": word})


def _judge_condition(standard: Standard, condition: EligibilityCondition, evidence: Evidence, reference: date) -> ConditionFinding:
    parts = []
    if condition.degree is not None:
        parts.append(_judge_degree(condition.degree, evidence.degrees, reference, standard.definitions.degree_order))
    dates: list[date] = []
    if condition.certificate is not None:
        dates = _issue_dates(condition.certificate, evidence.certificates, reference)
        parts.append(_judge_certificate(condition.certificate, bool(dates)))
    if condition.experience is not None:
        since = min(dates, default=reference) if condition.experience.after_certificate else date.min
        parts.append(_judge_experience(condition.experience, evidence.periods, since, reference))
    return ConditionFinding(condition.id, tuple(parts))


def _judge_degree(part: DegreePart, degrees: Sequence[HeldDegree], reference: date, order: Sequence[str]) -> PartFinding:
    """At least the degree asked for, awarded by the reference date or, where that is allowed, expected in the graduating year."""
    enough = [held for held in degrees if _rank(held.degree, order) >= _rank(part.least, order) and held.relation in part.majors]
    if any(held.awarded_on is not None and held.awarded_on <= reference for held in enough):
        return PartFinding("degree", True, Message(N_("The degree is shown")))
    if part.allow_expected and any(held.is_expected for held in enough):
        return PartFinding("degree", True, Message(N_("The degree is expected in the graduating year")))
    return PartFinding("degree", False, Message(N_("No %(degree)s or above in a major that counts"), {"degree": degree_name(part.least)}))


def _rank(degree: str, order: Sequence[str]) -> int:
    if degree not in order:
        raise UnknownDegreeError(Message(N_("The degree %(degree)s is unknown"), {"degree": degree}))
    return order.index(degree)


def _issue_dates(part: CertificatePart, certificates: Sequence[HeldCertificate], reference: date) -> list[date]:
    """A higher certificate (a smaller code) serves as well."""
    return [
        held.issued_on
        for held in certificates
        if held.level <= part.at_least_level and held.relation in part.occupations and held.issued_on <= reference
    ]


def _judge_certificate(part: CertificatePart, is_held: bool) -> PartFinding:
    values = {"level": part.at_least_level}
    if is_held:
        return PartFinding("certificate", True, Message(N_("A certificate of level %(level)d or higher is shown"), values))
    return PartFinding("certificate", False, Message(N_("No certificate of level %(level)d or higher in an occupation that counts"), values))


def _judge_experience(part: ExperiencePart, periods: Sequence[WorkPeriod], since: date, reference: date) -> PartFinding:
    """Years in occupations that count, from `since` to the reference date; exactly the years asked for are enough."""
    length = total_length([period for period in periods if period.relation in part.occupations], since, reference)
    wanted = Length.of_years(part.min_years)
    values = {"wanted": part.min_years, "years": length.years, "months": length.months_over, "days": length.days}
    text = N_("%(wanted)d years of work are wanted; %(years)d years, %(months)d months and %(days)d days count")
    return PartFinding("experience", length >= wanted, Message(text, values))
