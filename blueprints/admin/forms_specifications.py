"""The form of a specification: everything that may be chosen in it. Weights are not: no field stands for them, whatever is sent."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from examsrv.domain.form import FORMS_MOST
from examsrv.domain.specification import (
    DIFFICULTIES,
    LOWER_LEVEL_SHARE_MOST,
    PERCENT,
    TOLERANCE,
    KindRequirement,
    KindsInSections,
    Specification,
    Target,
)
from examsrv.services.comparing_specifications import POLICIES, SPREADS
from examsrv.services.specifying import NAME_LONGEST
from examsrv.web.language import shown
from question_bank.kinds import KINDS, PartialCredit, Scoring
from question_bank.message import Fault

ASKED_KINDS = [kind for kind in KINDS.values() if kind.scoring is Scoring.MACHINE]
"""The kinds that a theory paper may ask: the machine marks them."""
ITEMS_MOST = 1000
MINUTES_MOST = 600
LONGEST_LIST = 200
MANY_FORMS = 10
LARGEST = Decimal(10**6)
NO_TARGET, RELATIVE, ABSOLUTE = "none", "relative", "absolute"
COUNT = lazy_gettext("A whole number from 0 to %(most)d.", most=ITEMS_MOST)
FIELDS_OF_PLACES = {
    "minutes": "minutes",
    "name": "name",
    "kinds_in_sections": "kinds_in_sections",
    "lower_level_share": "lower_level_share",
    "point_share": "point_share",
    "exposure_max": "exposure_max",
    "overlap_max": "overlap_max",
    "cases": "cases",
    "target.theta": "abilities",
    "target.relative": "relative",
    "target.information": "information",
    "target.tolerance": "tolerance",
    "target": "abilities",
    "difficulty.deviation": "deviation",
    "difficulty": "difficulty_3",
}
"""The field beside which a fault of the specification is told, by where it lies."""


class SpecificationForm(FlaskForm):
    """A specification. `kinds` and difficulties have fields of their own: `items_KIND`, `marks_KIND`, `policy_KIND`, `difficulty_1` to 5."""

    worked_on = IntegerField(lazy_gettext("Version"))
    name = StringField(lazy_gettext("Name of the specification"), [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)])
    minutes = IntegerField(lazy_gettext("Minutes"), [InputRequired(lazy_gettext("Enter a whole number.")), NumberRange(1, MINUTES_MOST)])
    kinds_in_sections = SelectField(lazy_gettext("Kinds in the sections"))
    deviation = IntegerField(lazy_gettext("Each count may differ by"), [Optional(), NumberRange(0, ITEMS_MOST, COUNT)])
    point_share = DecimalField(
        lazy_gettext("Points asked at least"),
        [Optional(), NumberRange(0, PERCENT, lazy_gettext("A share from 0 to 100 percent."))],
        places=None,
        description=lazy_gettext("In percent of the points that a section could ask"),
    )
    lower_level_share = DecimalField(
        lazy_gettext("Items of lower levels at most"),
        [
            Optional(),
            NumberRange(0, int(LOWER_LEVEL_SHARE_MOST * PERCENT), lazy_gettext("At most 20 percent may come from lower levels.")),
        ],
        places=None,
        description=lazy_gettext("In percent of the marks; 20 is the most"),
    )
    overlap_max = IntegerField(
        lazy_gettext("Items that two forms share at most"),
        [Optional(), NumberRange(0, ITEMS_MOST, COUNT)],
        description=lazy_gettext("Empty: 20 for two forms, 40 for more"),
    )
    exposure_max = DecimalField(
        lazy_gettext("Share of the forms with the same item at most"),
        [Optional(), NumberRange(0, PERCENT, lazy_gettext("A share from 0 to 100 percent."))],
        places=None,
        description=lazy_gettext("In percent; empty: no limit"),
    )
    cases = IntegerField(
        lazy_gettext("Cases"),
        [Optional(), NumberRange(0, ITEMS_MOST, COUNT)],
        description=lazy_gettext("Whole, in each form; their items count"),
    )
    target = SelectField(lazy_gettext("Target information"))
    abilities = StringField(
        lazy_gettext("Abilities"), [Length(max=LONGEST_LIST)], description=lazy_gettext("Such as -1, 0, 1: how far above or below the mean candidate")
    )
    relative = DecimalField(
        lazy_gettext("Times the mean of the bank"),
        [Optional(), NumberRange(0, LARGEST)],
        places=None,
        description=lazy_gettext("1 is a form of average items"),
    )
    information = StringField(
        lazy_gettext("Information"), [Length(max=LONGEST_LIST)], description=lazy_gettext("A figure for each ability, in their order")
    )
    tolerance = DecimalField(
        lazy_gettext("May be missed by"), [Optional(), NumberRange(0, PERCENT)], places=None, description=lazy_gettext("In percent")
    )
    forms = IntegerField(
        lazy_gettext("Forms to be reckoned with"),
        [Optional(), NumberRange(1, FORMS_MOST, lazy_gettext("Enter a number from 1 to %(most)d.", most=FORMS_MOST))],
        default=MANY_FORMS,
    )

    @property
    def items_sum(self) -> int:
        """Return how many items were entered."""
        return sum(self[f"items_{kind.name}"].data or 0 for kind in ASKED_KINDS)

    @property
    def marks_sum(self) -> str:
        """Return how many marks the entered items give."""
        each = ((self[f"items_{kind.name}"].data or 0, self[f"marks_{kind.name}"].data) for kind in ASKED_KINDS)
        return format(sum((items * (Decimal(1) if marks is None else marks) for items, marks in each), Decimal(0)).normalize(), "f")

    def offer(self) -> None:
        """Offer the choices in the reader's language."""
        self.kinds_in_sections.choices = [(str(spread), shown(words)) for spread, words in SPREADS.items()]
        self.target.choices = [
            (NO_TARGET, gettext("none")),
            (RELATIVE, gettext("a multiple of the bank's mean")),
            (ABSOLUTE, gettext("a figure for each ability")),
        ]
        for kind in ASKED_KINDS:
            self[f"policy_{kind.name}"].choices = [(str(policy), shown(POLICIES[policy])) for policy in kind.policies]

    def validate_abilities(self, field: Any) -> None:
        """Refuse what is no list of figures."""
        if self.target.data != NO_TARGET:
            _figures(field)

    def validate_information(self, field: Any) -> None:
        """Refuse what is no list of figures where one is wanted."""
        if self.target.data == ABSOLUTE:
            _figures(field)

    def specification(self, before: Specification) -> Specification:
        """Return what was entered, a specification of the same occupation, level and component as `before`."""
        return Specification(
            name=self.name.data,
            occupation=before.occupation,
            level=before.level,
            component=before.component,
            minutes=self.minutes.data,
            kinds=tuple(self._kind(kind) for kind in kinds_in_order(before) if self[f"items_{kind}"].data),
            kinds_in_sections=KindsInSections(self.kinds_in_sections.data),
            difficulty=tuple(self[f"difficulty_{difficulty}"].data or 0 for difficulty in DIFFICULTIES),
            difficulty_deviation=self.deviation.data or 0,
            lower_level_share=_share(self.lower_level_share.data) or Decimal(0),
            overlap_max=self.overlap_max.data,
            cases=self.cases.data or 0,
            point_share=_share(self.point_share.data) or Decimal(0),
            exposure_max=_share(self.exposure_max.data),
            target=self._target(),
        )

    def blame(self, faults: Sequence[Fault]) -> None:
        """Put what is wrong beside the fields it lies in; what lies in none above the form."""
        for fault in faults:
            place = fault.place.split(" ")[0]
            field = next((name for start, name in FIELDS_OF_PLACES.items() if place.startswith(start)), None)
            if place.startswith("kinds."):
                field = f"items_{place.split('.')[1]}"
            if field is not None and field in self:
                self[field].errors = [*self[field].errors, shown(fault.message)]
            else:
                self.form_errors.append(shown(fault.message))

    def _kind(self, kind: str) -> KindRequirement:
        marks, policy = self[f"marks_{kind}"].data, self[f"policy_{kind}"].data
        return KindRequirement(kind, self[f"items_{kind}"].data, Decimal(1) if marks is None else marks, PartialCredit(policy))

    def _target(self) -> Target | None:
        if self.target.data == NO_TARGET:
            return None
        tolerance = TOLERANCE if self.tolerance.data is None else self.tolerance.data
        if self.target.data == RELATIVE:
            return Target(tuple(_figures(self.abilities)), Decimal(1) if self.relative.data is None else self.relative.data, None, tolerance)
        return Target(tuple(_figures(self.abilities)), None, tuple(_figures(self.information)), tolerance)


for _difficulty in DIFFICULTIES:
    _counted = IntegerField(lazy_gettext("Difficulty %(grade)d", grade=_difficulty), [Optional(), NumberRange(0, ITEMS_MOST, COUNT)])
    setattr(SpecificationForm, f"difficulty_{_difficulty}", _counted)
for _kind in ASKED_KINDS:
    _label = lazy_gettext(_kind.label.text)
    setattr(SpecificationForm, f"items_{_kind.name}", IntegerField(_label, [Optional(), NumberRange(0, ITEMS_MOST, COUNT)]))
    setattr(SpecificationForm, f"marks_{_kind.name}", DecimalField(lazy_gettext("Marks each"), [Optional(), NumberRange(0, ITEMS_MOST)], places=None))
    setattr(SpecificationForm, f"policy_{_kind.name}", SelectField(lazy_gettext("A response that is not wholly right")))


def kinds_in_order(specification: Specification) -> list[str]:
    """Return the kinds that may be asked: those of the specification in its order, then the others."""
    own = [kind.kind for kind in specification.kinds]
    return [*own, *(kind.name for kind in ASKED_KINDS if kind.name not in own)]


def entered_from(specification: Specification) -> dict[str, object]:
    """Return what stands in the fields for a specification."""
    kinds = {kind.kind: kind for kind in specification.kinds}
    target = specification.target
    values: dict[str, object] = {
        "name": specification.name,
        "minutes": specification.minutes,
        "kinds_in_sections": str(specification.kinds_in_sections),
        "deviation": specification.difficulty_deviation,
        "point_share": _percent(specification.point_share),
        "lower_level_share": _percent(specification.lower_level_share),
        "overlap_max": specification.overlap_max,
        "exposure_max": _percent(specification.exposure_max),
        "cases": specification.cases,
        "target": NO_TARGET if target is None else RELATIVE if target.relative is not None else ABSOLUTE,
    }
    if target is not None:
        values |= {"abilities": _listed(target.abilities), "relative": target.relative, "tolerance": target.tolerance}
        values |= {"information": _listed(target.information or ())}
    for difficulty, count in zip(DIFFICULTIES, specification.difficulty, strict=True):
        values[f"difficulty_{difficulty}"] = count
    for name, kind in kinds.items():
        values |= {f"items_{name}": kind.items, f"marks_{name}": kind.marks, f"policy_{name}": str(kind.partial_credit)}
    return values


class CopyForm(FlaskForm):
    """The name of a copy, or of a new specification."""

    name = StringField(lazy_gettext("Name of the specification"), [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)])


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / PERCENT


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else Decimal(format((share * PERCENT).normalize(), "f"))


def _listed(figures: Sequence[Decimal]) -> str:
    return ", ".join(format(figure, "f") for figure in figures)


def _figures(field: Any) -> list[Decimal]:
    """Return the figures of a field, separated by commas, spaces or semicolons of either script."""
    text = str(field.data or "").translate({ord("，"): ",", ord("、"): ",", ord("；"): ",", ord(";"): ",", ord("−"): "-"}).replace(",", " ")
    try:
        found = [Decimal(word) for word in text.split()]
    except InvalidOperation as error:
        raise ValidationError(gettext("Enter figures separated by commas, such as -1, 0, 1.")) from error
    if not found or any(not figure.is_finite() or abs(figure) > LARGEST for figure in found):
        raise ValidationError(gettext("Enter figures separated by commas, such as -1, 0, 1."))
    return found
