"""A sitting on a paper of five items, small enough to be marked by hand: two single choices, two multiple choices, one statement; 20 marks each."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from examsrv.domain.canonical import canonical, digest
from examsrv.domain.marking import key_of
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.paper import Composed, compose, numbered, option_ids, read_paper
from examsrv.domain.roles import Role
from examsrv.domain.steps import Step, StepKind
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import answering, ledger, managing_people
from examsrv.services.candidates import add_candidate
from examsrv.services.importing_specifications import import_specifications
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    FormRow,
    FormSetRow,
    PackRow,
    PaperKeyRow,
    PaperRow,
    RoomRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
)
from question_bank.item import Item, Option
from question_bank.kinds.kind import in_ids
from question_bank.pack import PACKS
from question_bank.record import plain_response
from tests.services.attempts import one

SECRET = Secret(bytes(range(32)))
PACK, LEVEL, COMPONENT = "4-05-06-02", "L3", "theory"
BEGIN = Moment(datetime(2026, 11, 22, 1, tzinfo=UTC), timedelta(hours=1))
LIMIT = timedelta(minutes=90)
AFTER = Moment(BEGIN.wall + LIMIT, BEGIN.exam + LIMIT + timedelta(minutes=1))
PASSWORD = "a good password"
FIRST_KEY, SECOND_KEY = "A", ("A", "C")
_keys = count(1)


@dataclass(frozen=True, slots=True)
class Exam:
    """What stands in the database: a sitting whose room was started, its paper, and two administrators."""

    site: int
    sitting: int
    room: int
    form_set: int
    paper: Composed
    proposer: Actor
    approver: Actor


def new_key() -> bytes:
    """Return 32 bytes that were not given before."""
    return next(_keys).to_bytes(32, "big")


def item(number: int, kind: str, section: str, key: object, letters: str = "ABCD") -> Item:
    """Return an item with its options."""
    options = tuple(Option(letter, f"选项{letter}{number}") for letter in letters)
    return Item(f"L3-{number:03}", kind, LEVEL, section, "P", 3, "X", f"第{number}题题干", options, key, "理由", (), ())


def make_paper(policy: str = "all_or_nothing", marks: str = "20") -> Composed:
    """Return the paper of five items."""
    items = [
        item(1, "single_choice", "ethics", FIRST_KEY),
        item(2, "single_choice", "collection", "B"),
        item(3, "multiple_choice", "ethics", SECOND_KEY),
        item(4, "multiple_choice", "collection", ("B", "C", "D")),
        item(5, "true_false", "collection", True, letters=""),
    ]
    kinds = ("single_choice", "multiple_choice", "true_false")
    return compose("试卷", items, dict.fromkeys(kinds, marks), dict.fromkeys(kinds, policy), 1)


def of_version_1(paper: Composed) -> Composed:
    """Return a paper as version 1 wrote it: with numbers, kinds, marks and ids of their own on items and options."""
    content = {**read_paper(paper.content), "version": 1}
    key = dict(paper.key)
    for number, group, item in numbered(content):
        ids = {letter: f"{letter}{number}k7m2" for letter in option_ids(item)}
        options = [{"id": ids[letter], "text": text} for letter, text in zip(ids, item.get("options", ()), strict=True)]
        item |= {"n": number, "kind": group["kind"], "marks": group["marks"], "options": options}
        key[number] = replace(key[number], key=plain_response(in_ids(key_of(key[number]), ids)))
    for group in content["groups"]:
        del group["marks"]
    written = canonical(content)
    return Composed(written, hashlib.sha256(written).hexdigest(), key)


def add_standard(session: Session, specifications_named: str = "*.yaml") -> None:
    """Add the standard of the shipped pack without its items, and those of its specifications that are named so."""
    text = (PACKS / PACK / "standard.yaml").read_text(encoding="utf-8")
    specifications = {path.name: path.read_text(encoding="utf-8") for path in Path(PACKS / PACK / "specifications").glob(specifications_named)}
    session.add(PackRow(code=PACK, name="信用管理师", standard=text, standard_digest=digest(text)))
    session.flush()
    import_specifications(session, PACK, specifications, SERVER, BEGIN)


def add_paper(session: Session, paper: Composed) -> int:
    """Add a sealed paper; return the number of its set."""
    form_set = FormSetRow(pack=PACK, level=LEVEL, component=COMPONENT, specification={}, seed=1, bank_digest="", report={}, wall=BEGIN.wall)
    form_set.sealed = BEGIN.wall
    session.add(form_set)
    session.flush()
    form = FormRow(form_set_id=form_set.id, name="A", items=[line.digest for line in paper.key.values()])
    session.add(form)
    session.flush()
    content = gzip.compress(paper.content, mtime=0)
    session.add(PaperRow(digest=paper.digest, form_id=form.id, content=content, item_count=len(paper.key)))
    secret = {str(number): asdict(line) for number, line in paper.key.items()}
    session.add(PaperKeyRow(paper=paper.digest, digest=digest(secret), secret=secret))
    session.flush()
    return form_set.id


def add_administrator(session: Session, login: str, site: int | None = None, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Add a member of staff with a role."""
    return Actor(managing_people.create_person(session, login, f"管理员 {login}", PASSWORD, [(role, site)], Actor(None, "test"), BEGIN), login)


def make_exam(database: Database, paper: Composed | None = None) -> Exam:
    """Put a published sitting of one started room into the database."""
    paper = paper or make_paper()
    with database.writing() as session:
        add_standard(session)
        form_set = add_paper(session, paper)
        site = SiteRow(name="考点")
        session.add(site)
        session.flush()
        room = RoomRow(site_id=site.id, name="01", columns=6)
        sitting = SittingRow(
            site_id=site.id,
            name="三级理论第一场",
            occupation=PACK,
            level=LEVEL,
            component=COMPONENT,
            planned=BEGIN.wall,
            limit=LIMIT,
            late_limit=timedelta(minutes=30),
            leave_after=timedelta(),
            form_set_id=form_set,
            is_published=True,
        )
        session.add_all([room, sitting])
        session.flush()
        sitting_room = SittingRoomRow(sitting_id=sitting.id, room_id=room.id)
        session.add(sitting_room)
        session.flush()
        ledger.add_entry(session, sitting_room.id, EntryKind.START, Actor(None, "proctor"), BEGIN)
        proposer, approver = add_administrator(session, "first"), add_administrator(session, "second")
        return Exam(site.id, sitting.id, sitting_room.id, form_set, paper, proposer, approver)


def add_attempt(database: Database, exam: Exam, seat: int, *, checked_in: bool = True) -> str:
    """Assign a candidate to a seat; return the attempt's id."""
    with database.writing() as session:
        candidate = add_candidate(session, SECRET, f"考生{seat}", f"15010219900307{seat:04}", None, new_key)
        attempt = AttemptRow(
            id=f"attempt{seat}",
            sitting_id=exam.sitting,
            sitting_room_id=exam.room,
            candidate_id=candidate.id,
            ticket=f"26110302{seat:04}",
            seat=seat,
            paper=exam.paper.digest,
            order_seed=seat,
            phase="created",
            checked_in=BEGIN.wall if checked_in else None,
        )
        session.add(attempt)
    return f"attempt{seat}"


def answer(database: Database, exam: Exam, seat: int, answers: Mapping[int, object], *, handed_in: bool = True) -> str:
    """Let a new candidate answer; return the attempt's id. Answers name options by the paper's ids: see `ids`."""
    attempt = add_attempt(database, exam, seat)
    at = Moment(BEGIN.wall + timedelta(minutes=5), BEGIN.exam + timedelta(minutes=5))
    with database.appending() as connection:
        opened = one(connection, answering.Open(attempt, "device", seat, at))
        assert isinstance(opened, answering.Opened)
        steps = [Step(1, place, StepKind.ANSWERED, number, value, 0) for place, (number, value) in enumerate(answers.items(), start=1)]
        if steps:
            assert isinstance(one(connection, answering.Save(attempt, "device", steps, at, timedelta())), answering.Acknowledged)
        if handed_in:
            done = one(connection, answering.HandIn(attempt, "device", 1, [], dict(answers), at, timedelta()))
            assert isinstance(done, answering.Finished)
    return attempt


def right(exam: Exam) -> dict[int, object]:
    """Return the right answers, as a browser sends them."""
    return {number: line.key for number, line in exam.paper.key.items()}
