"""What finished forms are like, for those who approve them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from examsrv.assembly.aim import PERCENT, Aim, information_of
from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.pool import point_of
from examsrv.assembly.requirements import Requirements, figure
from examsrv.domain.form import Form
from examsrv.domain.specification import DIFFICULTIES

MEAN_DIGITS = 3
"""Digits of the mean difficulty in the JSON file."""

INFORMATION_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FormReport:
    """What one form is like. `points` counts the points asked by section, `points_of_bank` those that the bank could ask there."""

    name: str
    marks: Mapping[str, Decimal]
    kinds: Mapping[str, int]
    difficulty: Mapping[int, int]
    mean_difficulty: Fraction | None
    """None where the difficulty of an item is not known."""
    points: Mapping[str, int]
    points_of_bank: Mapping[str, int]
    seconds: Decimal | None
    """The expected time of all items; None where that of an item is not known."""
    information: tuple[float, ...]
    """At each ability of the target; nothing without one."""


@dataclass(frozen=True, slots=True)
class Information:
    """The target, and by how many percent the worst form misses it."""

    abilities: tuple[float, ...]
    wanted: tuple[float, ...]
    gap: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a set of forms is like. `overlap[i][j]`: items that forms i and j share, on the diagonal all items of the form."""

    forms: tuple[FormReport, ...]
    overlap: tuple[tuple[int, ...], ...]
    largest_overlap: int
    """Of two of the forms, or of one and an earlier one beside which they were drawn."""
    exposure: Mapping[str, int]
    """In how many forms each item stands; items that stand in none are not named."""
    information: Information | None

    @property
    def largest_exposure(self) -> float:
        """Return the largest share of the forms in which one item stands."""
        return max(self.exposure.values(), default=0) / len(self.forms)

    def plain(self) -> dict[str, object]:
        """Return the report in JSON types; exact figures are texts, information is rounded."""
        return {
            "information_gap_max": None if self.information is None else round(self.information.gap, INFORMATION_DIGITS),
            "overlap_max": self.largest_overlap,
            "exposure_max": round(self.largest_exposure, INFORMATION_DIGITS),
            "target": None
            if self.information is None
            else {"theta": list(self.information.abilities), "information": rounded(self.information.wanted)},
            "forms": [plain_form(form) for form in self.forms],
            "overlap": [list(row) for row in self.overlap],
            "largest_overlap": self.largest_overlap,
            "exposure": dict(self.exposure),
        }


def report_on(
    forms: Sequence[Form], bank: Sequence[BankItem], demands: Requirements, aim: Aim | None, beside: Sequence[Collection[str]] = ()
) -> Report:
    """Return the report on `forms`, drawn from `bank` beside earlier ones."""
    admitted = [item for item in bank if demands.admits(item)]
    place = {item.id: number for number, item in enumerate(admitted)}
    table = np.zeros((len(forms) + len(beside), len(admitted)), dtype=np.float32)
    for row, items in enumerate([*(form.items for form in forms), *beside]):
        table[row, [place[item] for item in items if item in place]] = 1
    shared = (table[: len(forms)] @ table.T).astype(int)
    largest = int(without_diagonal(shared).max(initial=0))
    uses = Counter(item for form in forms for item in form.items)
    told = np.zeros((len(admitted), 0)) if aim is None else information_of(admitted, aim.abilities)
    of_forms = table[: len(forms)].astype(float) @ told
    gap = None if aim is None else float(np.abs(of_forms / aim.figures - 1).max() * PERCENT)
    points = points_by_section(admitted, demands)
    return Report(
        tuple(
            report_on_form(form, [admitted[place[item]] for item in form.items], demands, points, row)
            for form, row in zip(forms, of_forms, strict=True)
        ),
        tuple(map(tuple, shared[:, : len(forms)].tolist())),
        largest,
        dict(sorted(uses.items())),
        None if aim is None or gap is None else Information(aim.abilities, tuple(aim.figures.tolist()), gap),
    )


def without_diagonal(shared: "np.ndarray[tuple[int, int], np.dtype[np.int_]]") -> "np.ndarray[tuple[int, int], np.dtype[np.int_]]":
    """Return what forms share with others than themselves."""
    others = shared.copy()
    np.fill_diagonal(others, 0)
    return others


def report_on_form(
    form: Form,
    items: Sequence[BankItem],
    demands: Requirements,
    points_of_bank: Mapping[str, int],
    information: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> FormReport:
    """Return the report on one form."""
    marks = dict.fromkeys(demands.sections, Decimal(0))
    for item in items:
        marks[item.section] += item.marks
    kinds, difficulties = Counter(item.kind for item in items), [item.difficulty for item in items if item.difficulty is not None]
    seconds = [item.seconds for item in items if item.seconds is not None]
    counted = Counter(difficulties)
    return FormReport(
        name=form.name,
        marks=marks,
        kinds={kind: kinds[kind] for kind in demands.kinds},
        difficulty={difficulty: counted[difficulty] for difficulty in DIFFICULTIES},
        mean_difficulty=Fraction(sum(difficulties), len(items)) if len(difficulties) == len(items) else None,
        points=points_by_section(items, demands),
        points_of_bank=points_of_bank,
        seconds=sum(seconds, Decimal(0)) if len(seconds) == len(items) else None,
        information=tuple(information.tolist()),
    )


def points_by_section(items: Sequence[BankItem], demands: Requirements) -> dict[str, int]:
    """Return how many different points `items` ask in each section."""
    counts = Counter(section for section, _point, _item in {point_of(item) for item in items})
    return {section: counts[section] for section in demands.sections}


def plain_form(form: FormReport) -> dict[str, object]:
    """Return the report on one form in JSON types; marks are texts, so that they stay exact."""
    return {
        "name": form.name,
        "marks": {section: figure(Fraction(marks)) for section, marks in form.marks.items()},
        "kinds": dict(form.kinds),
        "difficulty": {str(difficulty): count for difficulty, count in form.difficulty.items()},
        "mean_difficulty": None if form.mean_difficulty is None else round(float(form.mean_difficulty), MEAN_DIGITS),
        "points": dict(form.points),
        "points_of_bank": dict(form.points_of_bank),
        "seconds": None if form.seconds is None else float(form.seconds),
        "information": rounded(form.information),
    }


def rounded(figures: Sequence[float]) -> list[float]:
    """Return figures with as many digits as mean something."""
    return [round(value, INFORMATION_DIGITS) for value in figures]
