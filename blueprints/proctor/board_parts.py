"""The living parts of a board: what each of them shows, and the macro of live.html that makes it. A macro is given nothing that it does not show."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from flask import get_template_attribute
from flask_babel import lazy_gettext

from examsrv.services.watching import RoomView, SeatState, SeatView
from examsrv.web.language import clock_time
from examsrv.web.living import LivingPage, Part

LOOKS = {
    SeatState.SPARE: ("idle", "ring", "spare", lazy_gettext("Spare machine")),
    SeatState.ABSENT: ("idle", "dashed", "absent", lazy_gettext("Not arrived")),
    SeatState.SIGNED_IN: ("idle", "half", "", lazy_gettext("Checking details")),
    SeatState.DISPUTED: ("alarm", "warn", "alarm", lazy_gettext("Details wrong")),
    SeatState.CONFIRMED: ("caution", "half", "", lazy_gettext("To be checked in")),
    SeatState.CHECKED_IN: ("good", "check", "", lazy_gettext("Checked in")),
    SeatState.ANSWERING: ("accent", "disc", "", lazy_gettext("Answering")),
    SeatState.UNSAVED: ("caution", "warn", "caution", lazy_gettext("Not saved")),
    SeatState.OFFLINE: ("alarm", "warn", "alarm", lazy_gettext("Offline")),
    SeatState.OTHER_MACHINE: ("alarm", "turn", "alarm", lazy_gettext("Other machine")),
    SeatState.LOCKED: ("alarm", "lock", "alarm", lazy_gettext("Sign-in locked")),
    SeatState.PAUSED: ("caution", "pause", "caution", lazy_gettext("Paused")),
    SeatState.SUBMITTED: ("good", "check", "done", lazy_gettext("Handed in")),
    SeatState.VOIDED: ("idle", "stop", "done", lazy_gettext("Voided")),
}
"""A state's judgement, shape, look of its tile, and word."""

COUNTED = {
    SeatState.ANSWERING: (SeatState.ANSWERING,),
    SeatState.SUBMITTED: (SeatState.SUBMITTED,),
    SeatState.CHECKED_IN: (SeatState.CHECKED_IN,),
    SeatState.CONFIRMED: (SeatState.CONFIRMED, SeatState.SIGNED_IN),
    SeatState.ABSENT: (SeatState.ABSENT,),
}
"""What the line above the plan counts; with the seats in trouble the counts add up to those assigned."""

BEFORE_THE_PAPER = frozenset({SeatState.SPARE, SeatState.ABSENT, SeatState.SIGNED_IN, SeatState.CONFIRMED, SeatState.CHECKED_IN})
"""Where there is neither progress nor time to show."""

MILLISECOND, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)


def told(page: LivingPage, view: RoomView, chosen: SeatView | None, alarms: tuple[str, ...], known: str) -> str:
    """Return as JSON what somebody who has seen the edition `known` of the page does not show yet, and the exam time that its clocks go by."""
    edition, parts = page.show(_parts(view, chosen, alarms), known)
    return json.dumps({"edition": edition, "exam": view.at // MILLISECOND, "parts": parts}, ensure_ascii=False, separators=(",", ":"))


def _parts(view: RoomView, chosen: SeatView | None, alarms: tuple[str, ...]) -> Iterator[Part]:
    """Give every part: markup under the id of its place, a seat's progress under the seat's number."""
    trouble = tuple((seat.number, seat.name, seat.state, seat.unsaved, _unheard_since(view, seat)) for seat in view.trouble)
    counts = tuple((state, count) for state, states in COUNTED.items() if (count := view.count(*states)))
    left = None if view.ends is not None else view.time.remaining
    yield _markup("live-bar", "bar", view.planned, view.time.started is not None, view.ends, left, view.staffing, view.is_drawn)
    yield _markup("live-alarms", "storage_alarms", alarms)
    yield _markup("live-trouble", "trouble", view.id, trouble)
    yield _markup("live-counts", "counts", view.staffing.assigned, counts, len(trouble), *_places(view))
    yield _markup("live-log", "log", view.id, view.events)
    for seat in view.seats:
        is_sitting = seat.state not in BEFORE_THE_PAPER
        clock = _clock(seat) if is_sitting else (None, None)
        total = seat.total if is_sitting else 0
        yield _markup(
            f"seat-{seat.number}",
            "tile",
            view.id,
            seat.number,
            seat.name,
            seat.station,
            seat.attempt is None,
            seat.state,
            seat.finished,
            *clock,
            total,
        )
        if seat.attempt is not None:
            yield Part(str(seat.number), (seat.answered, seat.last_saved), partial(_progress, seat))
    if chosen is not None:
        facts = (chosen.masked_id, chosen.station, chosen.answered, chosen.total, chosen.last_saved)
        yield _markup("live-chosen", "chosen", chosen.state, *facts, *_clock(chosen))


def _places(view: RoomView) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the seats of the room, and those of them that are free."""
    return tuple(seat.number for seat in view.seats), tuple(seat.number for seat in view.seats if seat.attempt is None)


def _clock(seat: SeatView) -> tuple[timedelta | None, timedelta | None]:
    """Return what a seat's clock goes by: its end, or the time left of one that stands still; neither once the paper is handed in."""
    if seat.finished is not None:
        return None, None
    return seat.ends, None if seat.ends is not None else seat.remaining


def _markup(place: str, macro: str, *shows: object) -> Part:
    return Part(place, shows, lambda: get_template_attribute("proctor/live.html", macro)(LOOKS, *shows).strip())


def _progress(seat: SeatView) -> tuple[int, str]:
    return seat.answered, "" if seat.last_saved is None else clock_time(seat.last_saved)


def _unheard_since(view: RoomView, seat: SeatView) -> timedelta | None:
    """Return the exam time, in whole seconds, since which a machine that is offline was not heard."""
    if seat.state is not SeatState.OFFLINE or seat.silent is None:
        return None
    return (view.at - seat.silent) // SECOND * SECOND
