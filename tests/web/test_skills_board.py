"""The board of a room of skills for which the batch asks for no proctors: an examiner watches it, draws the stations and starts it."""

import json

from flask import Flask
from sqlalchemy import select

from examsrv.domain.time_ledger import EntryKind
from examsrv.services.proctoring import sign_in_on_board
from examsrv.storage.tables import ScriptRow, TimeEntryRow
from examsrv.web.server import Server
from tests.builders import at, csrf_of
from tests.panels import add_assessment
from tests.services.test_skills_rooms import observed_set
from tests.web.visitors import Candidate, seated, sign_in, staff_in, unpacked


def test_an_examiner_draws_the_stations_and_starts_the_room(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        made = add_assessment(session, candidates=3, task_set=observed_set(), is_submitted=False)
        sign_in_on_board(session, made.room.id, made.examiners[1], at())
    waiting = seated(app, made.room)
    sign_in(waiting, made.room)
    assert waiting.get("/exam/api/state").get_json()["station"] is None
    examiner = staff_in(app, "examinera2")
    board = f"/proctor/rooms/{made.room.id}"
    assert board in examiner.get("/proctor/").get_data(as_text=True)
    page = examiner.get(board).get_data(as_text=True)
    assert ("抽取工位号" in page, "不设监考" in page) == (True, True)
    token = csrf_of(examiner, board)
    examiner.post(f"{board}/stations", data={"csrf_token": token})
    with server.database.reading() as session:
        drawn = {row.attempt_id: row.station for row in session.scalars(select(ScriptRow))}
    assert sorted(drawn.values()) == [1, 2, 3]
    assert waiting.get("/exam/api/state").get_json()["station"] == drawn[made.attempts[0]]
    assert "重新抽取工位号" in examiner.get(board).get_data(as_text=True)
    examiner.post(f"{board}/start", data={"csrf_token": token})
    with server.database.reading() as session:
        assert session.scalars(select(TimeEntryRow.kind)).all() == [EntryKind.START]
    opened = Candidate(waiting, csrf_of(waiting, "/exam/paper"), "device").open()
    assert json.loads(unpacked(opened))["station"] == drawn[made.attempts[0]]
