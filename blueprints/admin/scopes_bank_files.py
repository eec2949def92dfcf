"""Which files of items a member of staff sees: those that one has sent oneself."""

from blueprints.admin.scopes import DatabaseSession
from examsrv.services import importing_items
from examsrv.services.signing_in import StaffMember


def import_of_mine(session: DatabaseSession, member: StaffMember, number: int) -> bool:
    """Tell whether there is such a file, sent by me and neither brought in nor thrown away."""
    file = importing_items.import_of(session, number)
    return file is not None and file.person == member.id and file.applied is None
