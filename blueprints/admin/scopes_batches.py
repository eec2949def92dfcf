"""Which batches a member of staff sees: those with a sitting at a site of theirs, and in them the people who have such a sitting."""

from typing import Any

from blueprints.admin.scopes import DatabaseSession, my_sites
from examsrv.services import level_results
from examsrv.services.signing_in import StaffMember


def batch_of_my_sites(session: DatabaseSession, member: StaffMember, batch: int, **_values: Any) -> bool:
    """Tell whether a batch has a published sitting at a site of mine."""
    return level_results.is_batch_at(session, batch, my_sites(member))


def person_of_batch(session: DatabaseSession, member: StaffMember, batch: int, occupation: str, level: str, candidate: int) -> bool:
    """Tell whether a batch has a sitting at a site of mine with this person, for this level of the occupation."""
    return level_results.is_person_at(session, batch, candidate, occupation, level, my_sites(member))
