"""What the sheets of a panel come to: the mean while it agrees; once it is in dispute, what settles that (DECISIONS 25). Exact throughout.

Whatever is counted is counted in an odd number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from examsrv.domain import panel_words
from examsrv.domain.combining_rule import ADJUDICATION_NAMES, LEAST_PLACES, CombiningRule
from examsrv.domain.panel_tally import Tally, mean_of, tally_of
from examsrv.domain.sheets import Sheet, Totals, require_sheet
from examsrv.rules.passing import is_component_passed
from examsrv.rules.staffing import next_odd
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component
from question_bank.task import TaskSet


class PanelError(ExamError):
    """Sheets that cannot be those of the panel they are said to be."""


class State(StrEnum):
    """How far a script's marks have come."""

    WAITING = "waiting"
    """Sheets are missing; nothing is said about those that are there."""
    DISPUTED = "disputed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Combination:
    """What sheets come to. Until it is SETTLED nothing is counted and there is no mark.

    `missing` are the places whose sheets are waited for. `reasons` say why the panel's own sheets, as they are, do not agree, also once that is
    settled. `counted` are the places whose totals make the mark, always an odd number of them; `vetoes` are those that stand. `criteria` add up to
    `sections` (see `sheets.totals_of`), these to `total`. `steps` explain it all; the last one of what is settled is the sum itself.
    """

    state: State
    missing: tuple[int, ...] = ()
    reasons: tuple[Message, ...] = ()
    counted: tuple[int, ...] = ()
    vetoes: tuple[str, ...] = ()
    criteria: Mapping[str, Fraction] = field(default_factory=dict)
    sections: Mapping[str, Fraction] = field(default_factory=dict)
    total: Fraction | None = None
    steps: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class _Settings:
    """What stays the same for all scripts of a sitting."""

    task_set: TaskSet
    component: Component
    rule: CombiningRule


def combine(
    task_set: TaskSet,
    component: Component,
    rule: CombiningRule,
    places: int,
    sheets: Sequence[Sheet],
    called: int = 0,
    leader: Sheet | None = None,
    is_discussed: bool = False,
) -> Combination:
    """Return what `sheets` come to: those of the panel's `places`, numbered from 1, and of the `called` reserves, numbered after them.

    What was done last goes first: the `leader`'s own sheet (which waits for no reserve), then reserves, then a discussion. Refuses what no panel can
    be: an even number, two sheets of one place, a sheet that is not complete, a set whose marks are not the component's.
    """
    _require_panel(places, called)
    _require_full_mark(task_set, component)
    by_place = _by_place(task_set, sheets, places + called)
    last = places if leader is not None else places + called
    missing = tuple(place for place in range(1, last + 1) if place not in by_place)
    if missing:
        return Combination(State.WAITING, missing, steps=(panel_words.waiting(missing),))
    settings = _Settings(task_set, component, rule)
    panel = tally_of(task_set, [sheet for place, sheet in by_place.items() if place <= places])
    if leader is not None:
        require_sheet(task_set, leader.marks, leader.vetoes)
        return _by_leader(settings, panel, tally_of(task_set, [leader]))
    if called:
        return _by_reserves(settings, panel, tally_of(task_set, list(by_place.values())), called)
    return _by_discussion(settings, panel) if is_discussed else _by_panel(settings, panel)


def _by_panel(settings: _Settings, panel: Tally) -> Combination:
    steps, reasons = _compared(settings, panel)
    if not reasons:
        return _settled_by_mean(settings, panel, (), steps)
    what_follows = ADJUDICATION_NAMES[settings.rule.adjudication]
    return Combination(State.DISPUTED, reasons=reasons, vetoes=panel.vetoes, steps=(*steps, what_follows))


def _by_discussion(settings: _Settings, panel: Tally) -> Combination:
    steps, reasons = _compared(settings, panel)
    return _settled_by_mean(settings, panel, reasons, (panel_words.DISCUSSED, *steps))


def _by_reserves(settings: _Settings, panel: Tally, everybody: Tally, called: int) -> Combination:
    steps, reasons = _compared(settings, panel)
    steps = (*steps, panel_words.called_in(called), *_laid_open(settings, everybody), panel_words.settled_by_median(settings.component, everybody))
    return _settled(everybody, reasons, (everybody.middle,), everybody.totals[everybody.middle], steps)


def _by_leader(settings: _Settings, panel: Tally, leader: Tally) -> Combination:
    steps, reasons = _compared(settings, panel)
    ((place, decided),) = leader.totals.items()
    steps = (
        *steps,
        panel_words.LEADER_DECIDES,
        *panel_words.vetoes(settings.task_set, leader),
        panel_words.settled_by_leader(settings.component, decided),
    )
    return _settled(leader, reasons, (place,), decided, steps)


def _settled_by_mean(settings: _Settings, panel: Tally, reasons: tuple[Message, ...], steps: tuple[Message, ...]) -> Combination:
    counted = _counted_in_mean(settings.rule, panel)
    last = panel_words.settled_by_mean(settings.component, panel, counted)
    return _settled(panel, reasons, counted, mean_of(panel, counted), (*steps, last))


def _settled(tally: Tally, reasons: tuple[Message, ...], counted: tuple[int, ...], made: Totals, steps: tuple[Message, ...]) -> Combination:
    return Combination(State.SETTLED, (), reasons, counted, tally.vetoes, made.criteria, made.sections, made.total, steps)


def _counted_in_mean(rule: CombiningRule, tally: Tally) -> tuple[int, ...]:
    return tally.trimmed if rule.trims(len(tally.totals)) else tally.places


def _laid_open(settings: _Settings, tally: Tally) -> tuple[Message, ...]:
    return (panel_words.totals(tally), *panel_words.vetoes(settings.task_set, tally))


def _compared(settings: _Settings, panel: Tally) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return the steps that show how far the panel agrees, and those of them that say why it does not."""
    findings = tuple(_findings(settings, panel))
    trimmed = (panel_words.left_out(panel),) if settings.rule.trims(len(panel.totals)) else ()
    steps = (*_laid_open(settings, panel), *trimmed, *(sentence for sentence, _ in findings))
    return steps, tuple(sentence for sentence, is_dispute in findings if is_dispute)


def _findings(settings: _Settings, panel: Tally) -> Iterator[tuple[Message, bool]]:
    """Yield what is looked at and whether it makes a dispute: the range, the sides of the pass mark, each veto that only some claim."""
    limit, near = settings.rule.range_limit(len(panel.totals)), settings.rule.near
    is_too_wide = panel.range > limit
    yield panel_words.range_of(panel, limit, is_too_wide), is_too_wide
    if len({is_component_passed(settings.component, totals.total) for totals in panel.totals.values()}) > 1:
        counted = _counted_in_mean(settings.rule, panel)
        is_near = abs(mean_of(panel, counted).total - Fraction(settings.component.pass_mark)) <= near
        yield panel_words.both_sides(settings.component, panel, counted, near, is_near), is_near
    for veto in settings.task_set.vetoes:
        if 0 < panel.claims.get(veto.id, 0) < len(panel.totals):
            yield panel_words.veto_disputed(veto, panel), True


def _by_place(task_set: TaskSet, sheets: Sequence[Sheet], last: int) -> dict[int, Sheet]:
    by_place: dict[int, Sheet] = {}
    for sheet in sheets:
        if sheet.place in by_place:
            raise PanelError(Message(N_("Place %(place)d has two sheets"), {"place": sheet.place}))
        if not 1 <= sheet.place <= last:
            raise PanelError(Message(N_("There is no place %(place)d, the last one is %(last)d"), {"place": sheet.place, "last": last}))
        require_sheet(task_set, sheet.marks, sheet.vetoes)
        by_place[sheet.place] = sheet
    return by_place


def _require_panel(places: int, called: int) -> None:
    if places < LEAST_PLACES or places != next_odd(places):
        values = {"places": places, "least": LEAST_PLACES}
        raise PanelError(Message(N_("Marks of an odd number of examiners are combined, at least %(least)d, not of %(places)d"), values))
    if called < 0 or called == next_odd(called):
        raise PanelError(Message(N_("Reserves are called in pairs, not %(called)d of them"), {"called": called}))


def _require_full_mark(task_set: TaskSet, component: Component) -> None:
    if task_set.marks != component.full_mark:
        values = {"set": task_set.id, "marks": f"{task_set.marks:f}", "component": component.name, "full": f"{component.full_mark:f}"}
        raise PanelError(Message(N_("The tasks of %(set)s come to %(marks)s marks, %(component)s to %(full)s"), values))
