"""An installation with two sites: staff of every role, sittings that are planned, running and marked, drawn papers, a bank.

Each site has two rooms, 1 and 2; the sitting that is running is held in both, with two candidates in each. The one that was marked has two
candidates in room 1 and a run that waits for its second person. Nothing is signed in through pages, and everything can be brought back at once.
"""

import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.moment import Actor
from examsrv.domain.paper import compose
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import (
    answering,
    assessment_groups,
    banking,
    bars,
    batches,
    candidates,
    commenting,
    distributing,
    drawing,
    drawings,
    equipping,
    importing_items,
    marking_runs,
    media,
    review_documents,
    signing_in,
    specifying,
    task_sets,
    writing_items,
)
from examsrv.services.auditing import keep_note
from examsrv.services.drawing import Drawn, DrawnPaper, PackedPaper, Wanted
from examsrv.services.ledger import add_entry
from examsrv.services.reading_items import ItemFile
from examsrv.services.signing_in import BoundSeat
from examsrv.storage.database import Database
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    CaseFileRow,
    EntryRow,
    FormRow,
    FormSetRow,
    PaperRow,
    PersonRow,
    PresenceRow,
    ProctorDutyRow,
    ScriptRow,
    SittingRoomRow,
    SittingRow,
)
from examsrv.web.server import Server
from question_bank.formats.reading import Reading
from question_bank.kinds import KINDS
from question_bank.pack import PACKS, Pack
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, TaskSet
from question_bank.task_record import task_set_from
from tests.builders import (
    LIMIT,
    MORNING,
    OFFICE,
    PIN,
    QUICK_HASHER,
    SECRET,
    add_person,
    at,
    candidate_name,
    id_number,
    make_app,
    make_items,
    make_server,
    new_key,
)
from tests.panels import Assessment, add_answers, add_assessment, add_entry_of, add_upload, make_record, make_task_set, marks_of
from tests.question_bank.builders import CODE as INSTALLED
from tests.question_bank.builders import STANDARD, make_item, make_pack
from tests.services.attempts import one

PACK, LEVEL, COMPONENT = "made-up", "L3", "theory"
SITES = ("A", "B")
LONG_AGO = timedelta(hours=-3)
DEVICE = "device"
CANARY_MARK, CANARY_COMMENT, CANARY_SECONDS, CANARY_DIGEST = Decimal("13.37"), "金丝雀评语", 54_321, "canary" * 10
"""What the examiner's colleagues gave for the examiner's first script; nobody may see it yet."""
SCRIPT = 107
"""The number of the first script of each group."""


@dataclass(frozen=True)
class Sitting:
    """A sitting at a site; the rest by the number of its room there."""

    id: int
    sitting_rooms: dict[int, int]
    attempts: dict[int, list[str]]


@dataclass(frozen=True)
class Panel:
    """A review at a site: its panel, one candidate, and a document of that one."""

    sitting: int
    group: int
    attempt: str
    document: int
    room: int


@dataclass
class TwoSites:
    """The running installation, by the names of its sites and people."""

    server: Server
    app: Flask
    first: sqlite3.Connection
    sites: dict[str, int] = field(default_factory=dict)
    rooms: dict[str, dict[int, int]] = field(default_factory=dict)
    running: dict[str, Sitting] = field(default_factory=dict)
    planned: dict[str, Sitting] = field(default_factory=dict)
    marked: dict[str, Sitting] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    batches: dict[str, int] = field(default_factory=dict)
    """Each site's batch holds the sitting that was marked."""
    examined: dict[str, int] = field(default_factory=dict)
    """A candidate of that sitting."""
    people: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    panels: dict[str, "Panel"] = field(default_factory=dict)
    recusals: dict[str, int] = field(default_factory=dict)
    assessed: dict[str, Assessment] = field(default_factory=dict)
    sheets: dict[str, int] = field(default_factory=dict)
    batch: int = 0
    case: str = ""
    task_set: str = ""
    comment: int = 0
    item_file: int = 0
    scored: int = 0
    scored_by_others: int = 0
    script_file: str = ""
    case_file: str = ""
    sealed: int = 0
    drawn: int = 0
    drawing: int = 0
    specification: int = 0
    forms: dict[int, list[int]] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.server.database

    def keep(self) -> None:
        """Remember how everything is."""
        with closing(self._file()) as now:
            now.backup(self.first)

    def renew(self) -> None:
        """Bring everything back to how it was remembered."""
        with closing(self._file()) as now:
            self.first.backup(now)
        self.server.known_candidates.clear()
        self.server.left_to_say.clear()

    def written(self) -> list[str]:
        """Return all that the database holds."""
        with closing(self._file()) as now:
            return list(now.iterdump())

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self.database.url.database))


@contextmanager
def two_sites(url: str, folder: Path) -> Iterator[TwoSites]:
    """Run the installation on an empty SQLite database with the newest schema; `folder` is for the made-up pack."""
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(":memory:")) as first:
        patch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
        server = make_server(Database(url))
        made = TwoSites(server, make_app(server), first)
        with made.database.writing() as session:
            _add_bank(session, folder)
            made.task_set = next(each.digest for each in task_sets.task_sets(session))
            made.picture = _add_picture(session)
            made.sealed, made.drawn = _add_forms(made, session, seed=1), _add_forms(made, session, seed=2)
            session.get_one(FormSetRow, made.sealed).sealed = MORNING
            line = specifying.usual_specification(session, PACK, LEVEL, COMPONENT)
            made.specification = line.id
            made.drawing = drawings.ask_for(session, Wanted(line.id, 1, 1), OFFICE, at())
            for name in SITES:
                _add_site(made, session, name)
            _add_staff(made, session)
            _begin_case(made, session)
            _add_groups(made, session)
            _add_panels(made, session)
            _add_scripts(made, session)
            _add_assessed(made, session)
        for name in SITES:
            _let_answer(made, name)
        made.keep()
        yield made
        server.stop()


def sign_in_staff(made: TwoSites, name: str) -> str:
    """Sign somebody of the staff in without the page; return the cookie's value."""
    with made.database.writing() as session:
        member = signing_in.staff_member(session, session.get_one(PersonRow, made.people[name]))
        signing_in.begin_staff_session(session, member, f"session-of-{name}", at())
    return f"session-of-{name}"


def sign_in_candidate(made: TwoSites, attempt: str, seat: int) -> str:
    """Sign a candidate in without the page; return the cookie's value."""
    place = BoundSeat(seat_id=seat, room_id=0, room="", number=seat, is_spare=False)
    with made.database.writing() as session:
        signing_in.begin_candidate_session(session, attempt, f"T-{attempt}", place, f"session-of-{attempt}", at())
    return f"session-of-{attempt}"


def _add_bank(session: Session, folder: Path) -> None:
    """Import a pack that is not installed, so that no page reads the long files of one that is."""
    (folder / PACK).mkdir()
    (folder / PACK / "standard.yaml").write_bytes((PACKS / INSTALLED / "standard.yaml").read_bytes())
    specification = PACKS / INSTALLED / "specifications" / "theory-level-3.yaml"
    pack = make_pack(*make_items())
    banking.import_pack(
        session, Pack(PACK, STANDARD, pack.files, pack.second_checks, (specification,), task_sets=(make_task_set(),)), OFFICE, at(), folder
    )


def _begin_case(made: TwoSites, session: Session) -> None:
    """Let the author begin a case and send a file of items, and the reviewer remark on an item."""
    author, reviewer = (signing_in.staff_member(session, session.get_one(PersonRow, made.people[name])) for name in ("author", "reviewer"))
    made.case, _item = writing_items.new_case(session, PACK, LEVEL, "collection", "single_choice", author, at())
    made.comment = commenting.comment(session, PACK, "S-1", "请核对。", reviewer.actor, at())
    file = importing_items.prepared_from("题库", "0" * 64, ItemFile("yaml", Reading((make_item("F-1"),))))
    made.item_file = importing_items.keep(session, PACK, file, author, at())


def _add_picture(session: Session) -> str:
    made = io.BytesIO()
    Image.new("L", (8, 8)).save(made, "PNG")
    picture = media.picture_from(made.getvalue())
    media.keep_picture(session, picture, OFFICE, at())
    return picture.digest


def _add_forms(made: TwoSites, session: Session, seed: int) -> int:
    """Keep two forms of all items as if they had been drawn; return the number of the set."""
    drawn = [DrawnPaper(name, tuple(item.digest for item in make_items()), _packed(session, f"试卷 {name}", seed)) for name in ("A", "B")]
    line = specifying.usual_specification(session, PACK, LEVEL, COMPONENT)
    number = drawing.keep_forms(session, Drawn(line, seed, tuple(drawn), _report(), banking.bank_digest(session, PACK)), OFFICE, at())
    made.forms[number] = list(session.scalars(select(FormRow.id).where(FormRow.form_set_id == number).order_by(FormRow.id)))
    return number


def _packed(session: Session, title: str, seed: int) -> PackedPaper:
    items = banking.items_with_keys(session, [item.digest for item in make_items()])
    paper = compose(title, items, dict.fromkeys(KINDS, "1"), dict.fromkeys(KINDS, "all_or_nothing"), seed)
    return drawing.packed(paper)


def _report() -> dict[str, object]:
    """Return what a report on two equal forms of six items says."""
    sections = [section.key for section, _percent in STANDARD.sections(ComponentKey.THEORY, LEVEL)]
    form = {
        "marks": dict.fromkeys(sections, "1"),
        "kinds": dict.fromkeys(KINDS, 2),
        "difficulty": {"3": 6},
        "mean_difficulty": 3.0,
        "points": dict.fromkeys(sections, 1),
        "points_of_bank": dict.fromkeys(sections, 1),
    }
    exposure = {item.id: 2 for item in make_items()}
    return {"forms": [{"name": name, **form} for name in ("A", "B")], "overlap": [[6, 6], [6, 6]], "largest_overlap": 6, "exposure": exposure}


def _add_site(made: TwoSites, session: Session, name: str) -> None:
    codes = count(len(made.sites) * 1000)
    site = made.sites[name] = equipping.create_site(session, f"考点 {name}", "", OFFICE, at())
    made.rooms[name] = {
        number: equipping.create_room(session, site, f"{name}{number}", "", 4, 2, 3, lambda: f"{next(codes):06}", OFFICE, at()) for number in (1, 2)
    }
    made.running[name] = _add_sitting(made, session, name, "进行", candidates_in={1: 2, 2: 2}, is_published=True)
    made.planned[name] = _add_sitting(made, session, name, "计划", candidates_in={1: 1}, is_published=False)
    made.marked[name] = _add_sitting(made, session, name, "阅卷", candidates_in={1: 2}, is_published=True)
    made.batches[name] = batches.create_batch(session, f"批次 {name}", CombiningRule(), skills_need_proctors=False, by=OFFICE, at=at())
    session.get_one(SittingRow, made.marked[name].id).batch_id = made.batches[name]
    made.examined[name] = session.get_one(AttemptRow, made.marked[name].attempts[1][0]).candidate_id
    add_entry(session, made.running[name].sitting_rooms[1], EntryKind.START, OFFICE, at())
    add_entry(session, made.marked[name].sitting_rooms[1], EntryKind.START, OFFICE, at(LONG_AGO))


def _add_sitting(
    made: TwoSites,
    session: Session,
    site: str,
    name: str,
    candidates_in: dict[int, int],
    *,
    is_published: bool,
    component: str = COMPONENT,
    batch: int | None = None,
) -> Sitting:
    sitting = SittingRow(
        site_id=made.sites[site],
        name=f"{name} {site}",
        occupation=PACK,
        level=LEVEL,
        component=component,
        batch_id=batch,
        planned=MORNING,
        limit=LIMIT,
        late_limit=timedelta(minutes=30),
        leave_after=timedelta(minutes=30),
        form_set_id=made.sealed,
        is_published=is_published,
    )
    session.add(sitting)
    session.flush()
    added = Sitting(sitting.id, {}, {})
    paper = session.scalars(select(PaperRow.digest).where(PaperRow.form_id == made.forms[made.sealed][0])).one()
    for room, candidates_there in candidates_in.items():
        planned = SittingRoomRow(sitting_id=sitting.id, room_id=made.rooms[site][room])
        session.add(planned)
        session.flush()
        added.sitting_rooms[room] = planned.id
        added.attempts[room] = [_add_attempt(session, planned, seat, paper if is_published else None) for seat in range(1, candidates_there + 1)]
    return added


def _add_attempt(session: Session, room: SittingRoomRow, seat: int, paper: str | None) -> str:
    name = f"attempt-{room.id}-{seat}"
    person = candidates.add_candidate(session, SECRET, candidate_name(room.id * 10 + seat), id_number(room.id * 10 + seat), b"a photo", new_key)
    seen = MORNING if paper else None
    session.add(
        AttemptRow(
            id=name,
            sitting_id=room.sitting_id,
            sitting_room_id=room.id,
            candidate_id=person.id,
            ticket=f"T-{name}",
            seat=seat,
            paper=paper,
            order_seed=seat,
            phase=Phase.CREATED,
            confirmed=seen,
            checked_in=seen,
        )
    )
    session.flush()
    return name


def _add_staff(made: TwoSites, session: Session) -> None:
    a, b = made.sites["A"], made.sites["B"]
    roles = {
        "admin": (Role.ADMINISTRATOR, None),
        "admin-too": (Role.ADMINISTRATOR, None),
        "admin-a": (Role.ADMINISTRATOR, a),
        "admin-a-too": (Role.ADMINISTRATOR, a),
        "admin-b": (Role.ADMINISTRATOR, b),
        "proctor-a1": (Role.PROCTOR, a),
        "proctor-a2": (Role.PROCTOR, a),
        "proctor-b1": (Role.PROCTOR, b),
        "examiner": (Role.EXAMINER, None),
        "author": (Role.AUTHOR, None),
        "reviewer": (Role.REVIEWER, None),
        "auditor": (Role.AUDITOR, None),
    }
    for login, role in roles.items():
        made.people[login] = add_person(session, login, role, pin=PIN)
    made.people["newcomer"] = add_person(session, "newcomer")
    for login, site, room in (("proctor-a1", "A", 1), ("proctor-a2", "A", 2), ("proctor-b1", "B", 1)):
        duty = made.running[site].sitting_rooms[room]
        session.add(ProctorDutyRow(sitting_room_id=duty, person_id=made.people[login], is_lead=True))
        session.add(PresenceRow(sitting_room_id=duty, person_id=made.people[login], since=MORNING))
    session.add(ProctorDutyRow(sitting_room_id=made.planned["A"].sitting_rooms[1], person_id=made.people["proctor-a1"]))
    session.flush()


def _add_groups(made: TwoSites, session: Session) -> None:
    """Plan a skills assessment at each site, one group with one candidate, to whom the examiner has declared a relation."""
    made.batch = batches.create_batch(session, "批次", CombiningRule(), skills_need_proctors=False, by=OFFICE, at=at())
    examiner = Actor(made.people["examiner"], "examiner")
    for name in SITES:
        sitting = _add_sitting(made, session, name, "技能", candidates_in={2: 1}, is_published=False, component="skills", batch=made.batch)
        made.groups[name] = assessment_groups.create_groups(session, sitting.id, 1, OFFICE, at())[0]
        distributing.distribute(session, sitting.id, 1, OFFICE, at())
        candidate = assessment_groups.candidates_of_group(session, made.groups[name])[0]
        made.recusals[name] = bars.declare_recusal(session, examiner.person, candidate, bars.Ground.KINSHIP, "", examiner, at())


def _add_panels(made: TwoSites, session: Session) -> None:
    """Hold a review at each site: the examiner leads the panel at site A, another one that at site B. Nobody has been heard yet."""
    leads = {"A": made.people["examiner"], "B": add_person(session, "examiner-b", (Role.EXAMINER, None))}
    office = Actor(made.people["admin"], "admin")
    for name in SITES:
        sitting = _add_sitting(made, session, name, "评审", candidates_in={2: 1}, is_published=True, component="review", batch=made.batch)
        group = AssessmentGroupRow(sitting_id=sitting.id, name="评审组", deadline=None, started=MORNING, started_by=None)
        session.add(group)
        session.flush()
        attempt = sitting.attempts[2][0]
        session.add(AssignmentRow(group_id=group.id, person_id=leads[name], place=1, rank=0, is_lead=True, began=MORNING, arrived=MORNING))
        session.add(ScriptRow(attempt_id=attempt, sitting_id=sitting.id, group_id=group.id, number=107, position=1, station=None))
        session.flush()
        content = b"%PDF-1.7"
        sealed = review_documents.seal_document(session, SECRET, attempt, content, new_key)
        document = review_documents.keep_document(session, attempt, "业绩.pdf", "pdf", content, sealed, office, at())
        made.panels[name] = Panel(sitting.id, group.id, attempt, document, sitting.sitting_rooms[2])


def _add_scripts(made: TwoSites, session: Session) -> None:
    """Add two groups with scripts to score; the examiner serves in the first one. Its first script has a picture, its first task a file."""
    own, other = (add_assessment(session, candidates=1, name=name, task_set=_task_set(session, name)) for name in ("s", "t"))
    first, place = session.scalars(
        select(AssignmentRow).where(AssignmentRow.group_id == own.group, AssignmentRow.place.in_([1, 2])).order_by(AssignmentRow.place)
    )
    place.person_id, place.is_lead, first.is_lead = made.people["examiner"], True, False
    _hand_in_of_colleagues(session, own)
    drawn = io.BytesIO()
    Image.new("L", (8, 8)).save(drawn, "PNG")
    handed = add_upload(session, own.attempts[0], drawn.getvalue(), "考生.png")
    add_answers(session, own.attempts[0], {2: [handed]})
    made.scored, made.scored_by_others = own.room.sitting, other.room.sitting
    made.script_file, made.case_file = handed["digest"], own.task_set.tasks[0].files[0].digest


def _hand_in_of_colleagues(session: Session, group: Assessment) -> None:
    """Let both colleagues of the examiner hand in sheets that are told by every mark and word on them."""
    for place in (1, 3):
        marks = dict.fromkeys((criterion.id for criterion in group.task_set.criteria), CANARY_MARK)
        note = keep_note(session, CANARY_COMMENT)
        row = EntryRow(attempt_id=group.attempts[0], place=place, edition=1, person_id=group.examiners[place - 1], marks={}, vetoes=["T1.V"])
        row.marks, row.comments = {name: str(mark) for name, mark in marks.items()}, {"T1.1": note}
        row.seconds, row.digest, row.wall = {"T1": CANARY_SECONDS}, CANARY_DIGEST, MORNING
        session.add(row)
    session.flush()


def _task_set(session: Session, name: str) -> TaskSet:
    """Return a task set whose first task has a file, and takes one."""
    content = f"案例 {name}".encode()
    file = CaseFile("案例.txt", "案例", hashlib.sha256(content).hexdigest(), len(content))
    session.add(CaseFileRow(digest=file.digest, type="txt", content=content))
    record = make_record(id=f"SET-{name.upper()}")
    record["tasks"][0]["files"] = [{"name": file.name, "title": file.title}]
    record["tasks"][0]["parts"][1] = {
        "kind": "upload",
        "stem": "提交。",
        "body": {"types": ["png"], "megabytes": 1, "files": 1},
        "key": {"model": "图。"},
    }
    found, findings = task_set_from(record, {file.name: file})
    assert found is not None, findings
    return found


def _add_assessed(made: TwoSites, session: Session) -> None:
    """Add a group at each site whose one script all have scored and agree about; the examiner leads the one at site A."""
    for name in SITES:
        tasks = [{**task, "text": f"某公司 {name} 应收账款余额 120 万元，其中逾期 30 万元。"} for task in make_record()["tasks"]]
        assessed = add_assessment(session, candidates=1, name=f"评{name}", task_set=make_task_set(id=f"SET-{name}", tasks=tasks))
        session.get_one(SittingRow, assessed.room.sitting).site_id = made.sites[name]
        for place, person in enumerate(assessed.examiners, start=1):
            add_entry_of(session, assessed.attempts[0], place, person, marks_of(assessed.task_set, 70 + place))
        made.assessed[name] = assessed
        made.sheets[name] = session.scalars(select(EntryRow.id).where(EntryRow.attempt_id == assessed.attempts[0]).order_by(EntryRow.id)).first()
    lead = select(AssignmentRow).where(AssignmentRow.group_id == made.assessed["A"].group, AssignmentRow.is_lead)
    session.scalars(lead).one().person_id = made.people["examiner"]
    session.flush()


def _let_answer(made: TwoSites, name: str) -> None:
    """Open a paper in the running room 1; hand in one of the marked sitting, and mark that."""
    with made.database.appending() as connection:
        opened = made.running[name].attempts[1][0]
        assert isinstance(one(connection, answering.Open(opened, DEVICE, 1, at())), answering.Opened)
        done, then = made.marked[name].attempts[1][0], at(LONG_AGO + timedelta(hours=1))
        assert isinstance(one(connection, answering.Open(done, DEVICE, 1, then)), answering.Opened)
        assert isinstance(one(connection, answering.HandIn(done, DEVICE, 1, [], {}, then, timedelta())), answering.Finished)
    made.runs[name] = marking_runs.preview(made.database, made.marked[name].id, "首次阅卷", OFFICE, at())
