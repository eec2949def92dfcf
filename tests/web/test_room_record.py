"""The record of a room, before its end and after: who came, who watched, everything that happened, and the head of the audit chain."""

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import event
from sqlalchemy.orm import Session

from examsrv.domain.moment import SERVER, Actor
from examsrv.domain.roles import Role
from examsrv.services import closing, proctoring, reseating
from examsrv.services.auditing import record, verify_chain
from examsrv.services.messaging import send_message
from examsrv.services.room_log import NEWEST_EVENTS
from examsrv.services.room_record import room_record
from examsrv.storage.tables import AttemptRow, SiteRow, SittingRow
from examsrv.web.server import Server
from tests.builders import LIMIT, MINUTE, MORNING, SECRET, FakeClock, Room, add_proctor, add_room, at, candidate_name
from tests.services.attempts import hand_in, open_at
from tests.web.visitors import staff, staff_in

OVER = LIMIT + 11 * MINUTE
CANDIDATES, SPARE = 5, 6
EXPECTED = "尚未到场"


@pytest.fixture
def room(server: Server) -> Room:
    """Give a room that runs: of five one has handed in, one sits elsewhere with more time, one was closed, one is late, one not there."""
    database = server.database
    with database.writing() as session:
        made = add_room(session, CANDIDATES, started=True)
        by = Actor(add_proctor(session, made, "watch", is_present=True), "watch")
        session.get_one(AttemptRow, made.attempts[3]).checked_in = MORNING + 7 * MINUTE
        session.get_one(AttemptRow, made.attempts[4]).checked_in = None
        proctoring.write_incident(session, made.id, None, "other", "最早的一条", by, at(MINUTE))
    for seat in (1, 2, 3, 4):
        open_at(database, made, at(8 * MINUTE), seat=seat)
    with database.writing() as session:
        second, third = made.attempts[1:3]
        proctoring.unlock(session, second, by, at(9 * MINUTE))
        reseating.move_to_seat(session, second, SPARE, "显示器故障", by, at(10 * MINUTE))
        proctoring.give_time(session, made.id, second, 10 * MINUTE, "terminal", "换机", by, at(11 * MINUTE))
        proctoring.write_incident(session, made.id, third, "misconduct", "夹带资料", by, at(12 * MINUTE))
        proctoring.force_hand_in(session, third, "misconduct", "终止考试", by, at(13 * MINUTE))
        send_message(session, made.id, None, "请保持安静", by, at(14 * MINUTE))
        for number in range(NEWEST_EVENTS):
            proctoring.write_incident(session, made.id, None, "other", f"巡考 {number}", by, at((15 + number) * MINUTE))
    hand_in(database, made, {}, moment=at(50 * MINUTE))
    with database.writing() as session:
        proctoring.give_time(session, made.id, None, MINUTE, "network", "", by, at(55 * MINUTE))
    return made


def rows(page: str, table: str) -> list[list[str]]:
    """Return the cells of a table of the page."""
    found = html.fromstring(page).xpath(f"//table[contains(@class, 'record-{table}')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found]


def figures(page: str) -> dict[str, str]:
    pairs = html.fromstring(page).xpath("//dl/div")
    return {pair[0].text_content(): pair[1].text_content() for pair in pairs}


def test_the_record_of_a_running_room_is_provisional(app: Flask, server: Server, clock: FakeClock, room: Room) -> None:
    clock.run(60 * MINUTE)
    watch = staff_in(app, "watch")
    page = watch.get(f"/proctor/rooms/{room.id}/record").get_data(as_text=True)
    assert f"/proctor/rooms/{room.id}/record" in watch.get(f"/proctor/rooms/{room.id}").get_data(as_text=True)
    assert ("临时记录" in page, "未结束" in page, "缺考" in page.replace("暂不记缺考", "")) == (True, True, False)
    assert figures(page) == {"应到": "5", "实到": "4", EXPECTED: "1", "违纪": "1", "已交卷": "2", "其中强制交卷": "1"}
    assert rows(page, "absent")[0] == [EXPECTED, "05", room.ticket(5), candidate_name(room.room * 1000 + 5), ""]
    assert rows(page, "staff") == [["watch 同志", "监考员", "09:00:00 – 在场"]]


def test_the_record_of_a_closed_room_tells_everything(app: Flask, server: Server, clock: FakeClock, room: Room) -> None:
    clock.run(OVER)
    with server.database.writing() as session:
        assert [closing.close_overdue(session, room.attempts[seat], at(OVER)) for seat in (1, 3)] == [True, True]
    page = staff(app, server, "audits", (Role.AUDITOR, None)).get(f"/proctor/rooms/{room.id}/record").get_data(as_text=True)
    assert ("临时记录" in page, EXPECTED in page, "打印人 audits 同志" in page) == (False, False, True)
    assert figures(page) == {"应到": "5", "实到": "4", "缺考": "1", "违纪": "1", "已交卷": "4", "其中强制交卷": "1"}
    name, ticket = (lambda seat: candidate_name(room.room * 1000 + seat)), room.ticket
    assert rows(page, "absent") == [
        ["缺考", "05", ticket(5), name(5), ""],
        ["违纪", "03", ticket(3), name(3), "09:12:00 夹带资料"],
        ["违纪", "03", ticket(3), name(3), "09:13:00 03 座：考场强制交卷（违纪） · 终止考试"],
    ]
    opened = ["09:00:00", "09:08:00"]
    assert rows(page, "seats") == [
        ["01", ticket(1), name(1), *opened, "09:50:00 考生交卷", "–", ""],
        ["03", ticket(3), name(3), *opened, "09:13:00 强制交卷", "–", "09:12:00 违纪"],
        ["04", ticket(4), name(4), "09:07:00", "09:08:00", "10:41:00 到时收卷", "1 分钟", "开考后签到"],
        ["05", ticket(5), name(5), "–", "–", "–", "–", "缺考"],
        ["06", ticket(2), name(2), *opened, "10:41:00 到时收卷", "11 分钟", "09:10:00 由 02 座换到 06 座"],
    ]
    course = rows(page, "events")
    assert [(line[0], line[1], line[3], line[4]) for line in course[:9]] == [
        ("09:00:00", "本考场开考", "", "服务器"),
        ("09:01:00", "其他事件", "最早的一条", "watch 同志"),
        ("09:09:00", "02 座：登录已解锁", "", "watch 同志"),
        ("09:10:00", "由 02 座换到 06 座", "显示器故障", "watch 同志"),
        ("09:11:00", "06 座补时 10 分钟：终端故障", "换机", "watch 同志"),
        ("09:12:00", "03 座：违纪", "夹带资料", "watch 同志"),
        ("09:13:00", "03 座：考场强制交卷（违纪）", "终止考试", "watch 同志"),
        ("09:14:00", "向全场发送通知", "请保持安静", "watch 同志"),
        ("09:15:00", "其他事件", "巡考 0", "watch 同志"),
    ]
    assert len(course) == 9 + NEWEST_EVENTS


def test_the_record_has_the_head_of_the_chain_in_groups_of_four(app: Flask, server: Server, room: Room) -> None:
    page = html.fromstring(staff_in(app, "watch").get(f"/proctor/rooms/{room.id}/record").get_data())
    with server.database.reading() as session:
        chain = verify_chain(session)
    groups = [span.text_content() for span in page.xpath("//p[@class='groups']/span")]
    assert ("".join(groups), {len(group) for group in groups}) == (chain.head, {4})
    assert f"审计链共 {chain.entries} 条" in page.text_content()
    assert len(page.xpath("//div[@role='img']/svg/path")) == 1


def test_the_audit_links_the_record_for_those_who_may_read_it(app: Flask, server: Server, room: Room) -> None:
    with server.database.writing() as session:
        session.add(elsewhere := SiteRow(name="另一考点"))
        session.flush()
        here, other = session.get_one(SittingRow, room.sitting).site_id, elsewhere.id
        record(session, "time.start", "sitting_room/of nobody", SERVER, at(OVER))
    link = f"/proctor/rooms/{room.id}/record"
    for login, site, reads in (("all", None, True), ("here", here, True), ("other", other, False)):
        visitor = staff(app, server, login, (Role.ADMINISTRATOR, site))
        assert (link in visitor.get("/admin/audit?act=time.start").get_data(as_text=True)) is reads
        assert visitor.get(link).status_code == (200 if reads else 404)


def test_the_queries_do_not_grow_with_the_candidates(server: Server, room: Room) -> None:
    with server.database.writing() as session:
        paper = room.paper, session.get_one(SittingRow, room.sitting).form_set_id
        alone = add_room(session, 1, paper=paper, name="02 考场", started=True)
    with server.database.reading() as session:
        room_record(session, SECRET, room.id, at())  # the standard is read once
        assert queries(session, room) == queries(session, alone)


def queries(session: Session, room: Room) -> int:
    """Return how many queries a record takes."""
    found = []
    counting = (session.get_bind(), "before_cursor_execute", lambda *asked: found.append(asked))
    event.listen(*counting)
    room_record(session, SECRET, room.id, at())
    event.remove(*counting)
    return len(found)
