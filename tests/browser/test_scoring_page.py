"""The page on which an examiner scores a script: keys, vetoes, a lost line, a lost session, a second window, the tablet, handing in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from examsrv.domain.attempt import Phase
from examsrv.storage.tables import AttemptRow, EntryRow, ScriptRow, SheetDraftRow, StaffSessionRow
from tests.browser.stage import Machine, Stage, eventually
from tests.builders import PASSWORD
from tests.panels import Assessment, add_answers, add_assessment, add_upload, make_record, make_task_set

SAVED = re.compile(r"^草稿已存 \d\d:\d\d:\d\d$")
TABLET = {"width": 1024, "height": 768}
FINGER = 44
"""Pixels that a finger needs."""


@pytest.fixture
def group(empty_stage: Stage) -> Assessment:
    record = make_record()
    record["tasks"][2]["observed"] = True
    record["tasks"][1]["parts"][1] = {
        "kind": "upload",
        "stem": "提交方案。",
        "body": {"types": ["txt"], "megabytes": 1, "files": 1},
        "key": {"model": "方案。"},
    }
    for criterion in record["tasks"][2]["criteria"]:
        criterion["step"] = 3
    with empty_stage.server.database.writing() as session:
        made = add_assessment(session, task_set=make_task_set(tasks=record["tasks"]))
        handed = add_upload(session, made.attempts[0], "第一步，核对债权。".encode(), "张三.txt")
        add_answers(session, made.attempts[0], {1: "25", 2: "先核对，\n再催收。", 3: "24", 4: [handed]})
        session.get_one(AttemptRow, made.attempts[1]).phase = Phase.RUNNING
        session.get_one(ScriptRow, made.attempts[1]).station = 5
        return made


def scoring(stage: Stage, group: Assessment, visitor: Machine, number: int = 107) -> Page:
    visitor.sign_in("examinera2", PASSWORD)
    return visitor.open(f"/examiner/{group.room.sitting}/{number}")


def stored(stage: Stage, group: Assessment, script: int = 0) -> dict[str, object]:
    with stage.server.database.reading() as session:
        row = session.get(SheetDraftRow, (group.attempts[script], group.examiners[1]))
        return {} if row is None else dict(row.content)


def saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_text(SAVED)


def total(page: Page) -> str:
    return page.inner_text("[data-total]")


def type_all(page: Page, mark: str) -> None:
    """Give the same mark to every criterion, by keys."""
    page.locator("[data-criterion='T1.1'] h3").click()
    for _criterion in range(6):
        page.keyboard.press(mark)
        page.keyboard.press("ArrowDown")


def test_a_script_is_scored_by_keys_and_handed_in(empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]) -> None:
    examiner = machine()
    page = scoring(empty_stage, group, examiner)
    examiner.open("/examiner/")
    examiner.look("examiner.tasks")
    page.click("text=评下一份")
    expect(page.locator("[data-given]").first).to_have_text("–")
    examiner.look("examiner.script")
    page.locator("[data-criterion='T1.1'] h3").click()
    page.fill("[data-criterion='T1.1'] [data-number]", "26")
    expect(page.locator("[data-criterion='T1.1'] [data-wrong]")).to_have_text("未采用：只能填 0 至 25 分，每档 1 分。")
    examiner.look("examiner.script-refused")
    page.fill("[data-criterion='T1.1'] [data-number]", "20")
    expect(page.locator("[data-criterion='T1.1'] [data-wrong]")).to_be_hidden()
    page.locator("[data-criterion='T1.1'] h3").click()
    page.keyboard.press("a")  # what the machine proposes
    expect(page.locator("[data-criterion='T1.1'] [data-given]")).to_have_text("25")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.keyboard.type("c5 没有写日期")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("[data-criterion='T1.2'] [data-given]")).to_have_text("12")
    assert total(page) == "37"
    saved(page)
    assert stored(empty_stage, group)["comments"] == {"T1.2": "c5 没有写日期"}
    page.keyboard.press("Control+Enter")
    expect(page.locator("#hand-in-ask")).not_to_be_visible()  # not complete yet
    type_all(page, "9")
    assert total(page) == "54"
    page.click("[data-go='T2']")
    page.click("text=附件 1")
    expect(page.locator(".shown")).to_have_text("第一步，核对债权。")
    assert "张三" not in page.content()
    page.keyboard.press("8")  # marks are given while the script is read
    expect(page.locator("[data-criterion='T2.1'] [data-given]")).to_have_text("8")
    page.keyboard.press("9")
    examiner.look("examiner.script-file")
    page.keyboard.press("Control+Enter")
    examiner.look("examiner.script-hand-in")
    page.click("#hand-in-ask [data-ask-do]")
    expect(page.locator("[data-save]")).to_contain_text("已提交")
    expect(page.locator("[data-mark]").first).to_be_disabled()
    with empty_stage.server.database.reading() as session:
        (entry,) = session.scalars(select(EntryRow))
        assert (entry.place, set(entry.marks.values())) == (2, {"9"})


def test_a_veto_asks_twice_says_what_it_costs_and_can_be_taken_back(empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]) -> None:
    examiner = machine()
    page = scoring(empty_stage, group, examiner)
    type_all(page, "9")
    page.click("[data-go='T3']")
    page.click("[data-veto='T3.V'] [data-veto-press]")
    expect(page.locator("#veto-ask")).to_contain_text("整个考核记 0 分")
    expect(page.locator("#veto-ask [data-ask-do]")).to_be_disabled()
    examiner.look("examiner.script-veto")
    page.keyboard.press("Escape")
    expect(page.locator("[data-veto='T3.V']")).not_to_have_class(re.compile("claimed"))
    page.click("[data-veto='T3.V'] [data-veto-press]")
    page.check("#veto-ask [data-ask-sure]")
    page.click("#veto-ask [data-ask-do]")
    expect(page.locator("[data-rest]")).to_contain_text("否定项成立后计 0")
    eventually(lambda: stored(empty_stage, group).get("vetoes") == ["T3.V"], "the veto is in the draft")
    page.click("[data-veto='T3.V'] [data-veto-press]")
    expect(page.locator("[data-rest]")).not_to_contain_text("否定项成立")
    eventually(lambda: stored(empty_stage, group).get("vetoes") == [], "the veto is taken back")


def test_a_lost_line_a_reload_and_a_lost_session_take_nothing_away(empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]) -> None:
    examiner = machine()
    examiner.tolerate("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "status of 401", "status of 400", "status of 403")
    page = scoring(empty_stage, group, examiner)
    page.route("**/api/draft", lambda route: route.abort())
    page.locator("[data-criterion='T1.1'] h3").click()
    page.keyboard.press("7")
    expect(page.locator("[data-save]")).to_have_text("网络中断，已存本机")
    page.reload()
    expect(page.locator("[data-criterion='T1.1'] [data-given]")).to_have_text("7")
    assert stored(empty_stage, group) == {}
    with empty_stage.server.database.writing() as session:
        for row in session.scalars(select(StaffSessionRow)):
            session.delete(row)
    page.unroute("**/api/draft")
    expect(page.locator("[data-save]")).to_contain_text("需要重新登录")
    other = examiner.new_page()
    other.goto(f"{examiner.address}/sign-in")
    other.fill("[name=login]", "examinera2")
    other.fill("[name=password]", PASSWORD)
    other.get_by_role("button", name="登录", exact=True).click()
    other.wait_for_url("**/examiner/")
    saved(page)
    assert stored(empty_stage, group)["marks"] == {"T1.1": "7"}


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_a_saving_whose_answer_is_lost_is_not_taken_for_another_windows(
    empty_stage: Stage, group: Assessment, machine: Callable[[], Machine], is_reloaded: bool
) -> None:
    examiner = machine()
    examiner.tolerate("ERR_FAILED")
    page = scoring(empty_stage, group, examiner)
    page.route("**/api/draft", lambda route: (route.fetch(), route.abort()))
    page.locator("[data-criterion='T1.1'] h3").click()
    page.keyboard.press("7")
    expect(page.locator("[data-save]")).to_have_text("网络中断，已存本机")
    assert stored(empty_stage, group)["marks"] == {"T1.1": "7"}
    page.keyboard.press("ArrowDown")
    page.keyboard.press("8")
    if is_reloaded:
        page.reload()
    page.unroute("**/api/draft")
    saved(page)
    assert stored(empty_stage, group)["marks"] == {"T1.1": "7", "T1.2": "8"}


def test_what_one_signed_in_examiner_left_unsent_is_never_sent_as_another(
    empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]
) -> None:
    examiner = machine()
    examiner.tolerate("ERR_FAILED", "status of 400", "status of 403")
    page = scoring(empty_stage, group, examiner)
    page.context.clear_cookies()
    other = examiner.new_page()
    other.goto(f"{examiner.address}/sign-in")
    other.fill("[name=login]", "examinera3")
    other.fill("[name=password]", PASSWORD)
    other.get_by_role("button", name="登录", exact=True).click()
    other.wait_for_url("**/examiner/")
    page.locator("[data-criterion='T1.1'] h3").click()
    page.keyboard.press("7")
    expect(page.locator("[data-save]")).to_contain_text("此处已由他人登录")
    with empty_stage.server.database.reading() as session:
        assert session.scalars(select(SheetDraftRow)).all() == []


def test_two_windows_do_not_overwrite_each_other(empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]) -> None:
    examiner = machine()
    examiner.tolerate("status of 409")
    first = scoring(empty_stage, group, examiner)
    second = examiner.new_page()
    second.goto(first.url)
    first.locator("[data-criterion='T1.1'] h3").click()
    first.keyboard.press("7")
    saved(first)
    second.locator("[data-criterion='T1.1'] h3").click()
    second.keyboard.press("3")
    expect(second.locator("#newer-ask")).to_contain_text("较新的一份：合计 7 分")
    second.keyboard.press("Escape")
    expect(second.locator("#newer-ask")).to_be_visible()
    assert stored(empty_stage, group)["marks"] == {"T1.1": "7"}
    second.click("[data-ask-load]")
    expect(second.locator("[data-criterion='T1.1'] [data-given]")).to_have_text("7")
    second.keyboard.press("4")
    saved(second)
    first.keyboard.press("5")
    first.click("[data-ask-keep]")
    eventually(lambda: stored(empty_stage, group)["marks"] == {"T1.1": "5"}, "what stood there went on as the next revision")


def test_an_observed_task_is_noted_on_a_tablet_with_the_time_taken(empty_stage: Stage, group: Assessment, machine: Callable[[], Machine]) -> None:
    examiner = machine()
    examiner.page.set_viewport_size(TABLET)
    page = scoring(empty_stage, group, examiner, 114)
    expect(page.locator(".score-head")).to_contain_text("工位 5")
    assert page.locator("[data-criterion]").count() == 2
    examiner.look("examiner.script-tablet")
    sizes = page.locator(".rubric button:visible").evaluate_all("all => all.map(each => [each.offsetWidth, each.offsetHeight])")
    assert min(side for size in sizes for side in size) >= FINGER
    page.click("[data-watch-run]")
    page.wait_for_timeout(1100)
    page.reload()
    expect(page.locator("[data-watch-run]")).to_have_text("停止")
    page.click("[data-watch-run]")
    page.fill("[data-watch-minutes]", "12")
    page.fill("[data-watch-seconds]", "60")
    page.click("[data-watch-set]")
    expect(page.locator("[data-watch-wrong]")).to_be_visible()
    page.fill("[data-watch-seconds]", "5")
    page.click("[data-watch-set]")
    expect(page.locator("[data-watch-wrong]")).to_be_hidden()
    page.click("[data-criterion='T3.1'] [data-mark='9']")
    saved(page)
    assert stored(empty_stage, group, 1) == {"marks": {"T3.1": "9"}, "vetoes": [], "comments": {}, "seconds": {"T3": 725}}
    expect(page.locator("[data-hand-in]")).to_be_disabled()
    expect(page.locator("[data-watch-shown]")).to_have_text("12:05")
