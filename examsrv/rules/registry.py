"""Every rule with its id, title, source and the function that is its only home: what `examsrv rules` prints and README's table repeats."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from examsrv.rules.certificate_code import make_certificate_code
from examsrv.rules.eligibility import degree_name, judge_eligibility
from examsrv.rules.passing import is_pass, shown_mark
from examsrv.rules.qualification import needs_senior, require_qualified
from examsrv.rules.staffing import persons_required
from examsrv.rules.timing import in_words, require_duration
from examsrv.rules.weights import section_marks
from question_bank.message import N_, Message
from question_bank.standard import CertificateCode, Component, ComponentKey, EligibilityCondition, Level, StaffingRule, Standard

ROOT = Path(__file__).parents[2]

EXAMINED = frozenset({ComponentKey.SKILLS, ComponentKey.REVIEW})
"""The components that examiners judge."""

Figures = Callable[[Standard, Level], list[Message]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `source` is the paragraph it is read from, `figures` tells what the standard's data say about it for one level."""

    id: str
    title: Message
    source: str
    function: Callable[..., object]
    figures: Figures

    @property
    def file(self) -> str:
        """The file of the function, as a path inside the project."""
        return Path(inspect.getfile(self.function)).relative_to(ROOT).as_posix()

    @property
    def line(self) -> int:
        """The line on which the function starts."""
        return inspect.getsourcelines(self.function)[1]


def rule_by_id(wanted: str) -> Rule:
    """Return the rule with this id; `KeyError` for an unknown one, for ids are written by us."""
    return {rule.id: rule for rule in RULES}[wanted]


def _staffing_figures(component: ComponentKey) -> Figures:
    def figures(standard: Standard, level: Level) -> list[Message]:
        return [_staffing_in_words(standard.staffing.by_component(component))] if component in level.components else []

    return figures


def _staffing_in_words(rule: StaffingRule) -> Message:
    values = {"candidates": rule.candidates_per_person, "least": rule.least}
    if rule.candidates_per_person is None:
        text = N_("at least %(least)d, an odd number") if rule.odd else N_("at least %(least)d")
    elif rule.odd:
        text = N_("one for every %(candidates)d candidates or part of them, at least %(least)d, an odd number")
    else:
        text = N_("one for every %(candidates)d candidates or part of them, at least %(least)d")
    return Message(text, values)


def _qualification(_standard: Standard, level: Level) -> list[Message]:
    if not EXAMINED.intersection(level.components):
        return []
    return [Message(N_("senior examiners only") if needs_senior(level) else N_("every examiner"))]


def _components(standard: Standard, level: Level) -> list[Component]:
    return [standard.component(key) for key in level.components]


def _durations(standard: Standard, level: Level) -> list[Message]:
    text = N_("%(component)s: at least %(minimum)s")
    return [Message(text, {"component": each.name, "minimum": in_words(each.minimum)}) for each in _components(standard, level)]


def _pass_marks(standard: Standard, level: Level) -> list[Message]:
    return [_pass_mark_in_words(component) for component in _components(standard, level)]


def _pass_mark_in_words(component: Component) -> Message:
    text = N_("%(component)s: at least %(mark)s of %(full)s") if component.pass_inclusive else N_("%(component)s: more than %(mark)s of %(full)s")
    return Message(text, {"component": component.name, "mark": plain(component.pass_mark), "full": plain(component.full_mark)})


def _weights(standard: Standard, level: Level) -> list[Message]:
    return [_weights_in_words(standard, level, component) for component in _components(standard, level) if standard.sections(component.key, level.id)]


def _weights_in_words(standard: Standard, level: Level, component: Component) -> Message:
    shares = ", ".join(f"{section.name} {percent}" for section, percent in standard.sections(component.key, level.id))
    return Message(N_("%(component)s: %(shares)s"), {"component": component.name, "shares": shares})


def _conditions(standard: Standard, level: Level) -> list[Message]:
    return [_condition_in_words(condition) for condition in standard.eligibility[level.id]]


def _condition_in_words(condition: EligibilityCondition) -> Message:
    nothing = Message(N_("none"))
    degree, certificate, experience = condition.degree, condition.certificate, condition.experience
    after = N_("%(years)d years after the certificate") if experience and experience.after_certificate else N_("%(years)d years")
    values = {
        "id": condition.id,
        "degree": degree_name(degree.least) if degree else nothing,
        "certificate": Message(N_("level %(level)d"), {"level": certificate.at_least_level}) if certificate else nothing,
        "experience": Message(after, {"years": experience.min_years}) if experience else nothing,
    }
    return Message(N_("%(id)s: degree %(degree)s, certificate %(certificate)s, experience %(experience)s"), values)


def _numbering(standard: Standard, level: Level) -> list[Message]:
    if standard.scheme.certificate_code is not CertificateCode.NATIONAL:
        return [Message(N_("certificates of this scheme carry no national code"))]
    return [Message(N_("16th character: %(level)s"), {"level": level.code})]


def plain(number: Decimal) -> str:
    """Return `number` without a trailing point and zeros."""
    return f"{number.normalize():f}"


RULES: tuple[Rule, ...] = (
    Rule("RULE-PROCTORS", Message(N_("Proctors in a room")), "1.9.3", persons_required, _staffing_figures(ComponentKey.THEORY)),
    Rule("RULE-EXAMINERS", Message(N_("Examiners of a group")), "1.9.3", persons_required, _staffing_figures(ComponentKey.SKILLS)),
    Rule("RULE-PANEL", Message(N_("Members of a review panel")), "1.9.3", persons_required, _staffing_figures(ComponentKey.REVIEW)),
    Rule("RULE-SENIOR", Message(N_("Who may examine a level")), "考评人员管理惯例", require_qualified, _qualification),
    Rule("RULE-DURATION", Message(N_("Least duration")), "1.9.4", require_duration, _durations),
    Rule("RULE-PASS", Message(N_("Pass marks, each component for itself")), "1.9.2", is_pass, _pass_marks),
    Rule("RULE-MARK-SHOWN", Message(N_("A mark is never shown on the other side of the pass mark")), "1.9.2", shown_mark, _pass_marks),
    Rule("RULE-WEIGHTS", Message(N_("Marks of each section, in percent")), "4.1, 4.2", section_marks, _weights),
    Rule("RULE-ELIGIBILITY", Message(N_("Conditions of admission, one of them is enough")), "1.9.1", judge_eligibility, _conditions),
    Rule("RULE-CERTIFICATE-CODE", Message(N_("Code of a certificate")), "人社鉴发〔2019〕2号", make_certificate_code, _numbering),
)
