"""Which objects an administrator sees: those of the sites administered. Accounts and sites themselves are for administrators of all sites."""

from typing import Any

from examsrv.domain.roles import Role
from examsrv.services import equipping, managing_people, planning, seating
from examsrv.services.signing_in import StaffMember

DatabaseSession = Any
"""Pages hand a session on to the services and know nothing of it."""


def administers_all(_session: DatabaseSession, member: StaffMember, **_values: Any) -> bool:
    """Tell whether somebody administers all sites."""
    return (Role.ADMINISTRATOR, None) in member.roles


def my_sites(member: StaffMember) -> frozenset[int] | None:
    """Return the sites that somebody administers; None: all."""
    if administers_all(None, member):
        return None
    return frozenset(site for role, site in member.roles if role == Role.ADMINISTRATOR and site is not None)


def person_there(session: DatabaseSession, member: StaffMember, person: int) -> bool:
    """Tell whether an account is there, for an administrator of all sites."""
    return administers_all(session, member) and managing_people.person_exists(session, person)


def site_there(session: DatabaseSession, member: StaffMember, site: int) -> bool:
    """Tell whether a site is there, for an administrator of all sites."""
    return administers_all(session, member) and any(each.id == site for each in equipping.sites(session))


def room_of_my_site(session: DatabaseSession, member: StaffMember, room: int) -> bool:
    """Tell whether a room is at a site of mine."""
    return _is_mine(member, equipping.site_of_room(session, room))


def sitting_of_my_site(session: DatabaseSession, member: StaffMember, sitting: int, **_values: Any) -> bool:
    """Tell whether a sitting is held at a site of mine."""
    return _is_mine(member, planning.site_of_sitting(session, sitting))


def sitting_room_of_my_site(session: DatabaseSession, member: StaffMember, sitting_room: int) -> bool:
    """Tell whether a room of a sitting is at a site of mine."""
    sitting = planning.sitting_of_room(session, sitting_room)
    return sitting is not None and sitting_of_my_site(session, member, sitting)


def attempt_of_my_site(session: DatabaseSession, member: StaffMember, attempt: str) -> bool:
    """Tell whether a candidate's attempt is at a site of mine."""
    return _is_mine(member, seating.site_of_attempt(session, attempt))


def _is_mine(member: StaffMember, site: int | None) -> bool:
    return site is not None and member.has_at(Role.ADMINISTRATOR, site)
