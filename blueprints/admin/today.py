"""The office's start page: what runs today, what wants attention, what the next sitting still lacks."""

from datetime import datetime, time, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.scopes import my_sites
from blueprints.admin.sittings import STATES, mending_place
from examsrv.domain.roles import Role
from examsrv.services import looking, overseeing, publishing, sitting_plans
from examsrv.services.sitting_plans import SittingState
from examsrv.web import readiness
from examsrv.web.access import allow
from examsrv.web.context import now, reading, server, staff
from examsrv.web.language import shown, zone

DAY = timedelta(days=1)


@bp.get("/")
@allow(Role.ADMINISTRATOR)
def today() -> ResponseReturnValue:
    """Sittings of today and those still running, room by room; then the next one with its open points."""
    at, mine = now(), my_sites(staff())
    begin = datetime.combine(at.wall.astimezone(zone()).date(), time(), tzinfo=zone())
    with reading() as session:
        here = sitting_plans.sittings_between(session, begin, begin + DAY, mine)
        seen = {view.id for view in here}
        older = [number for number in overseeing.running_sittings(session, mine) if number not in seen]
        views = [*(sitting_plans.sitting(session, number) for number in older), *here]
        rooms = {view.id: overseeing.rooms_now(session, view, at, _is_silent) for view in views if view.is_published}
        ahead = [view for view in sitting_plans.sittings_between(session, begin, None, mine) if not view.is_started]
        upcoming = next((view for view in ahead if not view.is_published), next(iter(ahead), None))
        alarms = looking.alarms(session, at) if mine is None else []
        lacks = publishing.lacking(session, upcoming, server().secret) if upcoming else ()
    places = [(shown(lack.message), mending_place(upcoming, lack)) for lack in lacks] if upcoming else []
    open_rooms = [room for view in views for room in rooms.get(view.id, ()) if view.state is not SittingState.DONE]
    return render_template(
        "admin/today.html",
        now=at.wall,
        alarms=[shown(message) for message in readiness.storage_alarms(server())],
        cautions=[shown(message) for message in readiness.storage_cautions(server())],
        administers_all=mine is None,
        views=views,
        rooms=rooms,
        states=STATES,
        upcoming=upcoming,
        lacks=places,
        short=[room for room in open_rooms if room.missing and not room.is_done],
        look_alarms=alarms,
        troubled=[room for room in open_rooms if room.troubled],
    )


def _is_silent(attempt: str) -> bool:
    """Tell whether a candidate's machine was not heard for too long."""
    beat = server().beats.get(attempt)
    return beat is None or server().clock.boot() - beat.heard > server().settings.offline_after
