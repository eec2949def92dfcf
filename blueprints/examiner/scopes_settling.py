"""Which groups and scripts somebody sees as a leader: those of the groups led."""

from typing import Any

from examsrv.services import comparing_sheets, settling
from examsrv.services.signing_in import StaffMember


def group_i_lead(session: Any, member: StaffMember, group: int, **_values: Any) -> bool:
    """Tell whether the person leads the group."""
    return settling.is_leader(session, group, member.id)


def script_of_group_i_lead(session: Any, member: StaffMember, group: int, number: int, **_values: Any) -> bool:
    """Tell whether the person leads the group, and it scores a script of that number."""
    return group_i_lead(session, member, group) and comparing_sheets.script_in_group(session, group, number) is not None
