"""What a panel sees: its candidates in their order, and one hearing with clock, documents and questions. Nothing here tells anybody's marks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.hearing import HearingKind, HearingState
from examsrv.domain.moment import Moment
from examsrv.services.assessment_groups import GroupView, group, groups_of_person, groups_of_sitting
from examsrv.services.candidates import candidate_of
from examsrv.services.hearing_clock import hearing_states
from examsrv.services.hearings import GROUNDS, waiting_scripts
from examsrv.services.panel_questions import PanelQuestion, questions
from examsrv.services.papers import paper_title
from examsrv.services.review_documents import DocumentView, documents
from examsrv.services.scripts import counted_entries, place_for, script_of, scripts_of_group
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    CandidateRow,
    HearingEntryRow,
    NoteRow,
    PersonRow,
    ReviewDocumentRow,
    RoomRow,
    ScriptRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
)
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey


class HearingStage(StrEnum):
    """How far a candidate's hearing is."""

    WAITING = "waiting"
    NEXT = "next"
    RUNNING = "running"
    PAUSED = "paused"
    HEARD = "heard"
    ABSENT = "absent"
    VOIDED = "voided"


ON = frozenset({HearingStage.RUNNING, HearingStage.PAUSED})


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate of a panel; `number` is the script's."""

    attempt: str
    number: int
    position: int
    ticket: str
    name: str
    masked: str
    has_photo: bool
    stage: HearingStage
    state: HearingState
    documents: int


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel with its candidates in the order of speaking."""

    group: GroupView
    planned: datetime
    place: str
    minimum: timedelta
    lines: tuple[CandidateLine, ...]

    @property
    def heard(self) -> int:
        """Return how many hearings are over."""
        return sum(line.stage is HearingStage.HEARD for line in self.lines)

    @property
    def is_untouched(self) -> bool:
        """Tell whether nobody was heard or entered as absent, so that the order may be drawn."""
        return all(line.stage in (HearingStage.WAITING, HearingStage.NEXT, HearingStage.VOIDED) for line in self.lines)

    @property
    def waiting(self) -> tuple[CandidateLine, ...]:
        """Return who is still to be heard."""
        return tuple(line for line in self.lines if line.stage in (HearingStage.WAITING, HearingStage.NEXT))


@dataclass(frozen=True, slots=True)
class HearingEvent:
    """An entry of the panel's clock in words."""

    kind: HearingKind
    at: timedelta
    wall: datetime
    ground: Message | None
    note: str
    person: str


@dataclass(frozen=True, slots=True)
class HearingView:
    """One hearing. `has_sheet`: whoever looks is to score it, or has; `is_in`: that sheet is handed in."""

    panel: PanelView
    line: CandidateLine
    documents: tuple[DocumentView, ...]
    questions: tuple[PanelQuestion, ...]
    events: tuple[HearingEvent, ...]
    has_sheet: bool
    is_in: bool

    @property
    def left_to_minimum(self) -> timedelta:
        """Return how long the hearing has to go on at least; zero from the minimum on."""
        return max(timedelta(), self.panel.minimum - self.line.state.elapsed)


def panels_of(session: Session, secret: Secret, person: int, at: Moment) -> list[PanelView]:
    """Return the panels in which somebody is a member now."""
    mine = [each for each in groups_of_person(session, person) if each.is_panel and person in each.members]
    return [panel_view(session, secret, each.id, at) for each in mine]


def panels_of_sitting(session: Session, secret: Secret, sitting: int, at: Moment) -> list[PanelView]:
    """Return the panels of a review."""
    return [panel_view(session, secret, each.id, at) for each in groups_of_sitting(session, sitting)]


def panel_view(session: Session, secret: Secret, number: int, at: Moment) -> PanelView:
    """Return a panel as it is now."""
    view = group(session, number)
    sitting = session.get_one(SittingRow, view.sitting)
    minimum = standard_of(session, sitting.occupation).component(ComponentKey(sitting.component)).minimum
    return PanelView(view, sitting.planned, _place(session, view), minimum, _lines(session, secret, number, at))


def hearing_view(session: Session, secret: Secret, attempt: str, person: int | None, at: Moment) -> HearingView:
    """Return one hearing as `person` sees it; None: the office."""
    panel = panel_view(session, secret, script_of(session, attempt).group, at)
    line = next(line for line in panel.lines if line.attempt == attempt)
    place = None if person is None else place_for(session, attempt, person)
    return HearingView(
        panel=panel,
        line=line,
        documents=tuple(documents(session, attempt)),
        questions=tuple(questions(session, attempt)),
        events=tuple(hearing_events(session, attempt)),
        has_sheet=place is not None,
        is_in=place is not None and place in counted_entries(session, attempt),
    )


def hearing_events(session: Session, attempt: str) -> list[HearingEvent]:
    """Return what was entered in the clock of a hearing, in order."""
    query = (
        select(HearingEntryRow, NoteRow.text, PersonRow.name)
        .outerjoin(NoteRow, NoteRow.digest == HearingEntryRow.note)
        .outerjoin(PersonRow, PersonRow.id == HearingEntryRow.person_id)
        .where(HearingEntryRow.attempt_id == attempt)
        .order_by(HearingEntryRow.at, HearingEntryRow.id)
    )
    return [
        HearingEvent(HearingKind(row.kind), row.at, row.wall, GROUNDS.get(row.ground), note or "", person or "")
        for row, note, person in session.execute(query)
    ]


def is_member(session: Session, number: int, person: int) -> bool:
    """Tell whether somebody holds a place of a panel whose sitting is published."""
    view = next((each for each in groups_of_person(session, person) if each.id == number), None)
    return view is not None and view.is_panel and person in view.members


def leads(session: Session, number: int, person: int) -> bool:
    """Tell whether somebody leads such a panel."""
    return is_member(session, number, person) and group(session, number).lead == person


def may_see_hearing(session: Session, attempt: str, person: int) -> bool:
    """Tell whether somebody may see a candidate's review: the members of the panel, and a reserve who was called to this script."""
    number = _group_of(session, attempt)
    if number is None:
        return False
    if is_member(session, number, person):
        return True
    view = group(session, number)
    return view.is_panel and view.is_published and place_for(session, attempt, person) is not None


def leads_hearing(session: Session, attempt: str, person: int) -> bool:
    """Tell whether somebody leads the panel that hears a candidate."""
    number = _group_of(session, attempt)
    return number is not None and leads(session, number, person)


def is_heard(session: Session, attempt: str) -> bool:
    """Tell whether an attempt is a candidate's of a review, in a panel."""
    number = _group_of(session, attempt)
    return number is not None and group(session, number).is_panel


def title_of(session: Session, panel: PanelView) -> str:
    """Return what a panel examines, as it stands over papers: occupation, level and component."""
    row = session.get_one(SittingRow, panel.group.sitting)
    return paper_title(session, row.occupation, row.level, row.component)


def _group_of(session: Session, attempt: str) -> int | None:
    return session.scalars(select(ScriptRow.group_id).where(ScriptRow.attempt_id == attempt)).one_or_none()


def _lines(session: Session, secret: Secret, number: int, at: Moment) -> tuple[CandidateLine, ...]:
    scripts = scripts_of_group(session, number)
    names = [script.attempt for script in scripts]
    states = hearing_states(session, names, at.exam)
    first = next((script.attempt for script in waiting_scripts(session, number, at)), None)
    query = select(AttemptRow, CandidateRow).join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id).where(AttemptRow.id.in_(names))
    people = {attempt.id: (attempt, candidate) for attempt, candidate in session.execute(query)}
    kept = _documents_kept(session, names)
    lines = []
    for script in scripts:
        attempt, candidate = people[script.attempt]
        details = candidate_of(secret, candidate)
        stage = _stage(Phase(attempt.phase), states[script.attempt], is_next=script.attempt == first)
        has_photo = candidate.photo is not None
        state, count = states[script.attempt], kept.get(script.attempt, 0)
        about = (script.position, attempt.ticket, details.name, details.masked, has_photo)
        lines.append(CandidateLine(script.attempt, script.number, *about, stage, state, count))
    return tuple(lines)


def _stage(phase: Phase, state: HearingState, *, is_next: bool) -> HearingStage:
    if phase is Phase.VOIDED:
        return HearingStage.VOIDED
    if state.is_over or phase is Phase.SUBMITTED:
        return HearingStage.HEARD
    if state.is_on:
        return HearingStage.PAUSED if state.paused else HearingStage.RUNNING
    if state.is_absent:
        return HearingStage.ABSENT
    return HearingStage.NEXT if is_next else HearingStage.WAITING


def _documents_kept(session: Session, attempts: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for attempt in session.scalars(select(ReviewDocumentRow.attempt_id).where(ReviewDocumentRow.attempt_id.in_(attempts))):
        found[attempt] = found.get(attempt, 0) + 1
    return found


def _place(session: Session, view: GroupView) -> str:
    """Return site and rooms of a panel's candidates."""
    rooms = (
        select(RoomRow.name)
        .join(SittingRoomRow, SittingRoomRow.room_id == RoomRow.id)
        .join(AttemptRow, AttemptRow.sitting_room_id == SittingRoomRow.id)
        .join(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
        .where(ScriptRow.group_id == view.id)
        .distinct()
        .order_by(RoomRow.name)
    )
    return " · ".join([session.get_one(SiteRow, view.site).name, *session.scalars(rooms)])


EVENT_NAMES = {
    HearingKind.BEGIN: Message(N_("Hearing taken up")),
    HearingKind.PAUSE: Message(N_("Paused")),
    HearingKind.RESUME: Message(N_("Went on")),
    HearingKind.END: Message(N_("Ended")),
    HearingKind.ABSENT: Message(N_("Entered as absent")),
}
"""The words for the entries of the clock."""
