"""Which rooms and seats a proctor sees: those of the rooms the person is planned for."""

from typing import Any

from examsrv.services.proctoring import is_on_duty, room_of_attempt
from examsrv.services.signing_in import StaffMember


def room_of_mine(session: Any, member: StaffMember, room: int, attempt: str | None = None) -> bool:
    """Tell whether the person watches this room, and the attempt, if one is named, sits in it."""
    if not is_on_duty(session, member.id, room):
        return False
    return attempt is None or room_of_attempt(session, attempt) == room
