"""Several sheets laid side by side: which vetoes stand, what each sheet comes to under these, and what they make together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

from examsrv.domain.sheets import NOTHING, Sheet, Totals, totals_of
from question_bank.task import TaskSet


@dataclass(frozen=True, slots=True)
class Tally:
    """`claims` counts who claims a veto, for those that anybody claims; `vetoes` stand; `totals` are by place, in the order of places."""

    claims: Mapping[str, int]
    vetoes: tuple[str, ...]
    totals: Mapping[int, Totals]

    @property
    def ranked(self) -> tuple[int, ...]:
        """Return the places from the lowest total to the highest; of equal totals the first place counts as the lower."""
        return tuple(sorted(self.totals, key=lambda place: (self.totals[place].total, place)))

    @property
    def range(self) -> Fraction:
        """Return how far the highest total lies above the lowest."""
        return self.totals[self.ranked[-1]].total - self.totals[self.ranked[0]].total

    @property
    def middle(self) -> int:
        """Return the place whose total is the median. There must be an odd number of sheets."""
        return median_low([(totals.total, place) for place, totals in self.totals.items()])[-1]

    @property
    def places(self) -> tuple[int, ...]:
        """Return all places, in order."""
        return tuple(self.totals)

    @property
    def trimmed(self) -> tuple[int, ...]:
        """Return the places without one of the highest and one of the lowest total, in order."""
        return tuple(sorted(self.ranked[1:-1]))


def tally_of(task_set: TaskSet, sheets: Sequence[Sheet]) -> Tally:
    """Lay `sheets` side by side. A veto stands if more claim it than do not; an odd number of sheets leaves no tie."""
    counts = {veto.id: sum(veto.id in sheet.vetoes for sheet in sheets) for veto in task_set.vetoes}
    standing = tuple(veto for veto, count in counts.items() if count > len(sheets) - count)
    in_order = sorted(sheets, key=lambda sheet: sheet.place)
    return Tally(
        {veto: count for veto, count in counts.items() if count},
        standing,
        {sheet.place: totals_of(task_set, sheet, standing) for sheet in in_order},
    )


def mean_of(tally: Tally, places: Sequence[int]) -> Totals:
    """Return the mean of the totals of `places`, criterion by criterion and section by section: they add up as each sheet's do."""
    chosen = [tally.totals[place] for place in places]
    return Totals(
        _means([totals.criteria for totals in chosen]),
        _means([totals.sections for totals in chosen]),
        sum((totals.total for totals in chosen), NOTHING) / len(chosen),
    )


def _means(marks: Sequence[Mapping[str, Fraction]]) -> dict[str, Fraction]:
    return {name: sum((each[name] for each in marks), NOTHING) / len(marks) for name in marks[0]}
