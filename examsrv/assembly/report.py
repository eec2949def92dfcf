"""What finished forms are like, for those who approve them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from examsrv.assembly.requirements import Requirements, figure
from examsrv.domain.form import Form
from examsrv.domain.specification import DIFFICULTIES
from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class FormReport:
    """What one form is like. `points` counts the points asked by section, `points_of_bank` those that the bank could ask there."""

    name: str
    marks: Mapping[str, Decimal]
    kinds: Mapping[str, int]
    difficulty: Mapping[int, int]
    mean_difficulty: Fraction
    points: Mapping[str, int]
    points_of_bank: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """What a set of forms is like. `overlap[i][j]`: items that forms i and j share, on the diagonal all items of the form."""

    forms: tuple[FormReport, ...]
    overlap: tuple[tuple[int, ...], ...]
    largest_overlap: int
    exposure: Mapping[str, int]
    """In how many forms each item stands; items that stand in none are not named."""

    def plain(self) -> dict[str, object]:
        """Return the report in JSON types; exact figures are texts."""
        return {
            "forms": [plain_form(form) for form in self.forms],
            "overlap": [list(row) for row in self.overlap],
            "largest_overlap": self.largest_overlap,
            "exposure": dict(self.exposure),
        }


def report_on(forms: Sequence[Form], items: Sequence[Item], demands: Requirements) -> Report:
    """Return the report on `forms`, drawn from `items`."""
    bank = {item.id: item for item in items if demands.admits(item)}
    sets = [frozenset(form.items) for form in forms]
    overlap = tuple(tuple(len(one & other) for other in sets) for one in sets)
    largest = max((row[column] for place, row in enumerate(overlap) for column in range(place)), default=0)
    uses = Counter(item for form in forms for item in form.items)
    return Report(tuple(report_on_form(form, bank, demands) for form in forms), overlap, largest, dict(sorted(uses.items())))


def report_on_form(form: Form, bank: Mapping[str, Item], demands: Requirements) -> FormReport:
    """Return the report on one form."""
    items = [bank[item] for item in form.items]
    return FormReport(
        name=form.name,
        marks={section: sum((demands.marks[item.kind] for item in items if item.section == section), Decimal(0)) for section in demands.sections},
        kinds={kind: sum(item.kind == kind for item in items) for kind in demands.marks},
        difficulty={difficulty: sum(item.difficulty == difficulty for item in items) for difficulty in DIFFICULTIES},
        mean_difficulty=Fraction(sum(item.difficulty for item in items), len(items)),
        points=points_by_section(items, demands),
        points_of_bank=points_by_section(list(bank.values()), demands),
    )


def points_by_section(items: Sequence[Item], demands: Requirements) -> dict[str, int]:
    """Return how many different points `items` ask in each section."""
    return {section: len({item.point for item in items if item.section == section}) for section in demands.sections}


def plain_form(form: FormReport) -> dict[str, object]:
    """Return the report on one form in JSON types; marks are texts, so that they stay exact."""
    return {
        "name": form.name,
        "marks": {section: figure(Fraction(marks)) for section, marks in form.marks.items()},
        "kinds": dict(form.kinds),
        "difficulty": {str(difficulty): count for difficulty, count in form.difficulty.items()},
        "mean_difficulty": round(float(form.mean_difficulty), MEAN_DIGITS),
        "points": dict(form.points),
        "points_of_bank": dict(form.points_of_bank),
    }


MEAN_DIGITS = 3
"""Digits of the mean difficulty in the JSON file."""
