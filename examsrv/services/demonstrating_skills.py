"""The skills assessment of the demonstration, beside its theory: invented examiners, one group, a small room in which nobody proctors."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, assigning_examiners, batches, distributing, equipping, papers, planning, publishing, rostering
from examsrv.services.demonstrating import LATE, LEAVE, PASSWORD, SITE, Demonstration, planned_soon, way_of
from examsrv.services.inventing import Chance, roster_csv
from examsrv.services.managing_people import create_person
from examsrv.services.roster_entries import read_roster
from examsrv.services.task_sets import compose_sets, task_sets
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import BatchRow, PersonRow, RoomRow, SeatRow, SiteRow, SittingRow

LEVEL, COMPONENT, BATCH = "L3", "skills", "演示批次"
FURTHER_LEVELS = ("L4", "L2", "L1")
"""Levels whose papers are sealed too, so that an administrator can plan their skills at once."""
ROOM, PLACE, SEATS, SPARES, COLUMNS = "03 考场", "实训楼 403", 6, 2, 4
LIMIT = timedelta(minutes=90)
FIRST_NUMBER = 500
"""Invented people from this number on sit for skills; those before it sit for theory."""
EXAMINERS = (
    ("examiner1", "考评员甲", "2001", True),
    ("examiner2", "考评员乙", "2002", True),
    ("examiner3", "考评员丙", "2003", False),
    ("examiner4", "考评员丁", "2004", False),
    ("examiner5", "考评员戊", "2005", False),
)
"""Sign-in name, name, PIN, and whether somebody is a senior examiner."""
MEMBERS = 3


def make_skills_demonstration(database: Database, secret: Secret, pack: str, chance: Chance, at: Moment) -> Demonstration:
    """Add to a demonstration that was made what skills need, and a fresh sitting that waits to be started; its first examiner leads."""
    with database.writing() as session:
        office = [_actor(session, login) for login in ("admin1", "admin2")]
        examiners = [_examiner(session, *each, at) for each in EXAMINERS]
        room = _room(session, office[0], chance, at)
        forms = _sealed_papers(session, pack, LEVEL, office, chance.seed(), at)
        for level in FURTHER_LEVELS:
            if task_sets(session, pack, level, COMPONENT):
                _sealed_papers(session, pack, level, office, chance.seed(), at)
        return _fresh_sitting(session, secret, pack, room, forms, examiners, office[0], chance, at)


def _actor(session: Session, login: str) -> Actor:
    row = session.scalars(select(PersonRow).where(PersonRow.login == login)).one()
    return Actor(row.id, row.name)


def _examiner(session: Session, login: str, name: str, pin: str, is_senior: bool, at: Moment) -> int:
    found = session.scalars(select(PersonRow.id).where(PersonRow.login == login)).one_or_none()
    if found is not None:
        return found
    person = create_person(session, login, name, PASSWORD, [(Role.EXAMINER, None)], SERVER, at, pin=pin)
    session.get_one(PersonRow, person).is_senior_examiner = is_senior
    return person


def _room(session: Session, by: Actor, chance: Chance, at: Moment) -> RoomRow:
    site = session.scalars(select(SiteRow.id).where(SiteRow.name == SITE)).one()
    found = session.scalars(select(RoomRow).where(RoomRow.site_id == site, RoomRow.name == ROOM)).one_or_none()
    if found is not None:
        return found
    return session.get_one(RoomRow, equipping.create_room(session, site, ROOM, PLACE, SEATS, SPARES, COLUMNS, chance.code, by, at))


def _sealed_papers(session: Session, pack: str, level: str, office: list[Actor], seed: int, at: Moment) -> int:
    """Return papers of all task sets of a level, sealed by the two administrators; those that are there, if the sets are still the same."""
    chosen = [each.digest for each in task_sets(session, pack, level, COMPONENT)]
    wanted = (pack, level, COMPONENT)
    for view in papers.form_sets(session):
        if view.is_sealed and (view.pack, view.level, view.component) == wanted and view.forms == len(chosen):
            return view.id
    made = compose_sets(session, pack, level, COMPONENT, chosen, seed, office[0], at)
    papers.propose_seal(session, made, office[0], at)
    papers.seal(session, made, papers.form_set(session, made).digest, office[1], at)
    return made


def _batch(session: Session, by: Actor, at: Moment) -> int:
    found = session.scalars(select(BatchRow.id).where(BatchRow.name == BATCH)).one_or_none()
    return batches.create_batch(session, BATCH, CombiningRule(), skills_need_proctors=False, by=by, at=at) if found is None else found


def _fresh_sitting(
    session: Session, secret: Secret, pack: str, room: RoomRow, forms: int, examiners: list[int], by: Actor, chance: Chance, at: Moment
) -> Demonstration:
    count = (session.scalar(select(func.count(SittingRow.id))) or 0) + 1
    name = f"信用管理师三级操作技能考核（演示第 {count} 场）"
    draft = planning.SittingDraft(
        name, room.site_id, pack, LEVEL, COMPONENT, planned_soon(at), LIMIT, LATE, LEAVE, shows_mark=False, batch_id=_batch(session, by, at)
    )
    sitting = planning.create_sitting(session, draft, by, at)
    planning.choose_forms(session, sitting, forms, by, at)
    planning.add_room(session, sitting, room.id, by, at)
    codes = {row.number: row.code for row in session.scalars(select(SeatRow).where(SeatRow.room_id == room.id))}
    candidates = tuple(way_of(FIRST_NUMBER + seat, ROOM, seat, codes[seat], count, at) for seat in range(1, SEATS + 1))
    roster = read_roster("demo.csv", roster_csv(candidates))
    rostering.import_roster(session, secret, sitting, roster, roster.digest, by, at, chance.public_id, chance.seed, chance.key)
    (group,) = assessment_groups.create_groups(session, sitting, 1, by, at)
    distributing.distribute(session, sitting, chance.seed(), by, at)
    assigning_examiners.set_examiners(session, secret, group, examiners[:MEMBERS], examiners[0], examiners[MEMBERS:], by, at)
    publishing.publish(session, sitting, by, at, secret)
    staff = tuple((login, shown, Role.EXAMINER, pin) for login, shown, pin, _is_senior in EXAMINERS)
    return Demonstration(name, staff, candidates)
