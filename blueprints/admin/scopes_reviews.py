"""Which candidates of reviews an administrator sees: those in a panel at a site of mine."""

from typing import Any

from blueprints.admin.scopes import attempt_of_my_site
from examsrv.services import review_documents, viewing_hearings
from examsrv.services.signing_in import StaffMember


def review_of_my_site(session: Any, member: StaffMember, attempt: str, number: int | None = None) -> bool:
    """Tell whether a candidate is heard by a panel at a site of mine, and the document that is named, if any, is the candidate's."""
    if not attempt_of_my_site(session, member, attempt) or not viewing_hearings.is_heard(session, attempt):
        return False
    return number is None or review_documents.is_document(session, attempt, number)
