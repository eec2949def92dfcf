"""Which panels and hearings an examiner sees: a panel's members see theirs; who leads it keeps its clock and its order."""

from typing import Any

from examsrv.services import review_documents, viewing_hearings
from examsrv.services.signing_in import StaffMember


def panel_of_mine(session: Any, member: StaffMember, group: int) -> bool:
    """Tell whether the person is a member of the panel."""
    return viewing_hearings.is_member(session, group, member.id)


def panel_i_lead(session: Any, member: StaffMember, group: int) -> bool:
    """Tell whether the person leads the panel."""
    return viewing_hearings.leads(session, group, member.id)


def hearing_of_mine(session: Any, member: StaffMember, attempt: str, number: int | None = None) -> bool:
    """Tell whether the person hears the candidate or was called to the script, and the document that is named, if any, is the candidate's."""
    if number is not None and not review_documents.is_document(session, attempt, number):
        return False
    return viewing_hearings.may_see_hearing(session, attempt, member.id)


def hearing_i_lead(session: Any, member: StaffMember, attempt: str) -> bool:
    """Tell whether the person leads the panel that hears the candidate."""
    return viewing_hearings.leads_hearing(session, attempt, member.id)
