"""Cookies and who they stand for. A cookie is an opaque 256-bit value; everything it means lies on the server.

Flask's own session is filled from them and never written: Flask-WTF finds its CSRF token there, bound to the cookie and without expiry.
"""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin
from sqlalchemy.orm import Session

from examsrv.services.signing_in import BoundSeat, CandidateSession, StaffMember, bound_seat, candidate_session, staff_of, token_digest
from examsrv.web import chance
from examsrv.web.context import now, reading, server
from examsrv.web.server import Settings

STAFF, CANDIDATE, SEAT, VISIT = "staff", "candidate", "seat", "visit"
YEAR = 365 * 24 * 60 * 60
FLASHES = "_flashes"  # Flask's own name for what flash() leaves
COOKIELESS = ("/static/", "/healthz", "/readyz", "/metrics")
LONG_LIVED = frozenset({SEAT})
LANGUAGE_SWITCH = "/language"
HOT_PATHS = ("/exam/api/", "/exam/paper")  # here the session is looked up in memory
LEFT_TO_THE_CUT_OFF = frozenset({"/exam/api/steps", "/exam/api/hand-in", "/exam/api/beat"})
"""Where a machine is still known whose candidate was moved away: it hears so, and what it sends is kept aside."""


def cookie_name(name: str) -> str:
    """Return the cookie's name: with the __Host- prefix wherever the browser will honour it."""
    return name_of_cookie(name, server().settings)


def name_of_cookie(name: str, settings: Settings) -> str:
    """Return the cookie's name in an installation with these settings."""
    return f"__Host-{name}" if settings.secure_cookies else name


def cookie(name: str) -> str | None:
    """Return the value that the browser sent."""
    return request.cookies.get(cookie_name(name))


def give_cookie(response: Response, name: str, value: str) -> None:
    """Set a cookie: HttpOnly, SameSite=Strict, without Expires but for the seat's."""
    age = YEAR if name in LONG_LIVED else None
    secure = server().settings.secure_cookies
    response.set_cookie(cookie_name(name), value, max_age=age, path="/", secure=secure, httponly=True, samesite="Strict")


def take_cookie(response: Response, name: str) -> None:
    """Remove a cookie."""
    response.delete_cookie(cookie_name(name), path="/", secure=server().settings.secure_cookies, httponly=True, samesite="Strict")


class DerivedSession(SessionInterface):
    """A session that holds the CSRF secret of whoever visits, an HMAC over the browser's own cookie, and what the last page left to be said.

    What is to be said waits in the server's memory for the next page of the same browser; nothing of it is sent with a cookie.
    """

    session_class = SecureCookieSession

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        names = (CANDIDATE, STAFF, VISIT) if _is_from_candidates_page(request) else (STAFF, VISIT)
        held = next((value for value in (request.cookies.get(cookie_name(name)) for name in names) if value), None)
        if held is None:
            held = g.new_visit = chance.token()
        found = self.session_class()
        found["csrf_token"] = server().secret.keyed("csrf", held)
        g.left_for = token_digest(held)
        waiting = server().left_to_say.get(g.left_for)
        if waiting:
            found[FLASHES] = list(waiting)
        found.modified = False
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified:  # a page has said it, or left something; a poll that passes in between takes nothing away
            server().leave_to_say(g.left_for, session.get(FLASHES, []))
        visit = g.pop("new_visit", None)
        if visit is not None and not request.path.startswith(COOKIELESS):
            give_cookie(response, VISIT, visit)


def _is_from_candidates_page(request: Request) -> bool:
    """Tell whether a request is a candidate's page, or was sent by one: the language is switched from both sides of the house."""
    path = urlsplit(request.referrer or "").path if request.path == LANGUAGE_SWITCH else request.path
    return path.startswith("/exam/")


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A member of staff as Flask-Login wants one."""

    def __init__(self, member: StaffMember) -> None:
        self.member = member

    def get_id(self) -> str:
        return str(self.member.id)


def install_sessions(app: Flask) -> None:
    """Make the application know who visits: staff through Flask-Login, candidates and seats on `g`."""
    app.session_interface = DerivedSession()
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.request_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def load(_request: Request) -> SignedIn | None:
        member: StaffMember | None = g.get("staff")
        return SignedIn(member) if member is not None else None

    @app.before_request
    def recognise() -> None:
        if request.endpoint == "static":
            return
        staff_token, candidate_token = cookie(STAFF), cookie(CANDIDATE)
        g.staff = g.candidate = None
        if not staff_token and not candidate_token:
            return
        if candidate_token and request.path.startswith(HOT_PATHS):
            g.candidate = server().known_candidates.get(token_digest(candidate_token))
            if g.candidate is not None:
                return
        with reading() as session:
            if staff_token:
                g.staff = staff_of(session, staff_token, now(), server().settings.staff_session_age)
            if candidate_token and request.path.startswith("/exam/"):
                g.candidate = _recognised_candidate(session, candidate_token)


def _recognised_candidate(session: Session, token: str) -> CandidateSession | None:
    """Return whose page asks, and remember it unless the machine was cut off: it is never known on the short way."""
    own = candidate_session(session, token)
    if own is not None and not own.is_cut_off:
        server().known_candidates[token_digest(token)] = own
        return own
    return own if request.path in LEFT_TO_THE_CUT_OFF else None


def forget_candidate(attempt: str | None = None, token: str | None = None) -> None:
    """Forget the remembered sessions of an attempt, or the one of a token: the database is asked again."""
    known = server().known_candidates
    for digest, session in list(known.items()):
        if session.attempt == attempt or (token is not None and digest == token_digest(token)):
            known.pop(digest, None)


def seat_here() -> BoundSeat | None:
    """Return the seat that this machine is bound to, or None."""
    with reading() as session:
        return bound_seat(session, cookie(SEAT))
