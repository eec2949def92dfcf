"""The record of a room (考场记录单), to print and sign."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.proctor import bp
from blueprints.proctor.scopes import RECORD_READERS, record_of_room
from examsrv.domain.roles import Role
from examsrv.services.board_watchers import may_watch
from examsrv.services.room_record import Attendance, RoomRecord, room_record
from examsrv.web.access import allow
from examsrv.web.context import now, reading, server, staff
from examsrv.web.qr_code import qr_code
from question_bank.message import N_, Message

HANDED_IN_BY = {
    "candidate": Message(N_("by the candidate")),
    "time": Message(N_("when time ran out")),
    "proctor": Message(N_("by the room")),
}
GROUP = 4
"""A head is written in groups of so many digits, to be compared by eye."""


@bp.get("/rooms/<int:room>/record")
@allow(*RECORD_READERS, on=record_of_room)
def record(room: int) -> ResponseReturnValue:
    """Show the record as it is now."""
    at = now()
    with reading() as session:
        found = room_record(session, server().secret, room, at)
        is_at_board = may_watch(session, staff().id, room)
    return render_template(
        "proctor/record.html",
        record=found,
        kinds=Attendance,
        groups=[found.head[begin : begin + GROUP] for begin in range(0, len(found.head), GROUP)],
        code=qr_code(f"examsrv audit {found.entries} {found.head}"),
        handed_in_by=HANDED_IN_BY,
        back=_back(found, is_at_board=is_at_board),
        name=staff().name,
        wall=at.wall,
    )


def _back(found: RoomRecord, *, is_at_board: bool) -> str:
    """Return the page that somebody comes from."""
    if is_at_board:
        return url_for("proctor.board", room=found.id)
    if staff().has_at(Role.ADMINISTRATOR, found.site_id):
        return url_for("admin.sitting", sitting=found.sitting_id, _anchor=f"room-{found.id}")
    return url_for("admin.audit")
