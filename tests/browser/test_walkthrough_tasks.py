"""A skills paper: tasks with files that stay there on a broken line, a file handed over in two versions, a task on the spot, a receipt."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from examsrv.domain.steps import final_responses
from examsrv.services import stations
from examsrv.services.attempt_logs import attempt_steps
from examsrv.services.proctoring import sign_in_on_board, start_room
from examsrv.storage.tables import CaseFileRow, ScriptRow
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.browser.stage import Machine, Stage, hand_in, opened, saved
from tests.browser.test_walkthrough_kinds import DISCONNECTED, come_in
from tests.builders import OFFICE
from tests.panels import Assessment, add_assessment, make_record

NAME = "客户资料（草原示例）.xlsx"
CONTENT = b"PK\x03\x04 a workbook"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
UPLOAD = {"kind": "upload", "stem": "提交账龄分析表。", "body": {"types": ["pdf"], "megabytes": 1, "files": 1}, "key": {"model": "见评分标准。"}}


def task_set() -> TaskSet:
    """Return a set whose first task has a file, the second an upload, and the third nothing to answer."""
    record = make_record()
    first, second, third = record["tasks"]
    first["files"] = [{"name": NAME, "title": "三家客户的登记与往来资料", "digest": DIGEST, "size": len(CONTENT)}]
    second["parts"].append(UPLOAD)
    put_on_the_spot(third)
    return made_of(record)


def put_on_the_spot(*tasks: dict[str, Any]) -> None:
    for task in tasks:
        task["observed"], task["parts"] = True, []
        for criterion in task["criteria"]:
            criterion["parts"], criterion["proposed"] = [], False


def made_of(record: dict[str, Any]) -> TaskSet:
    found, findings = task_set_from(record, {})
    assert found is not None, findings
    return found


def prepare(stage: Stage, task_set: TaskSet) -> Assessment:
    with stage.server.database.writing() as session:
        session.add(CaseFileRow(digest=DIGEST, type="xlsx", content=CONTENT))
        return add_assessment(session, candidates=1, task_set=task_set, is_submitted=False)


def draw(stage: Stage, made: Assessment) -> None:
    """Draw the stations, as the board does it."""
    with stage.server.database.writing() as session:
        for attempt in stations.draw_stations(session, made.room.id, 1, OFFICE, stage.server.now()):
            stage.server.held_ready.pop(attempt, None)


def start(stage: Stage, made: Assessment) -> None:
    with stage.server.database.writing() as session:
        sign_in_on_board(session, made.room.id, made.examiners[0], stage.server.now())
        start_room(session, made.room.id, OFFICE, stage.server.now())


def test_tasks_are_worked_with_their_files_over_a_lost_line_and_a_reload(empty_stage: Stage, machine: Callable[[], Machine], tmp_path: Path) -> None:
    made = prepare(empty_stage, task_set())
    candidate = machine()
    page = candidate.page
    come_in(candidate, made.room)
    expect(page.locator("#station")).to_be_hidden()
    draw(empty_stage, made)
    expect(page.locator("#station")).to_contain_text("1")
    start(empty_stage, made)
    opened(page)

    expect(page.locator("#case-title")).to_have_text("第一题　第1题")
    expect(page.locator("#case-about")).to_have_text("50 分 · 建议用时 25 分钟")
    expect(page.locator("#cells h2 > span")).to_have_text(["第一题　第1题", "第二题　第2题", "第三题　第3题"])
    expect(page.locator("#case-files-list")).to_contain_text("已在本机")
    page.locator("#answer-1").fill("25")
    candidate.look("candidate.paper-task")

    candidate.context.set_offline(True)
    candidate.tolerate(DISCONNECTED)
    with page.expect_download() as coming:
        page.get_by_role("link", name=NAME).click()
    assert (coming.value.suggested_filename, Path(coming.value.path()).read_bytes()) == (NAME, CONTENT)
    page.locator("#next").click()
    page.locator("#next").click()
    expect(page.locator("#item-3")).to_have_text("（1）")
    for version in (1, 2):
        (tmp_path / "账龄.pdf").write_bytes(b"%PDF-1.7 " + str(version).encode())
        page.locator("#answer-5-file").set_input_files(tmp_path / "账龄.pdf")
    expect(page.locator(".answer-files .files")).to_contain_text("账龄.pdf")
    candidate.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)

    page.get_by_role("button", name="查看第三题").click()
    expect(page.locator("#case-items")).to_contain_text("现场操作，工位 1")
    expect(page.locator("#case-items .part")).to_have_count(0)
    candidate.look("candidate.paper-on-the-spot")
    page.reload()
    opened(page)
    expect(page.locator("#case-title")).to_have_text("第三题　第3题")
    expect(page.locator("#count-answered")).to_have_text("已答 2")
    page.locator("#hand-in").click()
    expect(page.get_by_role("button", name="转到第一题 第 2 小题")).to_be_visible()
    candidate.look("candidate.paper-task-review")
    page.keyboard.press("Escape")
    hand_in(page)

    with empty_stage.server.database.reading() as session:
        given = final_responses(attempt_steps(session.connection(), made.attempts[0]))
        station = session.get_one(ScriptRow, made.attempts[0]).station
    assert station == 1
    assert given[1] == "25"
    assert [file["digest"] for file in given[5]] == [hashlib.sha256(b"%PDF-1.7 2").hexdigest()]


def test_a_task_longer_than_the_window_scrolls_in_its_own_place_and_never_the_page(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    record = make_record()
    first = record["tasks"][0]
    options = dict(zip("ABCD", "甲乙丙丁", strict=True))
    choice = {"kind": "single_choice", "stem": "选哪一项？", "options": options, "key": "A", "policy": "all_or_nothing"}
    first["parts"] += [UPLOAD, choice, choice, choice]
    made = prepare(empty_stage, made_of(record))
    start(empty_stage, made)
    candidate = machine()
    page = candidate.page
    come_in(candidate, made.room)
    opened(page)
    page.locator("#case-items .part").last.locator("label").last.click()
    expect(page.locator("#count-answered")).to_have_text("已答 1")
    assert page.evaluate("[document.documentElement.scrollHeight, scrollY]") == [page.evaluate("innerHeight"), 0]


def test_a_paper_with_nothing_to_answer_at_the_machine_is_read_and_handed_in(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    record = make_record()
    put_on_the_spot(*record["tasks"])
    made = prepare(empty_stage, made_of(record))
    draw(empty_stage, made)
    start(empty_stage, made)
    candidate = machine()
    page = candidate.page
    come_in(candidate, made.room)
    opened(page)
    expect(page.locator("#case-title")).to_have_text("第一题　第1题")
    page.keyboard.press("m")
    page.keyboard.press("a")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#case-title")).to_have_text("第二题　第2题")
    hand_in(page)
    expect(page.locator("#receipt-answered")).to_contain_text("0 / 0")
