"""Sites and rooms with their seats; labels for the desks."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_rooms import MoreSeatsForm, NewRoomForm, RoomForm, SiteForm
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes import DatabaseSession, administers_all, my_sites, room_of_my_site, site_there
from examsrv.domain.roles import Role
from examsrv.services import equipping
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError

LABELS_PER_SHEET = 24


@bp.get("/rooms")
@allow(Role.ADMINISTRATOR)
def rooms() -> ResponseReturnValue:
    """The sites with their rooms."""
    mine = my_sites(staff())
    with reading() as session:
        sites = [site for site in equipping.sites(session) if mine is None or site.id in mine]
        found = equipping.rooms(session, mine)
    wanted = request.args.get("site", type=whole_number)
    groups = [(site, [room for room in found if room.site_id == site.id]) for site in sites if wanted in (None, site.id)]
    return render_template("admin/rooms.html", groups=groups, sites=sites, wanted=wanted, may_change_sites=administers_all(None, staff()))


@bp.route("/sites/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=administers_all)
def new_site() -> ResponseReturnValue:
    """Add a site."""
    form = SiteForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                equipping.create_site(session, form.name.data, form.address.data or "", actor(), now())
        except ExamError as error:
            refuse(form, error, "name")
        else:
            flash(gettext("The site has been added."), "good")
            return redirect(url_for("admin.rooms"))
    return render_template("admin/rooms_site.html", form=form, site=None), 422 if form.errors else 200


@bp.route("/sites/<int:site>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=site_there)
def site(site: int) -> ResponseReturnValue:
    """Change a site."""
    with reading() as session:
        view = equipping.site(session, site)
    form = SiteForm(name=view.name, address=view.address)
    if form.validate_on_submit():
        try:
            with writing() as session:
                equipping.change_site(session, site, form.name.data, form.address.data or "", actor(), now())
        except ExamError as error:
            refuse(form, error, "name")
        else:
            flash(gettext("The changes have been saved."), "good")
            return redirect(url_for("admin.rooms"))
    return render_template("admin/rooms_site.html", form=form, site=view), 422 if form.errors else 200


@bp.route("/rooms/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def new_room() -> ResponseReturnValue:
    """Add a room with its seats and their codes."""
    mine = my_sites(staff())
    with reading() as session:
        choices = [(site.id, site.name) for site in equipping.sites(session) if mine is None or site.id in mine]
    form = NewRoomForm(site=request.args.get("site", type=whole_number))
    form.site.choices = choices
    if form.validate_on_submit():
        try:
            with writing() as session:
                number = equipping.create_room(
                    session,
                    form.site.data,
                    form.name.data,
                    form.place.data,
                    form.seats.data,
                    form.spares.data,
                    form.columns.data,
                    chance.code,
                    actor(),
                    now(),
                )
        except ExamError as error:
            refuse(form, error, "name")
        else:
            flash(gettext("The room has been added. Print the labels for its desks."), "good")
            return redirect(url_for("admin.room", room=number))
    return render_template("admin/room_new.html", form=form, has_sites=bool(choices)), 422 if form.errors else 200


@bp.get("/rooms/<int:room>")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def room(room: int) -> ResponseReturnValue:
    """A room with the plan of its seats."""
    return _room_page(room)


@bp.post("/rooms/<int:room>")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def change_room(room: int) -> ResponseReturnValue:
    """Change name, place and rows."""
    form = RoomForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                equipping.change_room(session, room, form.name.data, form.place.data, form.columns.data, actor(), now())
        except ExamError as error:
            refuse(form, error, "name")
        else:
            flash(gettext("The changes have been saved."), "good")
            return redirect(url_for("admin.room", room=room))
    return _room_page(room, form=form), 422


@bp.post("/rooms/<int:room>/seats")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def add_seats(room: int) -> ResponseReturnValue:
    """Add seats after the last one."""
    more = MoreSeatsForm()
    if more.validate_on_submit():
        try:
            with writing() as session:
                equipping.add_seats(session, room, more.count.data, are_spare=more.are_spare.data, new_code=chance.code, by=actor(), at=now())
        except ExamError as error:
            refuse(more, error, "count")
        else:
            flash(gettext("The seats have been added."), "good")
            return redirect(url_for("admin.room", room=room))
    return _room_page(room, more=more), 422


@bp.post("/rooms/<int:room>/spares")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def set_spares(room: int) -> ResponseReturnValue:
    """Keep exactly the ticked seats as spares."""
    chosen = set(request.form.getlist("spare", type=whole_number))
    return _done(room, lambda session: equipping.set_spares(session, room, chosen, actor(), now()), gettext("The spare seats have been saved."))


@bp.post("/rooms/<int:room>/seats/remove")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def remove_seats(room: int) -> ResponseReturnValue:
    """Take the last seats away."""
    count = request.form.get("count", 0, type=whole_number)
    return _done(room, lambda session: equipping.remove_last_seats(session, room, count, actor(), now()), gettext("The seats have been removed."))


@bp.post("/rooms/<int:room>/codes")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def renew_codes(room: int) -> ResponseReturnValue:
    """Give every seat a new code."""
    done = gettext("The codes have been renewed. Print the labels again and set the machines up with them.")
    return _done(room, lambda session: equipping.renew_codes(session, room, chance.code, actor(), now()), done)


@bp.get("/rooms/<int:room>/labels")
@allow(Role.ADMINISTRATOR, on=room_of_my_site)
def room_labels(room: int) -> ResponseReturnValue:
    """Labels for the desks, to print."""
    with reading() as session:
        view = equipping.room(session, room)
    sheets = [view.desks[start : start + LABELS_PER_SHEET] for start in range(0, len(view.desks), LABELS_PER_SHEET)]
    return render_template("admin/room_labels.html", room=view, sheets=sheets)


def _done(room: int, act: Callable[[DatabaseSession], object], sentence: str) -> ResponseReturnValue:
    """Do an act of one button; say that it is done, or why not."""
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        tell_refusal(error)
        return refused(_room_page(room))
    flash(sentence, "good")
    return redirect(url_for("admin.room", room=room))


def _room_page(room: int, form: RoomForm | None = None, more: MoreSeatsForm | None = None) -> str:
    with reading() as session:
        view = equipping.room(session, room)
    rows = [view.desks[start : start + view.columns] for start in range(0, len(view.desks), view.columns)]
    return render_template(
        "admin/room.html",
        room=view,
        rows=rows,
        form=form or RoomForm(formdata=None, name=view.name, place=view.place, columns=view.columns),
        more=more or MoreSeatsForm(formdata=None),
    )
