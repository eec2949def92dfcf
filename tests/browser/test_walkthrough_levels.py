"""Levels 4 and 1 from the proctors' arrival to the exported marks; the levels between stand in the other stories."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from examsrv.services.demonstrating import FURTHER_LEVELS, Demonstration
from tests.browser.stage import Machine, Stage, further_levels, go_to, hand_in, opened, receipt, saved
from tests.browser.test_walkthrough_sitting import Script, assert_exported, bank_of, marked_and_exported, section_names

LEAVE = timedelta(minutes=30)
ITEMS, RIGHT = 100, 59
"""The first candidate answers so many items right and no other, and so fails by one mark; the second one more, the others wrong, and passes."""
SAT = [each for each in FURTHER_LEVELS if each.level in ("L4", "L1")]


@pytest.fixture
def levels(stage: Stage) -> list[Demonstration]:
    """Give the stage the sittings of the other levels."""
    return further_levels(stage.url)


@pytest.mark.parametrize("offered", SAT, ids=[each.level for each in SAT])
def test_a_level_is_sat_from_the_start_to_the_exported_marks(offered, levels: list[Demonstration], stage: Stage, machine) -> None:
    (room,) = offered.rooms
    sitting = next(each for each in levels if each.candidates[0].room == room.name)
    fails, passes, *_absent = sitting.candidates
    board, one, other = machine(), machine(), machine()
    open_board_of(stage, board, room)
    for each, way in ((one, fails), (other, passes)):
        each.come_in(way)
        expect(each.page.locator("main")).to_contain_text(offered.name)
        each.confirm()
    board.press("签到全部已确认考生")
    board.start_room()

    bank = bank_of(stage)
    scripts = {fails.ticket: Script(bank), passes.ticket: Script(bank)}
    for each, way, right, last in ((one, fails, RIGHT, RIGHT), (other, passes, RIGHT + 1, ITEMS)):
        opened(each.page)
        answer(each, scripts[way.ticket], right, last)
        each.look(f"paper-{offered.level}")
    assert set(scripts[passes.ticket].sections.values()) == section_names(offered.level).keys()

    stage.clock.move(LEAVE)
    for each in (one, other):
        each.page.keyboard.press("m")
        saved(each.page)
        hand_in(each.page)
        receipt(each.page, "已交卷，服务器已收妥")

    exported = marked_and_exported(machine(), stage.attempt(fails.ticket).sitting_id)
    assert len(exported) == room.seats
    for ticket, script in scripts.items():
        assert_exported(exported[ticket], script, offered.level)
    assert [exported[way.ticket]["marks"][-1] for way in (fails, passes)] == [RIGHT, RIGHT + 1]


def open_board_of(stage: Stage, board: Machine, room) -> None:
    """Sign the room's first proctor in, open the board and enter both as present."""
    board.sign_in(room.proctors[0])
    board.page.locator(".room-line", has_text=room.name).get_by_role("link").click()
    expect(board.page.locator("h1")).to_contain_text(room.name)
    for login in room.proctors:
        board.enter_present(stage.name(login), stage.pin(login))
        expect(board.page.locator(".notice")).to_have_text("已签到在场。")


def answer(each: Machine, script: Script, right: int, last: int) -> None:
    """Answer the items up to `last`, those up to `right` as they should be."""
    for number in range(1, last + 1):
        go_to(each.page, number)
        script.answer(each.page, number, number <= right)
    saved(each.page)
