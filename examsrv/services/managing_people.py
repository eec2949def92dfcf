"""Accounts of the staff: making, changing, resetting, deactivating; roles; one's own password and PIN."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.roles import STAFF_ROLES, Role
from examsrv.services.auditing import record
from examsrv.services.signing_in import PASSWORD_LEAST, PIN_LEAST, password_fits, password_hash, token_digest
from examsrv.storage.tables import PersonRow, RoleGrantRow, SiteRow, StaffSessionRow
from question_bank.message import N_, ExamError, Message

LOGIN_LONGEST = 40
NAME_LONGEST = 60
LINES_MOST, LINE_LONGEST = 50, 100
"""Of the employers and of the training classes of somebody."""


class SamePasswordError(ExamError):
    """The new password is the old one."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account as the administrator sees it."""

    id: int
    login: str
    name: str
    roles: tuple[tuple[str, int | None], ...]
    is_active: bool
    has_pin: bool
    is_senior_examiner: bool
    employer: str
    training_classes: str


def has_staff(session: Session) -> bool:
    """Tell whether anybody has an account yet."""
    return session.scalars(select(PersonRow.id).limit(1)).first() is not None


def create_first_administrator(session: Session, login: str, name: str, password: str, at: Moment) -> int:
    """Make the first account; refused as soon as there is one."""
    if has_staff(session):
        raise ExamError(Message(N_("There is an administrator already. Ask them for an account.")))
    return create_person(session, login, name, password, [(Role.ADMINISTRATOR, None)], SERVER, at)


def create_person(
    session: Session,
    login: str,
    name: str,
    password: str,
    roles: Iterable[tuple[Role, int | None]],
    by: Actor,
    at: Moment,
    *,
    pin: str | None = None,
    must_change: bool = False,
) -> int:
    """Make an account and return its id."""
    _require_login(session, login)
    require_password(password)
    pin_hash = password_hash(_pin(pin)) if pin else None
    return add_person(session, login, name, password_hash(password), pin_hash, roles, by, at, must_change=must_change)


def add_person(
    session: Session,
    login: str,
    name: str,
    password_hash: str,
    pin_hash: str | None,
    roles: Iterable[tuple[Role, int | None]],
    by: Actor,
    at: Moment,
    *,
    must_change: bool = False,
) -> int:
    """Make an account whose password and PIN are hashed already, and return its id."""
    login = _require_login(session, login)
    person = PersonRow(login=login, name=_name(name), password_hash=password_hash, pin_hash=pin_hash, must_change_password=must_change)
    session.add(person)
    session.flush()
    record(session, "person.created", f"person/{person.id}", by, at)
    set_roles(session, person.id, roles, by, at)
    return person.id


def set_roles(session: Session, person: int, roles: Iterable[tuple[Role, int | None]], by: Actor, at: Moment) -> None:
    """Give a person exactly these roles. The last administrator of all sites keeps the role."""
    _person(session, person)
    wanted = {(Role(role), site) for role, site in roles}
    if any(role not in STAFF_ROLES for role, _site in wanted):
        raise ExamError(Message(N_("This role cannot be granted.")))
    known = set(session.scalars(select(SiteRow.id)))
    if any(site is not None and site not in known for _role, site in wanted):
        raise ExamError(Message(N_("There is no such site.")))
    if (Role.ADMINISTRATOR, None) not in wanted:
        _require_another_administrator(session, person)
    session.execute(delete(RoleGrantRow).where(RoleGrantRow.person_id == person))
    session.add_all(RoleGrantRow(person_id=person, role=role, site_id=site) for role, site in sorted(wanted, key=str))
    session.flush()
    spelled = " ".join(sorted(f"{role}@{'all' if site is None else site}" for role, site in wanted))
    record(session, "person.roles", f"person/{person}", by, at, roles=spelled)


def change_person(
    session: Session,
    person: int,
    name: str,
    *,
    is_senior_examiner: bool,
    by: Actor,
    at: Moment,
    employer: str | None = None,
    training_classes: str | None = None,
) -> None:
    """Change the name, what somebody is qualified for, and employers and classes taught, each on a line of its own; None leaves them as they are."""
    row = _person(session, person)
    row.name, row.is_senior_examiner = _name(name), is_senior_examiner
    if employer is not None:
        row.employer = _lines(employer)
    if training_classes is not None:
        row.training_classes = _lines(training_classes)
    record(session, "person.changed", f"person/{person}", by, at)


def reset_password(session: Session, person: int, password: str, by: Actor, at: Moment) -> None:
    """Set a password that has to be changed at the next sign-in; whoever is signed in on the account is signed out."""
    require_password(password)
    row = _person(session, person)
    row.password_hash, row.must_change_password = password_hash(password), True
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.person_id == person))
    record(session, "person.password_reset", f"person/{person}", by, at)


def set_active(session: Session, person: int, *, is_active: bool, by: Actor, at: Moment) -> None:
    """Deactivate an account, which signs it out, or make it usable again. The last administrator cannot be deactivated."""
    if not is_active:
        _require_another_administrator(session, person)
        session.execute(delete(StaffSessionRow).where(StaffSessionRow.person_id == person))
    _person(session, person).is_active = is_active
    record(session, "person.activated" if is_active else "person.deactivated", f"person/{person}", by, at)


def change_own_password(session: Session, person: int, current: str, password: str, at: Moment, token: str | None = None) -> None:
    """Change the own password; the present one has to be given. Everywhere but in the session of `token` the account is signed out."""
    row = _person(session, person)
    if not password_fits(row.password_hash, current):
        raise ExamError(Message(N_("The present password is not right.")))
    require_password(password)
    if password == current:
        raise SamePasswordError(Message(N_("The new password is the same as the old one.")))
    row.password_hash, row.must_change_password = password_hash(password), False
    kept = token_digest(token) if token else ""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.person_id == person, StaffSessionRow.digest != kept))
    record(session, "person.password_changed", f"person/{person}", Actor(person, row.name), at)


def set_own_pin(session: Session, person: int, current: str, pin: str, at: Moment) -> None:
    """Set the PIN with which a proctor signs in on a room's board; the password has to be given."""
    row = _person(session, person)
    if not password_fits(row.password_hash, current):
        raise ExamError(Message(N_("The present password is not right.")))
    row.pin_hash = password_hash(_pin(pin))
    record(session, "person.pin_changed", f"person/{person}", Actor(person, row.name), at)


def set_language(session: Session, person: int, language: str) -> None:
    """Keep the language that somebody chose."""
    _person(session, person).language = language


def people(session: Session) -> list[PersonView]:
    """Return all accounts, by sign-in name."""
    rows = session.scalars(select(PersonRow).order_by(PersonRow.login)).all()
    grants: dict[int, list[tuple[str, int | None]]] = {}
    for grant in session.scalars(select(RoleGrantRow).order_by(RoleGrantRow.id)):
        grants.setdefault(grant.person_id, []).append((grant.role, grant.site_id))
    return [_view(row, tuple(grants.get(row.id, ()))) for row in rows]


def person_view(session: Session, person: int) -> PersonView:
    """Return one account; refuses a number that nobody has."""
    row = _person(session, person)
    grants = session.scalars(select(RoleGrantRow).where(RoleGrantRow.person_id == person).order_by(RoleGrantRow.id))
    return _view(row, tuple((grant.role, grant.site_id) for grant in grants))


def person_exists(session: Session, person: int) -> bool:
    """Tell whether somebody has this number."""
    return session.get(PersonRow, person) is not None


def require_password(password: str) -> None:
    """Refuse a password that is too short."""
    if len(password) < PASSWORD_LEAST:
        raise ExamError(Message(N_("A password has at least %(least)d characters."), {"least": PASSWORD_LEAST}))


def _view(row: PersonRow, roles: tuple[tuple[str, int | None], ...]) -> PersonView:
    return PersonView(
        row.id,
        row.login,
        row.name,
        roles,
        row.is_active,
        row.pin_hash is not None,
        row.is_senior_examiner,
        row.employer or "",
        row.training_classes or "",
    )


def _person(session: Session, person: int) -> PersonRow:
    row = session.get(PersonRow, person)
    if row is None:
        raise ExamError(Message(N_("There is no such person.")))
    return row


def _require_login(session: Session, login: str) -> str:
    """Return a sign-in name as it is kept; refuses one that cannot be, or that somebody has."""
    login = login.strip().lower()
    if not login or len(login) > LOGIN_LONGEST or not login.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise ExamError(
            Message(N_("A sign-in name has letters, digits, dots, hyphens and underscores only, at most %(longest)d."), {"longest": LOGIN_LONGEST})
        )
    if session.scalars(select(PersonRow.id).where(PersonRow.login == login)).first() is not None:
        raise ExamError(Message(N_("The sign-in name %(login)s is taken."), {"login": login}))
    return login


def _name(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    return stripped


def _lines(text: str) -> str | None:
    """Return lines as they are kept, without empty ones; None for none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > LINES_MOST or any(len(line) > LINE_LONGEST for line in lines):
        values = {"lines": LINES_MOST, "longest": LINE_LONGEST}
        raise ExamError(Message(N_("At most %(lines)d lines of %(longest)d characters each."), values))
    return "\n".join(lines) or None


def _pin(pin: str) -> str:
    if not pin.isdecimal() or len(pin) < PIN_LEAST:
        raise ExamError(Message(N_("A PIN has at least %(least)d digits."), {"least": PIN_LEAST}))
    return pin


def _require_another_administrator(session: Session, person: int) -> None:
    """Refuse what would leave nobody who administers all sites."""
    others = (
        select(RoleGrantRow.id)
        .join(PersonRow, PersonRow.id == RoleGrantRow.person_id)
        .where(RoleGrantRow.role == Role.ADMINISTRATOR, RoleGrantRow.site_id.is_(None), RoleGrantRow.person_id != person, PersonRow.is_active)
    )
    is_one = session.scalars(
        select(RoleGrantRow.id).where(RoleGrantRow.person_id == person, RoleGrantRow.role == Role.ADMINISTRATOR, RoleGrantRow.site_id.is_(None))
    ).first()
    if is_one is not None and session.scalars(others).first() is None:
        raise ExamError(Message(N_("Somebody has to remain who administers all sites.")))
