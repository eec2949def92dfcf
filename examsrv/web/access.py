"""Who may do what to which object. Every route declares it, or the application refuses to start.

`@allow(Role.PROCTOR, on=room_of_mine)` says: somebody with that role, and only on objects for which `room_of_mine` is true. An object that is
not visible is not there: 404. `@open_to_all` needs no sign-in; `@candidates_only` needs a candidate's session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, g, jsonify, redirect, request, url_for
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services.signing_in import StaffMember
from examsrv.web.context import reading

View = TypeVar("View", bound=Callable[..., Any])
Scope = Callable[..., bool]
"""Called with a reading session, the member of staff and the route's own values; tells whether the object is visible to that person."""


@dataclass(frozen=True, slots=True)
class Access:
    """A route's declaration. No roles: open to all, or (is_candidate) to candidates."""

    roles: frozenset[Role]
    scope: Scope | None = None
    is_candidate: bool = False


class UndeclaredRoute(RuntimeError):
    """A route says nothing about who may use it."""


def allow(*roles: Role, on: Scope | None = None) -> Callable[[View], View]:
    """Declare that a route is for staff holding one of `roles`, on the objects that `on` lets them see. Without a role it says nothing: refused."""
    if not roles:
        raise UndeclaredRoute("allow() without a role")
    return _declare(Access(frozenset(roles), on))


def open_to_all(view: View) -> View:
    """Declare that a route needs no sign-in."""
    return _declare(Access(frozenset()))(view)


def candidates_only(view: View) -> View:
    """Declare that a route is for a signed-in candidate, who only ever reaches the own attempt."""
    return _declare(Access(frozenset(), is_candidate=True))(view)


def any_staff(view: View) -> View:
    """Declare that a route is for everybody of the staff, about oneself."""
    return _declare(Access(frozenset(Role)))(view)


def install_access(app: Flask) -> None:
    """Enforce the declarations before each request."""

    @app.before_request
    def enforce() -> Any:
        if request.endpoint is None or request.endpoint == "static":
            return None
        access = declared(app, request.endpoint)
        if access.is_candidate:
            return None if g.candidate is not None else _ask_to_sign_in("candidate.sign_in")
        if not access.roles:
            return None
        member: StaffMember | None = g.staff
        if member is None:
            return _ask_to_sign_in("auth.sign_in")
        if member.must_change_password and request.endpoint not in {"auth.password", "auth.sign_out", "auth.language"}:
            return redirect(url_for("auth.password"))
        if access.roles != frozenset(Role) and not any(member.has(role) for role in access.roles):
            abort(403)
        if access.scope is not None:
            with reading() as session:
                if not _is_visible(access.scope, session, member):
                    abort(404)
        return None


def require_declarations(app: Flask) -> None:
    """Refuse to start while a route lacks its declaration."""
    missing = sorted(rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static" and not _access(app, rule.endpoint))
    if missing:
        raise UndeclaredRoute(f"routes without an access rule: {', '.join(missing)}")


def declared(app: Flask, endpoint: str) -> Access:
    """Return what a route declares."""
    access = _access(app, endpoint)
    if access is None:
        raise UndeclaredRoute(endpoint)
    return access


def _access(app: Flask, endpoint: str) -> Access | None:
    return getattr(app.view_functions[endpoint], "access", None)


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # a view is a function; the mark is read by `declared`
        return view

    return mark


def _is_visible(scope: Scope, session: Session, member: StaffMember) -> bool:
    return scope(session, member, **(request.view_args or {}))


def _ask_to_sign_in(endpoint: str) -> Response:
    if "/api/" in request.path or request.path.endswith(".json"):
        response = jsonify(error="signed_out")
        response.status_code = 401
        return response
    return redirect(url_for(endpoint))  # type: ignore[return-value]  # werkzeug's response is Flask's here
