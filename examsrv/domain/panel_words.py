"""The sentences that explain a combination, with every figure needed to recompute it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import count

from examsrv.domain.panel_tally import Tally, mean_of
from examsrv.domain.sheets import Totals
from examsrv.rules.passing import is_component_passed, shown_mark
from question_bank.message import N_, Message
from question_bank.standard import Component
from question_bank.task import TaskSet, Veto, VetoScope

DECIMALS = 2
"""How many decimals a mean is shown with: enough for a person to recompute it. What is exact is shown whole."""

DISCUSSED = Message(N_("The panel has discussed: its sheets as they are now count"))
LEADER_DECIDES = Message(N_("The leader has decided: the leader's sheet alone counts"))


def waiting(missing: Sequence[int]) -> Message:
    """Say whose sheets are missing, and nothing else."""
    return Message(N_("Waiting for the sheets of the places %(places)s"), {"places": _listed(missing)})


def called_in(called: int) -> Message:
    """Say that reserves have scored as well."""
    return Message(N_("%(called)d reserves were called: the median of all sheets counts"), {"called": called})


def totals(tally: Tally) -> Message:
    """Say what each place's sheet comes to."""
    lines = [Message(N_("%(place)d: %(mark)s"), {"place": place, "mark": exact(each.total)}) for place, each in tally.totals.items()]
    return Message(N_("Totals by place: %(totals)s"), {"totals": _listed(lines)})


def vetoes(task_set: TaskSet, tally: Tally) -> Iterator[Message]:
    """Say of every veto that anybody claims by how many, and what follows."""
    for task in task_set.tasks:
        for veto in task.vetoes:
            if veto.id in tally.claims:
                follows = _cost(veto, task.id) if veto.id in tally.vetoes else Message(N_("it does not stand"))
                yield Message(
                    N_("Veto %(veto)s (%(text)s) is claimed by %(claimed)d of %(sheets)d: %(follows)s"), {**_claim(veto, tally), "follows": follows}
                )


def veto_disputed(veto: Veto, tally: Tally) -> Message:
    """Say that some claim a veto and others do not."""
    return Message(N_("Veto %(veto)s (%(text)s) is claimed by %(claimed)d of %(sheets)d only"), _claim(veto, tally))


def left_out(tally: Tally) -> Message:
    """Say which totals the mean leaves out."""
    lowest, highest = tally.ranked[0], tally.ranked[-1]
    values = {"high_place": highest, "low_place": lowest, "high": exact(tally.totals[highest].total), "low": exact(tally.totals[lowest].total)}
    text = N_("The highest total (%(high)s, place %(high_place)d) and the lowest (%(low)s, place %(low_place)d) are left out of the mean")
    return Message(text, values)


def range_of(tally: Tally, limit: Decimal, is_too_wide: bool) -> Message:
    """Say how far the totals lie apart, and whether that is too far."""
    high, low = (exact(tally.totals[place].total) for place in (tally.ranked[-1], tally.ranked[0]))
    values = {"high": high, "low": low, "range": exact(tally.range), "limit": exact(Fraction(limit))}
    if is_too_wide:
        return Message(N_("Range %(high)s − %(low)s = %(range)s: more than %(limit)s"), values)
    return Message(N_("Range %(high)s − %(low)s = %(range)s: not more than %(limit)s"), values)


def both_sides(component: Component, tally: Tally, places: Sequence[int], near: Decimal, is_near: bool) -> Message:
    """Say that totals stand on both sides of the pass mark, and whether their mean is near it; it is shown as exactly as that takes."""
    passing = Fraction(component.pass_mark)
    mean = _mean(component, tally, places, lambda shown: (abs(shown - passing) <= near) is is_near)
    values = {"mean": mean, "pass_mark": exact(passing), "near": exact(Fraction(near))}
    if is_near:
        return Message(N_("Totals on both sides of the pass mark %(pass_mark)s. %(mean)s: at most %(near)s away from it"), values)
    return Message(N_("Totals on both sides of the pass mark %(pass_mark)s. %(mean)s: more than %(near)s away from it"), values)


def settled_by_mean(component: Component, tally: Tally, places: Sequence[int]) -> Message:
    """Give the mean with its sum, and what it decides."""
    return _judged(component, _mean(component, tally, places), mean_of(tally, places).total)


def settled_by_median(component: Component, tally: Tally) -> Message:
    """Give the median with all totals in their order, and what it decides."""
    median = tally.totals[tally.middle].total
    listed = _listed([exact(tally.totals[place].total) for place in tally.ranked])
    return _judged(component, Message(N_("Median of %(totals)s = %(mark)s"), {"totals": listed, "mark": exact(median)}), median)


def settled_by_leader(component: Component, leader: Totals) -> Message:
    """Give the leader's mark as the sum of its sections, and what it decides."""
    values = {"sum": _sum(leader.sections.values()), "mark": exact(leader.total)}
    return _judged(component, Message(N_("Leader's sheet %(sum)s = %(mark)s"), values), leader.total)


def exact(mark: Fraction) -> str:
    """Return a mark that is a sum of decimals as it is."""
    return f"{(Decimal(mark.numerator) / Decimal(mark.denominator)).normalize():f}"


def _judged(component: Component, calculation: Message, mark: Fraction) -> Message:
    values = {"calculation": calculation, "pass_mark": exact(Fraction(component.pass_mark))}
    if is_component_passed(component, mark):
        return Message(N_("%(calculation)s: passed, the pass mark is %(pass_mark)s"), values)
    return Message(N_("%(calculation)s: not passed, the pass mark is %(pass_mark)s"), values)


def _mean(component: Component, tally: Tally, places: Sequence[int], may_be_shown: Callable[[Fraction], bool] = lambda _: True) -> Message:
    mean = mean_of(tally, places).total
    shown = next(text for text in _ever_closer(component, mean) if may_be_shown(Fraction(text)))
    values = {"sum": _sum(tally.totals[place].total for place in places), "count": len(places), "mark": shown}
    return Message(N_("Mean (%(sum)s)/%(count)d = %(mark)s"), values)


def _ever_closer(component: Component, mark: Fraction) -> Iterator[str]:
    """Yield a mark with ever more decimals, never on the other side of the pass mark; without those that say nothing where it is exact."""
    for decimals in count(DECIMALS):
        shown = shown_mark(component, mark, decimals)
        yield exact(mark) if Fraction(shown) == mark else shown


def _sum(marks: Iterable[Fraction]) -> str:
    return "+".join(map(exact, marks))


def _listed(parts: Iterable[object]) -> object:
    """Return `parts` one after the other, as the reader's language lists them."""
    return reduce(lambda before, then: Message(N_("%(before)s, %(then)s"), {"before": before, "then": then}), parts)


def _claim(veto: Veto, tally: Tally) -> dict[str, object]:
    return {"veto": veto.id, "text": veto.text, "claimed": tally.claims[veto.id], "sheets": len(tally.totals)}


def _cost(veto: Veto, task: str) -> Message:
    if veto.scope is VetoScope.WHOLE:
        return Message(N_("it stands, the whole assessment earns 0"))
    return Message(N_("it stands, task %(task)s earns 0"), {"task": task})
