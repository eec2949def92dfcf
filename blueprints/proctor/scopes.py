"""Which rooms and seats a proctor sees: those of the rooms the person is planned for."""

from typing import Any

from examsrv.services.proctoring import is_on_duty, room_of_attempt
from examsrv.services.signing_in import StaffMember


def room_of_mine(session: Any, member: StaffMember, room: int, attempt: str | None = None, person: int | None = None) -> bool:
    """Tell whether the person watches this room, and the attempt that is named, if any, sits in it and the other person watches it too."""
    if not is_on_duty(session, member.id, room) or (person is not None and not is_on_duty(session, person, room)):
        return False
    return attempt is None or room_of_attempt(session, attempt) == room
