"""Which scripts an examiner sees: those that are theirs to score, by sitting and number."""

from typing import Any

from examsrv.services.scoring import own_script
from examsrv.services.signing_in import StaffMember


def script_of_mine(session: Any, member: StaffMember, sitting: int, number: int, **_values: Any) -> bool:
    """Tell whether the script is the person's to score, or was scored by them."""
    return own_script(session, None, sitting, number, member.id) is not None
