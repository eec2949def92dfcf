"""Which of the bank a member of staff sees: an item that is not in one's own sections is not there."""

from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_marking import pack_there
from examsrv.services import commenting, item_drafts, scoping
from examsrv.services.signing_in import StaffMember


def item_there(session: DatabaseSession, member: StaffMember, pack: str, item: str, **_values: object) -> bool:
    """Tell whether a pack has such an item, in a section of mine."""
    return pack_there(session, member, pack) and scoping.is_visible(session, pack, item, member)


def comment_there(session: DatabaseSession, member: StaffMember, pack: str, item: str, number: int) -> bool:
    """Tell whether an item that I see has such a remark."""
    return item_there(session, member, pack, item) and commenting.is_comment(session, pack, item, number)


def case_there(session: DatabaseSession, member: StaffMember, pack: str, case: str) -> bool:
    """Tell whether a case is worked on, all of whose items I see."""
    found = item_drafts.case_draft(session, pack, case)
    return found is not None and all(scoping.is_visible(session, pack, item, member) for item, _state in found.items)
