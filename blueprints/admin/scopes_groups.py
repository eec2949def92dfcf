"""Which batches and groups an administrator sees: batches are for all of them to look at, for administrators of all sites to change."""

from typing import Any

from blueprints.admin.scopes import administers_all
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, bars, batches
from examsrv.services.signing_in import StaffMember

DatabaseSession = Any
"""Pages hand a session on to the services and know nothing of it."""


def batch_there(session: DatabaseSession, member: StaffMember, batch: int) -> bool:
    """Tell whether a batch is there, for an administrator of all sites."""
    return administers_all(session, member) and batches.batch_exists(session, batch)


def group_of_my_site(session: DatabaseSession, member: StaffMember, group: int, **_values: Any) -> bool:
    """Tell whether a group examines at a site of mine."""
    site = assessment_groups.site_of_group(session, group)
    return site is not None and member.has_at(Role.ADMINISTRATOR, site)


def recusal_of_my_group(session: DatabaseSession, member: StaffMember, group: int, recusal: int) -> bool:
    """Tell whether a declared relation is to a candidate of a group that examines at a site of mine."""
    if not group_of_my_site(session, member, group):
        return False
    return any(each.id == recusal for each in bars.recusals(session, assessment_groups.candidates_of_group(session, group)))
