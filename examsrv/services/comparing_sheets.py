"""Scripts of a group side by side: how far each is, and, for whoever may see them, the sheets with what they come to.

Whoever may not is told nothing of what anybody gave: blindness is here, not in the pages. `viewer` is a person; None is the office.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.panel_marking import Combination, State, combine
from examsrv.domain.panel_tally import tally_of
from examsrv.domain.results import shown_total
from examsrv.domain.sheets import totals_of
from examsrv.services import scripts
from examsrv.services.judging import component_of
from examsrv.services.scripts import BARRED, DISCUSSION, LEADER, LEADER_DECIDES, Script
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    EntryRow,
    NoteRow,
    PersonRow,
    ReopeningRow,
    ReserveCallRow,
    ScriptRow,
    SittingRow,
)
from question_bank.message import N_, Message
from question_bank.task import TaskSet, Veto

OFFICE = None


class Aside(StrEnum):
    """Why a sheet on record does not count."""

    REOPENED = "reopened"
    DISCUSSED = "discussed"
    BARRED = "barred"
    REPLACED = "replaced"


ASIDE_NAMES: Mapping[Aside, Message] = {
    Aside.REOPENED: Message(N_("Reopened by two persons")),
    Aside.DISCUSSED: Message(N_("Set aside by a discussion")),
    Aside.BARRED: Message(N_("Its examiner may not score here")),
    Aside.REPLACED: Message(N_("Another one was handed in or called for")),
}


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A script of a group. `state` None: nothing was handed in, and no sheet is wanted. `sheets` of `wanted` are in.

    `combined`, `totals` by place, their `range` and the mark as it is `shown` are None or empty for whoever may not see them.
    """

    attempt: str
    number: int
    phase: Phase
    state: State | None
    sheets: int
    wanted: int
    combined: Combination | None
    totals: Mapping[int, Fraction]
    range: Fraction | None
    shown: str
    was_reserves: bool
    was_leader: bool
    was_discussed: bool


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How far a group is: its scripts that were handed in, by state."""

    group: int
    name: str
    states: Mapping[State, int]

    @property
    def scripts(self) -> int:
        """Return how many there are."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet handed in. `aside` None: it counts. `total` is what it comes to under the vetoes in force."""

    entry: int
    place: int
    edition: int
    examiner: str
    is_called: bool
    came: datetime
    marks: Mapping[str, Decimal]
    comments: Mapping[str, str]
    vetoes: frozenset[str]
    seconds: Mapping[str, int]
    total: Fraction
    aside: Aside | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion with what each sheet gave, in the order of the sheets. `spread` is the largest of these less the smallest."""

    id: str
    text: str
    full: Decimal
    step: Decimal
    allowed: tuple[Decimal, ...]
    given: tuple[Decimal, ...]
    comments: tuple[str, ...]
    spread: Decimal
    counted: Fraction | None


@dataclass(frozen=True, slots=True)
class TaskLines:
    """The criteria of a task."""

    id: str
    title: str
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True, slots=True)
class VetoLine:
    """A veto and who claims it, in the order of the sheets."""

    veto: Veto
    claims: tuple[bool, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was done about a script: who, when, and the reasons given."""

    what: Message
    who: str
    when: datetime
    reasons: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A script's sheets side by side, and the mark as it is `shown`.

    `is_before`: the sheets are those that the panel discusses now; the new ones are not shown until all are in. `earlier` are the sheets that count
    no more, by place and edition; `dispute` says why the discussed ones did not agree.
    """

    script: Script
    phase: Phase
    combined: Combination
    shown: str
    is_before: bool
    sheets: tuple[SheetView, ...]
    earlier: tuple[SheetView, ...]
    tasks: tuple[TaskLines, ...]
    vetoes: tuple[VetoLine, ...]
    dispute: tuple[Message, ...]
    history: tuple[Happening, ...]


def overview(session: Session, group: int, viewer: int | None) -> list[ScriptLine]:
    """Return the scripts of a group in their order, each as far as `viewer` may see it."""
    return [_line(session, script, viewer) for script in scripts.scripts_of_group(session, group)]


def group_counts(session: Session, sitting: int) -> list[GroupCounts]:
    """Return how far each group of a sitting is."""
    rows = session.execute(
        select(AssessmentGroupRow.id, AssessmentGroupRow.name).where(AssessmentGroupRow.sitting_id == sitting).order_by(AssessmentGroupRow.id)
    ).all()
    found = []
    for row in rows:
        states = (
            [scripts.combination(session, attempt).state for attempt in _handed_in(session, row.id)] if scripts.place_count(session, row.id) else []
        )
        found.append(GroupCounts(row.id, row.name, {state: states.count(state) for state in State}))
    return found


def is_all_settled(lines: Sequence[ScriptLine]) -> bool:
    """Tell whether every script that was handed in is settled, nobody is still at work, and there is one at all."""
    states = [line.state for line in lines if line.state is not None]
    return bool(states) and set(states) == {State.SETTLED} and all(line.phase is not Phase.RUNNING for line in lines)


def script_in_group(session: Session, group: int, number: int) -> str | None:
    """Return the attempt of a script by its number; None: the group has no such script."""
    return next((script.attempt for script in scripts.scripts_of_group(session, group) if script.number == number), None)


def may_see(session: Session, attempt: str, viewer: int | None, state: Combination) -> bool:
    """Tell whether `viewer` may see the sheets of a script: the office as soon as none is lacking, a person with an own sheet among them."""
    return not state.missing if viewer is OFFICE else scripts.may_see_colleagues(session, attempt, viewer, state)


def side_by_side(session: Session, attempt: str, viewer: int | None) -> SideBySide | None:
    """Return a script's sheets side by side; None: `viewer` may not see them (yet)."""
    combined = scripts.combination(session, attempt)
    everything = session.scalars(select(EntryRow).where(EntryRow.attempt_id == attempt).order_by(EntryRow.place, EntryRow.edition)).all()
    if may_see(session, attempt, viewer, combined):
        counted = {entry.id for entry in scripts.counted_entries(session, attempt).values()}
        return _beside(session, attempt, combined, everything, counted, is_before=False)
    discussed = _discussed(session, attempt, everything)
    if not discussed or not (viewer is OFFICE or any(entry.person_id == viewer for entry in discussed)):
        return None
    known = [entry for entry in everything if any(entry.place == each.place and entry.edition <= each.edition for each in discussed)]
    return _beside(session, attempt, combined, known, {entry.id for entry in discussed}, is_before=True)


def _handed_in(session: Session, group: int) -> Sequence[str]:
    query = select(ScriptRow.attempt_id).join(AttemptRow, AttemptRow.id == ScriptRow.attempt_id)
    return session.scalars(query.where(ScriptRow.group_id == group, AttemptRow.phase == Phase.SUBMITTED)).all()


def _line(session: Session, script: Script, viewer: int | None) -> ScriptLine:
    phase = Phase(session.get_one(AttemptRow, script.attempt).phase)
    called = scripts.calls(session, script.attempt)
    places = scripts.place_count(session, script.group)
    wanted = places + sum(place > places for place in called)
    ways = {row.way for row in scripts.adjudications(session, script.attempt)}
    was = {"was_reserves": wanted > places, "was_leader": LEADER_DECIDES in ways, "was_discussed": DISCUSSION in ways}
    if phase is not Phase.SUBMITTED or not places:
        return ScriptLine(script.attempt, script.number, phase, None, 0, wanted, None, {}, None, "", **was)
    combined = scripts.combination(session, script.attempt)
    entries = {place: entry for place, entry in scripts.counted_entries(session, script.attempt).items() if place != LEADER}
    if not may_see(session, script.attempt, viewer, combined):
        return ScriptLine(script.attempt, script.number, phase, combined.state, len(entries), wanted, None, {}, None, "", **was)
    tally = tally_of(task_set_of_attempt(session, script.attempt), [scripts.sheet_of(entry) for entry in entries.values()])
    totals = {place: each.total for place, each in tally.totals.items()}
    shown = _shown(session, script, combined)
    return ScriptLine(script.attempt, script.number, phase, combined.state, len(entries), wanted, combined, totals, tally.range, shown, **was)


def _shown(session: Session, script: Script, combined: Combination) -> str:
    return shown_total(component_of(session, session.get_one(SittingRow, script.sitting)), combined.total)


def _beside(session: Session, attempt: str, combined: Combination, known: Sequence[EntryRow], shown: set[int], *, is_before: bool) -> SideBySide:
    task_set, script = task_set_of_attempt(session, attempt), scripts.script_of(session, attempt)
    panel = [scripts.sheet_of(entry) for entry in known if entry.id in shown and entry.place != LEADER]
    in_force = tally_of(task_set, panel).vetoes if is_before or not combined.criteria else combined.vetoes
    views = [_sheet(session, script, entry, task_set, in_force, is_shown=entry.id in shown) for entry in known]
    sheets = sorted((view for view in views if view.entry in shown), key=lambda view: (view.place == LEADER, view.place))
    criteria = {} if is_before else combined.criteria
    return SideBySide(
        script=script,
        phase=Phase(session.get_one(AttemptRow, attempt).phase),
        combined=combined,
        shown=_shown(session, script, combined),
        is_before=is_before,
        sheets=tuple(sheets),
        earlier=tuple(view for view in views if view.entry not in shown),
        tasks=tuple(
            TaskLines(task.id, task.title, tuple(_criterion(task_set, each.id, sheets, criteria) for each in task.criteria))
            for task in task_set.tasks
        ),
        vetoes=tuple(VetoLine(veto, tuple(veto.id in sheet.vetoes for sheet in sheets), veto.id in in_force) for veto in task_set.vetoes),
        dispute=_dispute(session, attempt, task_set, known),
        history=tuple(sorted(_history(session, attempt), key=lambda each: each.when)),
    )


def _criterion(task_set: TaskSet, name: str, sheets: Sequence[SheetView], counted: Mapping[str, Fraction]) -> CriterionLine:
    criterion = next(each for each in task_set.criteria if each.id == name)
    given = tuple(sheet.marks[name] for sheet in sheets)
    independent = [sheet.marks[name] for sheet in sheets if sheet.place != LEADER]
    spread = max(independent) - min(independent) if independent else Decimal(0)
    comments = tuple(sheet.comments.get(name, "") for sheet in sheets)
    return CriterionLine(name, criterion.text, criterion.marks, criterion.step, criterion.allowed, given, comments, spread, counted.get(name))


def _sheet(session: Session, script: Script, entry: EntryRow, task_set: TaskSet, in_force: Sequence[str], *, is_shown: bool) -> SheetView:
    sheet = scripts.sheet_of(entry)
    return SheetView(
        entry=entry.id,
        place=entry.place,
        edition=entry.edition,
        examiner=_name(session, entry.person_id),
        is_called=entry.place > scripts.place_count(session, script.group),
        came=entry.wall,
        marks=sheet.marks,
        comments={criterion: _text(session, note) for criterion, note in entry.comments.items()},
        vetoes=sheet.vetoes,
        seconds={task: int(seconds) for task, seconds in entry.seconds.items()},
        total=totals_of(task_set, sheet, in_force).total,
        aside=None if is_shown else _aside(session, script, entry),
    )


def _aside(session: Session, script: Script, entry: EntryRow) -> Aside:
    own = (ReopeningRow.attempt_id == entry.attempt_id, ReopeningRow.place == entry.place, ReopeningRow.edition == entry.edition)
    if session.scalars(select(ReopeningRow.id).where(*own)).first() is not None:
        return Aside.REOPENED
    if entry.edition <= scripts.discussed_editions(session, entry.attempt_id).get(entry.place, 0):
        return Aside.DISCUSSED
    left = select(AssignmentRow.id).where(AssignmentRow.group_id == script.group, AssignmentRow.person_id == entry.person_id)
    return Aside.BARRED if session.scalars(left.where(AssignmentRow.ground == BARRED)).first() is not None else Aside.REPLACED


def _discussed(session: Session, attempt: str, entries: Sequence[EntryRow]) -> list[EntryRow]:
    editions = scripts.discussed_editions(session, attempt)
    return [entry for entry in entries if editions.get(entry.place) == entry.edition]


def _dispute(session: Session, attempt: str, task_set: TaskSet, known: Sequence[EntryRow]) -> tuple[Message, ...]:
    """Return why the sheets that were discussed did not agree; those that came afterwards may."""
    sheets = [scripts.sheet_of(entry) for entry in _discussed(session, attempt, known)]
    if not sheets:
        return ()
    row = session.get_one(SittingRow, session.get_one(AttemptRow, attempt).sitting_id)
    return combine(task_set, component_of(session, row), scripts.rule_of_attempt(session, attempt), len(sheets), sheets).reasons


def _history(session: Session, attempt: str) -> Iterator[Happening]:
    """Yield what was done about a script; nothing of it holds a mark."""
    for entry in session.scalars(select(EntryRow).where(EntryRow.attempt_id == attempt, EntryRow.place != LEADER)):
        values = {"place": entry.place, "edition": entry.edition}
        yield Happening(Message(N_("Sheet %(edition)d of place %(place)d handed in"), values), _name(session, entry.person_id), entry.wall, "")
    for call in session.scalars(select(ReserveCallRow).where(ReserveCallRow.attempt_id == attempt)):
        named: dict[str, object] = {"place": call.place, "name": _name(session, call.person_id)}
        yield Happening(Message(N_("%(name)s called to place %(place)d"), named), _name(session, call.called_by), call.wall, "")
    for way in scripts.adjudications(session, attempt):
        what = WAYS.get(way.way, Message(N_("Settled")))
        yield Happening(what, _name(session, way.person_id), way.wall, _text(session, way.note))
    for opened in session.scalars(select(ReopeningRow).where(ReopeningRow.attempt_id == attempt)):
        text = N_("The leader's sheet reopened") if opened.place == LEADER else N_("Sheet %(edition)d of place %(place)d reopened")
        values = {"place": opened.place, "edition": opened.edition}
        both = f"{_name(session, opened.proposed_by)} + {_name(session, opened.approved_by)}"
        yield Happening(Message(text, values), both, opened.wall, _text(session, opened.note))


WAYS: Mapping[str, Message] = {
    LEADER_DECIDES: Message(N_("The leader has decided")),
    DISCUSSION: Message(N_("A discussion was opened: every place hands in anew")),
}


def _name(session: Session, person: int) -> str:
    return session.get_one(PersonRow, person).name


def _text(session: Session, note: str | None) -> str:
    row = session.get(NoteRow, note) if note else None
    return row.text if row is not None else ""
