"""What a page reaches for: the server, a session on the database, the moment, who acts."""

from contextlib import AbstractContextManager
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.signing_in import CandidateSession, StaffMember
from examsrv.web.server import Server


def server() -> Server:
    """Return the running server of this application."""
    return cast(Server, current_app.extensions["examsrv"])


def reading() -> AbstractContextManager[Session]:
    """Open a session that only reads."""
    return server().database.reading()


def writing() -> AbstractContextManager[Session]:
    """Open the session that writes; commits at the end of the block."""
    return server().database.writing()


def now() -> Moment:
    """Return the present moment."""
    return server().now()


def staff() -> StaffMember:
    """Return the member of staff who is signed in; only in routes that require one."""
    return cast(StaffMember, g.staff)


def staff_or_none() -> StaffMember | None:
    """Return who of the staff is signed in, if anybody."""
    return cast(StaffMember | None, g.get("staff"))


def actor() -> Actor:
    """Return who acts."""
    return staff().actor


def candidate() -> CandidateSession:
    """Return the candidate's session; only in routes that require one."""
    return cast(CandidateSession, g.candidate)
