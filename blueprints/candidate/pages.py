"""The candidate's pages before the paper, and the paper's empty shell."""

from datetime import timedelta
from functools import lru_cache

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from blueprints.candidate import bp
from examsrv.domain.attempt import Phase
from examsrv.services import proctoring, sitting_down
from examsrv.services.sitting_down import OwnDetails
from examsrv.web.access import candidates_only
from examsrv.web.context import candidate, now, reading, server, writing
from examsrv.web.language import language, shown
from examsrv.web.ready import hold_ready
from question_bank.kinds import KINDS

MINUTE = timedelta(minutes=1)
MOST_SHELLS = 16
TOKEN_MARK = "token-of-this-browser"  # noqa: S105 -- a place to fill, no secret


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
    hold_ready(attempt, found)
    return render_template("candidate/waiting.html", **_shown(found))


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


@lru_cache(maxsize=MOST_SHELLS)
def _rendered_shell(_language: str, _institution: str, _static: str | None) -> str:
    """Return the shell with a mark in the place of the token: all else in it follows from the language, the institution and the static files."""
    kinds = {name: shown(kind.label) for name, kind in KINDS.items()}
    return render_template("candidate/paper.html", kinds=kinds, csrf_token=lambda: TOKEN_MARK, get_flashed_messages=lambda **_asked: [])


def paper_shell() -> str:
    """Return the shell of the paper for this browser. It is asked for by a whole sitting at once, so it is rendered once."""
    shell = _rendered_shell(language(), server().settings.institution, current_app.static_url_path)
    return shell.replace(TOKEN_MARK, generate_csrf())


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
        "planned": found.planned,
        "minutes": found.limit // MINUTE,
        "items": found.items,
        "marks": f"{found.full_mark:f}",
        "pass_mark": f"{found.pass_mark:f}",
        "leave_minutes": found.leave_after // MINUTE,
        "late_minutes": found.late_limit // MINUTE,
        "state": "disputed" if found.disputed else None,
    }
