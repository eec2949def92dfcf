"""The candidate's pages before the paper, and the paper's empty shell."""

from datetime import timedelta

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.candidate import bp
from blueprints.candidate.shell import paper_shell
from examsrv.domain.attempt import Phase
from examsrv.services import proctoring, sitting_down
from examsrv.services.sitting_down import OwnDetails
from examsrv.web.access import candidates_only
from examsrv.web.context import candidate, now, reading, server, writing
from examsrv.web.ready import hold_ready, kinds_of

MINUTE = timedelta(minutes=1)


@bp.route("/details", methods=["GET", "POST"])
@candidates_only
def details() -> ResponseReturnValue:
    """Let the candidate check who and where."""
    attempt = candidate().attempt
    with reading() as session:
        found = sitting_down.own_details(session, server().secret, attempt)
        phase = sitting_down.own_state(session, attempt, now()).phase
    if phase in (Phase.RUNNING, Phase.SUBMITTED):
        return redirect(url_for("candidate.paper"))
    if request.method == "POST":
        are_right = request.form.get("action") == "confirm"
        with writing() as session:
            proctoring.confirm_details(session, attempt, now(), are_right=are_right)
        return redirect(url_for("candidate.waiting" if are_right else "candidate.details"))
    return render_template("candidate/details.html", **_shown(found))


@bp.get("/photo")
@candidates_only
def photo() -> ResponseReturnValue:
    """Send the candidate's own photo."""
    with reading() as session:
        image = sitting_down.photo(session, server().secret, candidate().attempt)
    if image is None:
        abort(404)
    return Response(image, mimetype="image/jpeg")


@bp.get("/waiting")
@candidates_only
def waiting() -> ResponseReturnValue:
    """Show rules, a try-out and the machine check until the room starts."""
    attempt = candidate().attempt
    with reading() as session:
        found = sitting_down.own_details(session, server().secret, attempt)
        state = sitting_down.own_state(session, attempt, now())
    if state.phase in (Phase.RUNNING, Phase.SUBMITTED):
        return redirect(url_for("candidate.paper"))
    if not state.is_confirmed:
        return redirect(url_for("candidate.details"))
    server().hear(attempt)
    hold_ready(server(), attempt, found)
    paper_shell()  # so that it is rendered before a whole room asks for it
    return render_template("candidate/waiting.html", kinds=kinds_of(server(), found.paper), **_shown(found))


@bp.get("/paper")
@candidates_only
def paper() -> ResponseReturnValue:
    """Send the shell of the paper: no item, no answer."""
    attempt = candidate().attempt
    server().hear(attempt)
    if attempt not in server().led_on:  # whoever was told of the start is let through: a whole room comes at once
        with reading() as session:
            state = sitting_down.own_state(session, attempt, now())
        if state.phase is Phase.CREATED and (state.time.started is None or not state.is_checked_in):
            return redirect(url_for("candidate.waiting"))
    return paper_shell()


def _shown(found: OwnDetails) -> dict[str, object]:
    """Return what the pages before the paper show."""
    return {
        "person": found,
        "photo_url": url_for("candidate.photo") if found.has_photo else None,
        "occupation": found.occupation,
        "level": found.level or "",
        "component": found.component,
        "subject": found.subject,
        "room": found.room,
        "seat": f"{found.seat:02}",
        "ticket": found.ticket,
        "station": found.station,
        "planned": found.planned,
        "minutes": found.limit // MINUTE,
        "items": found.items,
        "marks": f"{found.full_mark:f}",
        "pass_mark": f"{found.pass_mark:f}",
        "leave_minutes": found.leave_after // MINUTE,
        "late_minutes": found.late_limit // MINUTE,
        "state": "disputed" if found.disputed else None,
    }
