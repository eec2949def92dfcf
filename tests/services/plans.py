"""A plan with good defaults: pack, site, rooms, proctors, sealed forms, candidates."""

import gzip
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.roles import Role
from examsrv.services import candidates, equipping, managing_people, planning, staffing_rooms
from examsrv.services.banking import import_pack
from examsrv.services.planning import SittingDraft
from examsrv.storage.tables import AttemptRow, FormRow, FormSetRow, PaperKeyRow, PaperRow, SittingRoomRow
from question_bank.pack import PACKS, Pack
from tests.builders import MORNING, OFFICE, PASSWORD, PIN, SECRET, at, new_key
from tests.question_bank.builders import CODE, STANDARD

LATER = datetime(2026, 12, 5, 1, tzinfo=UTC)
_numbers = itertools.count(1)


def new_code() -> str:
    return f"{next(_numbers):06}"


def add_pack(session: Session) -> None:
    """Import the standard with its specification of level 3, without items."""
    specification = PACKS / CODE / "specifications" / "theory-level-3.yaml"
    import_pack(session, Pack(CODE, STANDARD, (), (), (specification,)), OFFICE, at())


def add_sealed_forms(session: Session, count: int = 2, *, is_sealed: bool = True) -> int:
    """Add a set of forms whose papers say nothing but their names; return its number."""
    forms = FormSetRow(pack=CODE, level="L3", component="theory", specification={}, seed=1, bank_digest="", report={}, wall=MORNING, person_id=None)
    forms.sealed = MORNING if is_sealed else None
    session.add(forms)
    session.flush()
    for place in range(count):
        form = FormRow(form_set_id=forms.id, name=str(place), items=[])
        session.add(form)
        session.flush()
        paper = f"paper-{forms.id}-{place}"
        session.add(PaperRow(digest=paper, form_id=form.id, content=gzip.compress(b"{}"), item_count=100))
        session.add(PaperKeyRow(paper=paper, digest="", secret={}))
    session.flush()
    return forms.id


def draft(site: int, **changes) -> SittingDraft:
    """Return what an administrator enters for a sitting of 90 minutes."""
    minutes = timedelta(minutes=30)
    usual = SittingDraft("第一场", site, CODE, "L3", "theory", LATER, timedelta(minutes=90), minutes, minutes, shows_mark=False)
    return replace(usual, **changes)


def add_site(session: Session, name: str = "第一考点") -> int:
    return equipping.create_site(session, name, "", OFFICE, at())


def add_plan(session: Session, seats: int = 40, columns: int = 8) -> tuple[int, int]:
    """Add a sitting in one room of `seats` seats and two spare ones, nothing else planned; return sitting and sitting room."""
    add_pack(session)
    site = add_site(session)
    room = equipping.create_room(session, site, "01", "", seats, 2, columns, new_code, OFFICE, at())
    sitting = planning.create_sitting(session, draft(site), OFFICE, at())
    return sitting, planning.add_room(session, sitting, room, OFFICE, at())


def add_candidates(session: Session, sitting_room: int, count: int, first_seat: int = 1) -> list[str]:
    """Give the seats from `first_seat` on to `count` new candidates; return their attempts."""
    sitting = session.get_one(SittingRoomRow, sitting_room).sitting_id
    made = []
    for seat in range(first_seat, first_seat + count):
        number = next(_numbers)
        person = candidates.add_candidate(session, SECRET, f"考生{number}", f"ID{number:08}", None, new_key)
        made.append(f"attempt-{number}")
        session.add(
            AttemptRow(
                id=made[-1],
                sitting_id=sitting,
                sitting_room_id=sitting_room,
                candidate_id=person.id,
                ticket=f"T{number:06}",
                seat=seat,
                order_seed=number,
                phase=Phase.CREATED,
            )
        )
    session.flush()
    return made


def add_proctors(session: Session, count: int) -> list[int]:
    """Add proctors of all sites; return their numbers."""
    names = [f"proctor{next(_numbers)}" for _place in range(count)]
    return [managing_people.create_person(session, name, name, PASSWORD, [(Role.PROCTOR, None)], OFFICE, at(), pin=PIN) for name in names]


def add_ready_plan(session: Session, candidates_assigned: int = 31, proctors: int = 3, forms: int = 2) -> tuple[int, int, list[str]]:
    """Add a sitting that lacks nothing; return sitting, sitting room and attempts."""
    sitting, room = add_plan(session)
    planning.choose_forms(session, sitting, add_sealed_forms(session, forms), OFFICE, at())
    attempts = add_candidates(session, room, candidates_assigned)
    staffing_rooms.set_duties(session, room, add_proctors(session, proctors), None, OFFICE, at())
    return sitting, room, attempts
