"""The form of a batch: how the marks of several examiners are combined."""

from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from examsrv.domain.combining_rule import ADJUDICATION_NAMES, LONGEST_NUMBER, Adjudication, CombiningRule
from examsrv.services.batches import NAME_LONGEST
from examsrv.web.language import shown

NEVER = ""
TRIMMED_FROM = (5, 7, 9)
"""The sizes of groups that are offered: three sheets without the highest and the lowest would be one."""
FEW, MORE = 3, 5
"""The numbers of places for which a limit of the range is set (DECISIONS 25)."""
MARKS = InputRequired(lazy_gettext("Enter marks, such as 15 or 2.5."))
BRIEF = Length(max=LONGEST_NUMBER)


class BatchForm(FlaskForm):
    """A batch. Once sheets are in, only its name can be changed: `settle` leaves the rest out."""

    SETTINGS = ("adjudication", "trim_from", "range_few", "range_more", "near", "skills_need_proctors")

    name = StringField(lazy_gettext("Name of the batch"), [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)])
    adjudication = RadioField(lazy_gettext("When examiners disagree"))
    trim_from = SelectField(
        lazy_gettext("Leave out the highest and the lowest mark"),
        description=lazy_gettext("From so many examiners on the mean is taken without them."),
    )
    range_few = StringField(
        lazy_gettext("Largest range for 3 examiners"), [MARKS, BRIEF], description=lazy_gettext("In marks of 100; a larger one is a dispute.")
    )
    range_more = StringField(lazy_gettext("Largest range for 5 examiners and more"), [MARKS, BRIEF])
    near = StringField(
        lazy_gettext("Near the pass mark"),
        [MARKS, BRIEF],
        description=lazy_gettext("Marks on both sides of 60 are a dispute if their mean is so near to it."),
    )
    skills_need_proctors = BooleanField(
        lazy_gettext("Skills assessments need proctors"), description=lazy_gettext("As theory does: 1 for 15 candidates, at least 2 in a room.")
    )

    def offer(self) -> None:
        """Offer the ways of settling and the numbers of examiners."""
        self.adjudication.choices = [(way.value, shown(ADJUDICATION_NAMES[way])) for way in Adjudication]
        own = self.trim_from.object_data
        sizes = sorted({*TRIMMED_FROM, *([int(own)] if own else [])})
        never = [(NEVER, lazy_gettext("Never"))]
        self.trim_from.choices = [*never, *((str(size), lazy_gettext("From %(count)s examiners on", count=size)) for size in sizes)]

    def settle(self) -> None:
        """Leave out what stays once sheets were handed in."""
        for name in self.SETTINGS:
            del self[name]

    def rule(self, before: CombiningRule) -> CombiningRule:
        """Return the rule as it was entered. Raises ExamError for figures that cannot be meant; limits for other numbers of places stay as before."""
        if "near" not in self:
            return before
        limits = {**before.range_limits, FEW: _marks(self.range_few.data), MORE: _marks(self.range_more.data)}
        plain = {
            "trim_from": int(self.trim_from.data) if self.trim_from.data else None,
            "range_limits": {str(places): limit for places, limit in limits.items()},
            "near": _marks(self.near.data),
            "adjudication": self.adjudication.data,
        }
        return CombiningRule.from_plain(plain)


def values_of(rule: CombiningRule) -> dict[str, str]:
    """Return what the form's fields show of a rule."""
    return {
        "adjudication": rule.adjudication.value,
        "trim_from": NEVER if rule.trim_from is None else str(rule.trim_from),
        "range_few": spelt(rule.range_limit(FEW)),
        "range_more": spelt(rule.range_limit(MORE)),
        "near": spelt(rule.near),
    }


def spelt(marks: Decimal) -> str:
    """Return marks without zeros that say nothing."""
    return f"{marks.normalize():f}"


def _marks(text: str) -> Decimal | str:
    """Return marks as entered; what is no number goes on as it stands, to be refused in words."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return text
