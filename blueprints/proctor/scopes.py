"""Which rooms and seats a proctor sees: those of the rooms the person is planned for, or examines in; and who reads the record of a room."""

from typing import Any

from examsrv.domain.roles import Role
from examsrv.services.board_watchers import may_watch
from examsrv.services.proctoring import room_of_attempt
from examsrv.services.room_record import site_of_record
from examsrv.services.signing_in import StaffMember

WATCHERS = (Role.PROCTOR, Role.EXAMINER)
"""Who may have a room to watch: examiners in skills for which the batch asks for no proctors."""

OVERSEERS = (Role.ADMINISTRATOR, Role.AUDITOR)
RECORD_READERS = (*WATCHERS, *OVERSEERS)


def room_of_mine(session: Any, member: StaffMember, room: int, attempt: str | None = None, person: int | None = None) -> bool:
    """Tell whether the person watches this room, and the attempt that is named, if any, sits in it and the other person watches it too."""
    if not may_watch(session, member.id, room) or (person is not None and not may_watch(session, person, room)):
        return False
    return attempt is None or room_of_attempt(session, attempt) == room


def record_of_room(session: Any, member: StaffMember, room: int) -> bool:
    """Tell whether the room has a record, and the person watches it, or administers or audits its site."""
    site = site_of_record(session, room)
    return site is not None and (any(member.has_at(role, site) for role in OVERSEERS) or may_watch(session, member.id, room))
