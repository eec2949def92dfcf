"""Who may be the second person of an act: somebody who signs in anew with name and password and administers the place."""

from sqlalchemy.orm import Session

from examsrv.domain.moment import Moment
from examsrv.domain.roles import Role
from examsrv.services.signing_in import StaffMember, check_staff
from question_bank.message import N_, ExamError, Message


def second_person(session: Session, login: str, password: str, site: int | None, at: Moment) -> StaffMember:
    """Return whom name and password name, if that is an administrator of `site` (None: of any) who has set an own password.

    `SignInFailed` and `Throttled` as for signing in; that it is another person than the first is looked at where the act is approved.
    """
    member = check_staff(session, login, password, at)
    if not (member.has(Role.ADMINISTRATOR) if site is None else member.has_at(Role.ADMINISTRATOR, site)):
        raise ExamError(Message(N_("%(name)s is no administrator here and cannot approve this."), {"name": member.name}))
    if member.must_change_password:
        raise ExamError(Message(N_("%(name)s has a first password that others know; it has to be changed before approving."), {"name": member.name}))
    return member
