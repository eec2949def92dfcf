"""Which rooms and seats a proctor sees: those of the rooms the person is planned for, or examines in."""

from typing import Any

from examsrv.domain.roles import Role
from examsrv.services.board_watchers import may_watch
from examsrv.services.proctoring import room_of_attempt
from examsrv.services.signing_in import StaffMember

WATCHERS = (Role.PROCTOR, Role.EXAMINER)
"""Who may have a room to watch: examiners in skills for which the batch asks for no proctors."""


def room_of_mine(session: Any, member: StaffMember, room: int, attempt: str | None = None, person: int | None = None) -> bool:
    """Tell whether the person watches this room, and the attempt that is named, if any, sits in it and the other person watches it too."""
    if not may_watch(session, member.id, room) or (person is not None and not may_watch(session, person, room)):
        return False
    return attempt is None or room_of_attempt(session, attempt) == room
