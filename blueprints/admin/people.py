"""Accounts of the staff and their roles."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_people import NewPersonForm, PersonForm, ResetForm, RolesForm, grant_value, grants, site_words
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes import administers_all, person_there
from examsrv.domain.roles import ROLE_NAMES, STAFF_ROLES, Role
from examsrv.services import equipping, managing_people, scoping
from examsrv.services.managing_people import PersonView
from examsrv.services.scoping import Place
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.language import shown
from question_bank.message import ExamError

PASSWORD_GROUPS = 3
GROUP_LENGTH = 4
PLACE_PARTS = 3
SORTS = {"login": lambda person: person.login, "name": lambda person: person.name}


@bp.get("/people")
@allow(Role.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """All accounts; what is looked for stands in the address."""
    with reading() as session:
        everybody, names = managing_people.people(session), {site.id: site.name for site in equipping.sites(session)}
    found = [person for person in everybody if _is_wanted(person)]
    order = request.args.get("sort", "login")
    found.sort(key=SORTS.get(order.removeprefix("-"), SORTS["login"]), reverse=order.startswith("-"))
    return render_template(
        "admin/people.html",
        people=[(person, _role_words(person, names)) for person in found],
        total=len(everybody),
        order=order,
        roles=[(role.value, shown(ROLE_NAMES[role])) for role in STAFF_ROLES],
        may_change=administers_all(None, staff()),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=administers_all)
def new_person() -> ResponseReturnValue:
    """Make an account; the initial password is shown once."""
    with reading() as session:
        sites = equipping.sites(session)
    form = NewPersonForm()
    form.offer(site.id for site in sites)
    if form.validate_on_submit():
        password = form.password.data or _initial_password()
        try:
            with writing() as session:
                number = managing_people.create_person(
                    session, form.login.data, form.name.data, password, grants(form.roles.data), actor(), now(), must_change=True
                )
        except ExamError as error:
            refuse(form, error, "login")
        else:
            return _handed_over(number, password)
    page = render_template("admin/person_new.html", form=form, sites=sites, grid=_grid(), grant_value=grant_value)
    return page, 422 if form.errors else 200


@bp.get("/people/<int:person>")
@allow(Role.ADMINISTRATOR, on=person_there)
def person(person: int) -> ResponseReturnValue:
    """One account."""
    return _person_page(person)


@bp.post("/people/<int:person>")
@allow(Role.ADMINISTRATOR, on=person_there)
def change_person(person: int) -> ResponseReturnValue:
    """Change name and qualification."""
    form = PersonForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                managing_people.change_person(
                    session,
                    person,
                    form.name.data,
                    is_senior_examiner=form.is_senior_examiner.data,
                    by=actor(),
                    at=now(),
                    employer=form.employer.data,
                    training_classes=form.training_classes.data,
                )
        except ExamError as error:
            refuse(form, error, "name")
        else:
            flash(gettext("The changes have been saved."), "good")
            return redirect(url_for("admin.person", person=person))
    return _person_page(person, form=form), 422


@bp.post("/people/<int:person>/roles")
@allow(Role.ADMINISTRATOR, on=person_there)
def person_roles(person: int) -> ResponseReturnValue:
    """Give exactly the roles that were ticked."""
    roles = RolesForm()
    with reading() as session:
        roles.offer(site.id for site in equipping.sites(session))
    if roles.validate_on_submit():
        try:
            with writing() as session:
                managing_people.set_roles(session, person, grants(roles.roles.data), actor(), now())
        except ExamError as error:
            refuse(roles, error, "roles")
        else:
            flash(gettext("The roles have been saved."), "good")
            is_let_go = person == staff().id and grant_value(Role.ADMINISTRATOR, None) not in roles.roles.data
            return redirect(url_for("auth.password") if is_let_go else url_for("admin.person", person=person))
    return _person_page(person, roles=roles), 422


@bp.post("/people/<int:person>/password")
@allow(Role.ADMINISTRATOR, on=person_there)
def reset_password(person: int) -> ResponseReturnValue:
    """Set a new initial password, which signs the account out."""
    reset = ResetForm()
    if not reset.validate_on_submit():
        return _person_page(person, reset=reset), 422
    password = reset.password.data or _initial_password()
    with writing() as session:
        managing_people.reset_password(session, person, password, actor(), now())
    return _handed_over(person, password)


@bp.post("/people/<int:person>/state")
@allow(Role.ADMINISTRATOR, on=person_there)
def person_state(person: int) -> ResponseReturnValue:
    """Deactivate an account or make it usable again."""
    is_active = request.form.get("active") == "yes"
    try:
        with writing() as session:
            managing_people.set_active(session, person, is_active=is_active, by=actor(), at=now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_person_page(person))
    flash(gettext("The account is active again.") if is_active else gettext("The account is deactivated and signed out."), "good")
    return redirect(url_for("admin.person", person=person))


@bp.post("/people/<int:person>/bank")
@allow(Role.ADMINISTRATOR, on=person_there)
def person_bank(person: int) -> ResponseReturnValue:
    """Limit an author or a reviewer to the sections that were ticked; none ticked: the whole bank."""
    try:
        places = [_place(value) for value in request.form.getlist("sections")]
        with writing() as session:
            scoping.set_places(session, person, places, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_person_page(person))
    flash(gettext("The sections of the bank have been saved."), "good")
    return redirect(url_for("admin.person", person=person))


def _place(value: str) -> Place:
    """Return the section that a ticked box stands for; one that cannot be is refused later as any that is not there."""
    pack, level, section = [*value.split("/"), "", ""][:PLACE_PARTS]
    return Place(pack, level, section)


def _person_page(person: int, form: PersonForm | None = None, roles: RolesForm | None = None, reset: ResetForm | None = None) -> str:
    with reading() as session:
        view, sites = managing_people.person_view(session, person), equipping.sites(session)
        sections, places = scoping.sections_there(session), scoping.places_of(session, person)
    if roles is None:
        roles = RolesForm(formdata=None, roles=[grant_value(role, site) for role, site in view.roles])
        roles.offer(site.id for site in sites)
    return render_template(
        "admin/person.html",
        person=view,
        form=form or _form_of(view),
        roles=roles,
        reset=reset or ResetForm(formdata=None),
        sites=sites,
        grid=_grid(),
        grant_value=grant_value,
        is_self=view.id == staff().id,
        works_on_bank=any(role in (Role.AUTHOR, Role.REVIEWER) for role, _site in view.roles),
        sections=sections,
        places=places,
    )


def _form_of(view: PersonView) -> PersonForm:
    return PersonForm(
        formdata=None,
        name=view.name,
        is_senior_examiner=view.is_senior_examiner,
        employer=view.employer,
        training_classes=view.training_classes,
    )


def _is_wanted(person: PersonView) -> bool:
    text, role, state = (request.args.get(name, "").strip().casefold() for name in ("text", "role", "state"))
    is_named = text in person.name.casefold() or text in person.login
    is_held = not role or any(held == role for held, _site in person.roles)
    return is_named and is_held and (not state or person.is_active == (state == "active"))


def _role_words(person: PersonView, names: dict[int, str]) -> list[tuple[str, str]]:
    """Return each role with the sites it is held at."""
    held = dict.fromkeys(role for role, _site in person.roles)
    return [(shown(ROLE_NAMES[Role(role)]), ", ".join(site_words(site, names) for each, site in person.roles if each == role)) for role in held]


def _grid() -> list[tuple[str, str]]:
    return [(role.value, shown(ROLE_NAMES[role])) for role in STAFF_ROLES]


def _initial_password() -> str:
    letters = chance.public_id()
    return "-".join(letters[GROUP_LENGTH * place :][:GROUP_LENGTH] for place in range(PASSWORD_GROUPS))


def _handed_over(person: int, password: str) -> ResponseReturnValue:
    """Show an initial password, in this one answer only: it is kept nowhere."""
    with reading() as session:
        view = managing_people.person_view(session, person)
    return render_template("admin/person_password.html", person=view, password=password)
