"""What goes wrong at a seat, and what the proctor does about it: each story between the board and the candidate's page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from examsrv.storage.tables import SeatRow
from tests.browser.stage import SMALL_ROOM, Machine, Stage, answered, choose, eventually, go_to, opened, receipt, saved

PROCTORS = ("proctor4", "proctor5")
SEAT, SPARE = 1, 7
MISSES = 7
SOON = 10_000
"""Within so many milliseconds an act on the board reaches the candidate (RELIABILITY F31): a beat of the page, at its slowest 7.7 s, and the way."""


@pytest.fixture
def board(stage: Stage, machine) -> Machine:
    """Give the board of the small room, where both proctors are present."""
    made = machine()
    made.sign_in(PROCTORS[0])
    made.page.get_by_role("link", name="打开看板").click()
    for login in PROCTORS:
        made.enter_present(stage.name(login), stage.pin(login))
        expect(made.page.locator(".notice")).to_have_text("已签到在场。")
    return made


@pytest.fixture
def candidate(stage: Stage, machine, board: Machine) -> Machine:
    """Give the machine of the room's first seat with the paper open."""
    made = machine()
    made.come_in(stage.candidate(SEAT, SMALL_ROOM))
    made.confirm()
    board.press("签到全部已确认考生")
    board.start_room()
    opened(made.page)
    return made


def test_a_dead_machine_is_replaced_by_a_spare_one(stage: Stage, machine, board: Machine, candidate: Machine) -> None:
    way = stage.candidate(SEAT, SMALL_ROOM)
    answer(candidate, 5)
    spare = machine()
    spare.bind_seat(spare_code(stage))
    spare.give_ticket(way)
    spare.tolerate("status of 409")
    expect(spare.page.locator("#cover-body")).to_have_text("本卷正在另一台机器上作答。监考人员确认换机后，本机自动进入试卷。")
    spare.look("paper-other-machine")
    trouble = board.page.locator("#live-trouble li").first
    expect(trouble).to_contain_text("01")
    expect(trouble).to_contain_text("请求换机")
    trouble.get_by_role("link").click()
    board.look("board-other-machine")
    candidate.tolerate("status of 409")  # it hears at its next beat, or at its next save, that another machine has taken over
    board.press("确认换机")
    expect(board.page.locator(".notice")).to_contain_text("已确认换机")
    expect(spare.page.locator("#exam")).to_be_visible(timeout=SOON)
    assert answered(spare.page) == 5
    go_to(spare.page, 6)
    choose(spare.page, "C")
    saved(spare.page)

    if candidate.page.locator("#options input").first.is_enabled():  # no beat has told it yet: its next save will
        choose(candidate.page, "D")
    expect(candidate.page.locator("#notices")).to_contain_text("本卷已改在另一台机器上作答，本机只能查看")
    expect(candidate.page.locator("#options input").first).to_be_disabled()
    candidate.look("paper-read-only")
    spare.page.reload()
    opened(spare.page)
    assert answered(spare.page) == 6


def test_time_and_words_reach_the_candidate_and_go_along_to_another_seat(stage: Stage, machine, board: Machine, candidate: Machine) -> None:
    before = shown_minutes(candidate)
    choose_seat(board)
    board.page.fill("#minutes", "5")
    board.page.select_option("#why", "terminal")
    board.look("board-seat")
    board.press("补时")
    notice = candidate.page.locator("#notices .notice")
    expect(notice).to_contain_text("补时 5 分钟", timeout=SOON)
    assert shown_minutes(candidate) - before in (timedelta(minutes=5), timedelta(minutes=4))
    candidate.look("paper-time-given")
    expect(board.page.locator("#live-log")).to_contain_text("01 座补时 5 分钟")
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)

    fill_dialog(board, "ask-message", {"#seat-message": "第 5 题的表格已更正，\n请按更正后的数据作答。"})
    board.page.click("#ask-message [data-do]")
    expect(board.page.locator(".notice")).to_contain_text("通知已发送")
    beat(candidate)
    expect(notice).to_contain_text("第 5 题的表格已更正， 请按更正后的数据作答。")
    expect(candidate.page.locator("#exam")).to_be_visible()
    candidate.look("paper-message")
    answer(candidate, 2)

    fill_dialog(board, "ask-move", {"#move-why": "显示器故障"})
    board.page.select_option("#move-to", str(SPARE))
    candidate.tolerate("status of 409")
    board.page.click("#ask-move [data-do]")
    expect(board.page.locator(".notice")).to_contain_text("已换到 07 座")
    expect(board.page.locator("#chosen h2")).to_contain_text("07")
    expect(board.page.locator("#live-log")).to_contain_text("由 01 座换到 07 座 · 显示器故障")
    board.look("board-moved")
    beat(candidate)
    expect(candidate.page.locator("#notices")).to_contain_text("本卷已改在另一台机器上作答")
    other = machine()
    other.bind_seat(spare_code(stage))
    other.give_ticket(stage.candidate(SEAT, SMALL_ROOM))
    opened(other.page)
    assert (answered(other.page), "07" in other.page.inner_text("#person")) == (2, True)
    beat(other)
    expect(other.page.locator("#notices .notice")).to_have_count(2)
    candidate.press("改回本机作答", within="#notices")
    candidate.page.wait_for_url("**/exam/sign-in")


def test_a_paused_room_stands_still_and_goes_on(stage: Stage, board: Machine, candidate: Machine) -> None:
    answer(candidate, 1)
    pause_room(board)
    expect(candidate.page.locator("#cover-title")).to_have_text("考试暂停", timeout=SOON)
    expect(candidate.page.locator("#exam")).to_be_hidden()
    expect(board.page.locator("#live-bar")).to_contain_text("暂停")
    candidate.look("paper-paused")
    board.look("board-paused")
    before = shown_minutes(candidate)
    stage.clock.move(timedelta(minutes=20))
    board.press("恢复考试")
    expect(candidate.page.locator("#exam")).to_be_visible(timeout=SOON)
    assert before - shown_minutes(candidate) <= timedelta(minutes=1)
    answer(candidate, 2)


def test_a_proctor_hands_in_for_a_candidate(stage: Stage, board: Machine, candidate: Machine) -> None:
    answer(candidate, 3)
    candidate.tolerate("status of 410")  # the page asks for its receipt
    choose_seat(board)
    board.page.click("button[data-asks=ask-hand-in]")
    expect(board.page.locator("#ask-hand-in [data-do]")).to_be_disabled()
    board.page.select_option("#hand-in-why", "illness")
    board.page.fill("#hand-in-note", "考生身体不适，申请提前交卷")
    board.page.fill("#ask-hand-in-word", "01")
    board.look("board-force-hand-in")
    board.page.click("#ask-hand-in [data-do]")
    expect(board.page.locator(".notice")).to_contain_text("已交卷。")
    code = receipt(candidate.page, "监考人员已收卷")
    assert stage.attempt(stage.candidate(SEAT, SMALL_ROOM).ticket).receipt == code
    expect(board.page.locator(f"#seat-{SEAT}")).to_contain_text("已交卷")


def test_a_locked_sign_in_is_unlocked_on_the_board(stage: Stage, machine, board: Machine) -> None:
    way = stage.candidate(SEAT, SMALL_ROOM)
    guessing = machine()
    guessing.tolerate("status of 422", "status of 429")
    guessing.bind_seat(way.seat_code)
    for _time in range(MISSES):
        guessing.page.fill("[name=ticket]", way.ticket)
        guessing.page.fill("[name=id_number]", "150102199001010000")
        guessing.press("登录")
    expect(guessing.page.locator("[role=alert]")).to_contain_text("由监考员解锁登录")
    guessing.look("sign-in-locked")
    trouble = board.page.locator("#live-trouble li").first
    expect(trouble).to_contain_text("登录锁定")
    trouble.get_by_role("link").click()
    board.press("解锁登录")
    expect(board.page.locator(".notice")).to_contain_text("登录已解锁。")
    guessing.give_ticket(way)
    guessing.page.wait_for_url("**/exam/details")


def test_disputed_details_call_the_proctor(stage: Stage, machine, board: Machine) -> None:
    made = machine()
    made.come_in(stage.candidate(SEAT, SMALL_ROOM))
    made.look("details")
    made.page.click("button[value=dispute]")
    expect(made.page.locator(".notice")).to_contain_text("请留在座位")
    made.look("details-disputed")
    trouble = board.page.locator("#live-trouble li").first
    expect(trouble).to_contain_text("信息有误")
    trouble.get_by_role("link").click()
    board.press("已当面核对，信息无误")
    expect(board.page.locator("#live-trouble li").first).not_to_contain_text("信息有误")
    made.open("/exam/details")
    expect(made.page.locator(".notice")).to_have_count(0)
    made.confirm()
    eventually(lambda: stage.attempt(stage.candidate(SEAT, SMALL_ROOM).ticket).confirmed is not None, "the details were not confirmed")


# ---- how


def answer(candidate: Machine, count: int) -> None:
    """Answer the first items with the first row."""
    for number in range(1, count + 1):
        go_to(candidate.page, number)
        choose(candidate.page, "A")
    saved(candidate.page)
    assert answered(candidate.page) == count


def beat(candidate: Machine) -> None:
    """Let the paper ask the server at once, as it does when the network is back."""
    candidate.page.evaluate("dispatchEvent(new Event('online'))")


def choose_seat(board: Machine) -> None:
    board.page.click(f"#seat-{SEAT}")
    expect(board.page.locator("#chosen")).to_be_visible()


def fill_dialog(board: Machine, dialog: str, values: dict[str, str]) -> None:
    board.page.click(f"button[data-asks={dialog}]")
    for field, value in values.items():
        board.page.fill(field, value)
    board.look(f"board-{dialog}")


def pause_room(board: Machine) -> None:
    board.page.click("button[data-asks=ask-room]")
    board.look("board-room-dialog")
    board.page.select_option("#pause-why", "power")
    board.press("暂停全场", within="#ask-room")


def shown_minutes(candidate: Machine) -> timedelta:
    """Return the time left that the paper shows, in whole minutes."""
    hours, minutes, _seconds = candidate.page.inner_text("#time-left").split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def spare_code(stage: Stage) -> str:
    """Return the code of the room's spare seat."""
    room = stage.room_of(stage.candidate(SEAT, SMALL_ROOM).ticket)
    with stage.server.database.reading() as session:
        return session.scalars(select(SeatRow.code).where(SeatRow.room_id == room.room_id, SeatRow.number == SPARE)).one()
