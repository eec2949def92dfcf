"""A sitting that examiners score, with good defaults: batch, candidates, groups, examiners."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, assigning_examiners, batches, equipping, managing_people, planning
from examsrv.services.candidates import add_candidate
from examsrv.services.distributing import distribute
from examsrv.storage.tables import AttemptRow, EntryRow, FormRow, FormSetRow, PaperKeyRow, PaperRow, PersonRow, SittingRow
from tests.builders import MORNING, OFFICE, PASSWORD, SECRET, at, new_key
from tests.question_bank.builders import CODE
from tests.services.plans import LATER, add_candidates, add_pack, add_site, new_code

_people: dict[str, int] = {}


@dataclass
class Plan:
    """A sitting in one room with its groups; `attempts` by seat."""

    site: int
    sitting: int
    room: int
    batch: int | None
    groups: list[int]
    attempts: list[str] = field(default_factory=list)

    @property
    def group(self) -> int:
        return self.groups[0]


def add_batch(session: Session, name: str = "2026年第四批", rule: CombiningRule | None = None, *, skills_need_proctors: bool = False) -> int:
    return batches.create_batch(session, name, rule or CombiningRule(), skills_need_proctors=skills_need_proctors, by=OFFICE, at=at())


def add_plan(
    session: Session,
    candidates: int = 4,
    groups: int = 1,
    component: str = "skills",
    level: str = "L3",
    *,
    site: int | None = None,
    batch: int | None = None,
    name: str = "技能考核",
) -> Plan:
    """Add a sitting of skills or a review, its candidates dealt out to its groups, with papers to deal out; nobody examines yet."""
    if site is None:
        add_pack(session)
        site = add_site(session)
    batch = batch or add_batch(session, f"批次 {name}")
    room = equipping.create_room(session, site, f"{name} 01", "", max(candidates, 1) + 4, 2, 8, new_code, OFFICE, at())
    row = SittingRow(
        site_id=site,
        name=name,
        occupation=CODE,
        level=level,
        component=component,
        planned=LATER,
        limit=timedelta(minutes=120),
        late_limit=timedelta(minutes=30),
        leave_after=timedelta(minutes=30),
        batch_id=batch,
        form_set_id=_add_forms(session, level, component),
    )
    session.add(row)
    session.flush()
    place = planning.add_room(session, row.id, room, OFFICE, at())
    attempts = add_candidates(session, place, candidates)
    made = assessment_groups.create_groups(session, row.id, groups, OFFICE, at()) if groups else []
    if made and candidates:
        distribute(session, row.id, 7, OFFICE, at())
    return Plan(site, row.id, place, batch, made, attempts)


def add_examiners(session: Session, count: int, *, senior: bool = False, prefix: str = "examiner", **columns: str) -> list[int]:
    """Add examiners of all sites; return their numbers."""
    made = []
    for _place in range(count):
        _people[prefix] = _people.get(prefix, 0) + 1
        login = f"{prefix}{_people[prefix]}"
        made.append(managing_people.create_person(session, login, login, PASSWORD, [(Role.EXAMINER, None)], OFFICE, at()))
        row = session.get_one(PersonRow, made[-1])
        row.is_senior_examiner = senior
        for column, value in columns.items():
            setattr(row, column, value)
    session.flush()
    return made


def add_related(session: Session, plan: Plan, employer: str = "", training_class: str = "", seat: int = 30) -> int:
    """Add a candidate with an employer and a training class to the first group's sitting; return the person's number. Nobody is dealt out anew."""
    person = add_candidate(session, SECRET, "关系考生", f"REL{seat:06}", None, new_key, employer, training_class)
    row = AttemptRow(
        id=f"related-{plan.sitting}-{seat}",
        sitting_id=plan.sitting,
        sitting_room_id=plan.room,
        candidate_id=person.id,
        ticket=f"R{plan.sitting}-{seat}",
        seat=seat,
        order_seed=seat,
        phase="created",
    )
    session.add(row)
    session.flush()
    plan.attempts.append(row.id)
    return person.id


def staff(session: Session, plan: Plan, members: int = 3, reserves: int = 2, *, senior: bool = False) -> list[int]:
    """Give the first group new examiners, the first of whom leads; return members, then reserves."""
    people = add_examiners(session, members + reserves, senior=senior)
    assigning_examiners.set_examiners(session, SECRET, plan.group, people[:members], people[0], people[members:], OFFICE, at())
    return people


def enter_a_sheet(session: Session, plan: Plan) -> None:
    """Give the first group examiners, and let one hand in a sheet that says nothing."""
    person = staff(session, plan)[0]
    values = {"marks": {}, "vetoes": [], "comments": {}, "seconds": {}, "digest": "", "wall": MORNING}
    session.add(EntryRow(attempt_id=plan.attempts[0], place=1, edition=1, person_id=person, **values))
    session.flush()


def by_leader() -> CombiningRule:
    return CombiningRule(adjudication=Adjudication.LEADER)


def _add_forms(session: Session, level: str, component: str) -> int:
    forms = FormSetRow(pack=CODE, level=level, component=component, specification={}, seed=1, bank_digest="", report={}, wall=MORNING, person_id=None)
    forms.sealed = MORNING
    session.add(forms)
    session.flush()
    form = FormRow(form_set_id=forms.id, name="A", items=[])
    session.add(form)
    session.flush()
    session.add(PaperRow(digest=f"paper-{forms.id}", form_id=form.id, content=b"", item_count=1))
    session.add(PaperKeyRow(paper=f"paper-{forms.id}", digest="", secret={}))
    session.flush()
    return forms.id
