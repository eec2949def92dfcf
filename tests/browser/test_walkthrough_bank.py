"""A case from its author to a candidate: written, sent back, mended, approved, out to Excel and in again, drawn, and sat."""

import io
import json
import re
from datetime import timedelta

import openpyxl
from playwright.sync_api import Page, expect
from sqlalchemy import select

from examsrv.domain.moment import SERVER
from examsrv.services import specifying
from examsrv.services.demonstrating import PASSWORD
from examsrv.storage.tables import StepRow
from tests.browser.stage import PACK, SMALL_ROOM, Machine, Stage, hand_in, opened, receipt, saved

BANK = f"/admin/bank/{PACK}"
CASE_TEXT = """甲公司 9 月末应收乙公司的货款：

| 发票 | 到期日 | 余额（万元） |
| --- | --- | --- |
| F-01 | 2026-10-20 | 40.00 |
| F-02 | 2026-09-10 | 60.00 |
"""
WRONG = "按材料填写乙公司帐龄表。"
MENDED = "按材料填写乙公司 9 月 30 日的账龄表。"
BETTER = "根据材料填写乙公司 2026 年 9 月 30 日的账龄表。"
REASON = "“帐龄”应为“账龄”；请写明截止日。"
LEAVE = timedelta(minutes=31)
SEAT, PROCTORS = 1, ("proctor4", "proctor5")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_case_from_its_author_to_a_candidate(stage: Stage, machine) -> None:
    author, reviewer, office = machine(), machine(), machine()
    author.sign_in("author")
    reviewer.sign_in("reviewer")
    table = the_author_writes_a_case(author)
    the_reviewer_sends_it_back(reviewer, table)
    the_author_mends_it(author, table)
    the_reviewer_approves(reviewer, table)

    workbook = the_author_takes_it_out(author, table)
    the_author_brings_it_in_again(author, workbook, table)
    the_reviewer_approves(reviewer, table)
    expect(author.open(f"{BANK}/items/{table}").locator("main")).to_contain_text(BETTER)

    office.sign_in("admin1")
    the_office_draws_a_paper_with_the_case(stage, office)
    the_candidate_sits_it(stage, machine)


# ---- the scenes


def the_author_writes_a_case(author: Machine) -> str:
    """Write a case with a table and a number; return the id of the table."""
    page = author.open(f"{BANK}/new")
    page.select_option("#place", "L3|collection")
    page.select_option("#kind", "table")
    page.check("input[name=case][value=new]", force=True)
    author.press("开始编写")
    page.wait_for_url("**/cases/*/edit")
    page.fill("#title", "乙公司的应收账款")
    page.fill("#text", CASE_TEXT)
    author.press("保存材料")
    expect(page.locator(".edit-preview td").first).to_have_text("F-01")
    author.look("author-case")
    page.get_by_role("link", name="编辑", exact=True).first.click()
    table = write_table(author)
    page.get_by_role("link", name="所属案例", exact=True).click()
    page.get_by_role("link", name="增加试题", exact=True).click()
    page.select_option("#kind", "numeric")
    author.press("开始编写")
    number = write_number(author)
    page.get_by_role("button", name="送审", exact=True).click()
    page.wait_for_url(f"**/items/{number}")
    return table


def write_table(author: Machine) -> str:
    page = author.page
    tag(page)
    page.fill("#stem", WRONG)
    cells = page.locator(".edit-table input")
    for place, words in enumerate(["账龄", "余额"]):
        cells.nth(place).fill(words)
    cells.nth(2).fill("未到期")
    fill_with_number(page, 3, "40.00")
    author.press("增加一行")
    page.locator(".edit-table tbody tr").nth(1).locator("input").first.fill("逾期")
    fill_with_number(page, -1, "60.00")
    page.fill("#rationale", "F-01 未到期，F-02 逾期 20 天。")
    for sample, (first, second, share) in enumerate([("40", "60", "1"), ("60", "40", "0")]):
        fields = page.locator("#samples .edit-sample").nth(sample).locator("table input")
        fields.nth(0).fill(first)
        fields.nth(1).fill(second)
        page.locator("#samples .edit-sample").nth(sample).locator(".edit-row input").fill(share)
    ready(page)
    author.look("author-table")
    return page.url.split("/items/")[1].split("/")[0]


def write_number(author: Machine) -> str:
    page = author.page
    tag(page)
    page.fill("#stem", "乙公司逾期金额占应收余额的比例为多少？（百分数，取整数）")
    page.locator("[data-place='key.value'] input").fill("60")
    page.locator("[data-place='body.unit'] input").fill("%")
    page.fill("#rationale", "$\\frac{60}{40+60}=60\\%$")
    for sample, (answer, share) in enumerate([("60", "1"), ("40", "0")]):
        row = page.locator("#samples .edit-sample").nth(sample)
        row.locator(".edit-row input").fill(share)
        row.locator("input").last.fill(answer)
    ready(page)
    author.look("author-number")
    return page.url.split("/items/")[1].split("/")[0]


def tag(page: Page) -> None:
    page.select_option("#point", "L3.K3.1.4")
    page.select_option("#difficulty", "3")
    page.select_option("#importance", "X")


def fill_with_number(page: Page, cell: int, value: str) -> None:
    """Make a cell of the table one to fill in with a number; -1 is the last."""
    cells = page.locator(".edit-table input")
    (cells.last if cell < 0 else cells.nth(cell)).click()
    page.locator(".edit-cell select").first.select_option("number")
    page.locator(".edit-cell [data-place$='.value'] input").fill(value)
    page.locator(".edit-cell [data-place$='.tolerance'] input").fill("0.01")


def ready(page: Page) -> None:
    """Wait until all is stored and nothing is wrong with the item by itself."""
    expect(page.locator("#save-state")).to_contain_text("已保存")
    expect(page.locator("#fault-list li")).to_have_count(0)


def the_reviewer_sends_it_back(reviewer: Machine, table: str) -> None:
    page = reviewer.open(f"{BANK}/reviews")
    reviewer.look("reviewer-queue")
    page.get_by_role("link", name=table).first.click()
    page.goto(f"{reviewer.address}{BANK}/items/{table}/review")
    reviewer.look("reviewer-item")
    page.fill("#reason", REASON)
    page.locator("form[action$='/return'] button").click()
    expect(page.locator(".notice-good")).to_be_visible()


def the_author_mends_it(author: Machine, table: str) -> None:
    page = author.open(f"{BANK}/items/{table}")
    expect(page.locator("main")).to_contain_text(REASON)
    page.goto(f"{author.address}{BANK}/items/{table}/edit")
    page.fill("#stem", MENDED)
    ready(page)
    page.get_by_role("button", name="送审", exact=True).click()
    page.wait_for_url(f"**/items/{table}")


def the_reviewer_approves(reviewer: Machine, table: str) -> None:
    page = reviewer.open(f"{BANK}/items/{table}/review")
    page.locator("form[action$='/approve'] button").click()
    expect(page.locator(".notice-good")).to_be_visible()
    page.goto(f"{reviewer.address}{BANK}/items/{table}")
    expect(page.locator(".page-head .badge").first).to_contain_text("已批准")


def the_author_takes_it_out(author: Machine, table: str) -> bytes:
    """Export the case's items and return the workbook."""
    page = author.open(f"/admin/bank?pack={PACK}&text=乙公司的应收账款")
    for box in page.locator("tbody input[type=checkbox]").all():
        box.check(force=True)
    page.locator("button[formaction*='/export']").click()
    page.locator("button[name=format][value=excel]").click()
    expect(page.locator("main")).to_contain_text("原样")
    author.look("author-export")
    with page.expect_download() as download:
        page.locator("form[action*='/export/file'] [type=submit]").click()
    return download.value.path().read_bytes()


def the_author_brings_it_in_again(author: Machine, workbook: bytes, table: str) -> None:
    page = look_into(author, changed(workbook, table, "难度", 9))
    expect(page.locator("main")).to_contain_text("1")
    expect(page.locator("form[action$='/bring-in'] [type=submit]:enabled")).to_have_count(0)
    author.look("author-import-faulty")
    page = look_into(author, changed(workbook, table, "题干", BETTER))
    author.look("author-import")
    page.locator("form[action$='/bring-in'] [type=submit]").click()
    expect(page.locator(".notice-good")).to_be_visible()
    page.goto(f"{author.address}{BANK}/items/{table}/edit")
    ready_to_send = page.get_by_role("button", name="送审", exact=True)
    expect(ready_to_send).to_be_enabled()
    ready_to_send.click()
    page.wait_for_url(f"**/items/{table}")


def look_into(author: Machine, workbook: bytes) -> Page:
    page = author.open(f"{BANK}/import")
    page.set_input_files("[type=file]", {"name": "题库.xlsx", "mimeType": WORKBOOK, "buffer": workbook})
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/imports/\d+"))
    return page


def changed(workbook: bytes, item: str, column: str, value: object) -> bytes:
    """Return the workbook with one cell of an item's row changed, as somebody does it in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book["试题"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "编号" for cell in row))
    places = {cell.value: cell.column for cell in heads}
    row = next(row for row in range(heads[0].row + 1, sheet.max_row + 1) if sheet.cell(row, places["编号"]).value == item)
    sheet.cell(row, next(place for head, place in places.items() if head and str(head).startswith(column))).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def the_office_draws_a_paper_with_the_case(stage: Stage, office: Machine) -> None:
    """Ask for one case with its two items, draw, have it sealed by a second person, and deal it out to the sitting that waits."""
    with stage.server.database.writing() as session:
        line = specifying.usual_specification(session, PACK, "L3", "theory")
        text = specifying.text_of(session, line.id)
        asked = text.replace("single_choice: {items: 60,", "single_choice: {items: 58,")
        asked = asked.replace(
            "  true_false: {", "  numeric: {items: 1, marks: 1}\n  table: {items: 1, marks: 1, partial_credit: each_right}\n  true_false: {", 1
        )
        asked = asked.replace("kinds_in_sections: even", "kinds_in_sections: free").replace("minutes: 90", "minutes: 90\ncases: 1")
        specifying.save_specification(session, line.id, line.version, specifying.read(asked), SERVER, stage.server.now())
    page = office.open(f"/admin/papers/draw?specification={line.id}")
    page.fill("[name=seed]", "7")
    page.locator("main form.form-column [type=submit]").last.click()
    page.wait_for_url(re.compile(r"/papers/\d+$"), timeout=90_000)
    page.locator("form[action$='/propose'] [type=submit]").click()
    page.wait_for_url("**/seal")
    page.fill("[name=login]", "admin2")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form.form-column [type=submit]").last.click()
    page.wait_for_url(re.compile(r"/papers/\d+$"))
    papers = page.url.rsplit("/", 1)[1]
    sitting = stage.room_of(stage.candidate(SEAT, SMALL_ROOM).ticket).sitting_id
    page = office.open(f"/admin/sittings/{sitting}")
    page.click("[data-asks*=unpublish]")
    page.locator("form[action$='/unpublish'] [type=submit]").click()
    page.select_option("[name=form_set]", papers)
    page.locator("form[action$='/forms'] [type=submit]").click()
    page.locator("form[action$='/publish'] [type=submit]").click()
    expect(page.locator("form[action$='/unpublish']")).to_have_count(1)


def the_candidate_sits_it(stage: Stage, machine) -> None:
    """The case is the paper's last group: its text stays in view beside its items, and what is filled in is what is stored."""
    way = stage.candidate(SEAT, SMALL_ROOM)
    candidate, board = machine(), machine()
    candidate.come_in(way)
    candidate.confirm()
    board.sign_in(PROCTORS[0])
    board.page.get_by_role("link", name="打开看板").click()
    for login in PROCTORS:
        board.enter_present(stage.name(login), stage.pin(login))
        expect(board.page.locator(".notice")).to_have_text("已签到在场。")
    board.press("签到全部已确认考生")
    board.start_room()
    page = candidate.page
    opened(page)
    page.locator("#cells .cell").last.click()
    expect(page.locator("#exam")).to_contain_text("乙公司的应收账款")
    expect(page.locator("#exam")).to_contain_text(BETTER)
    cells = page.locator("#exam table input")
    cells.nth(0).fill("40")
    cells.nth(1).fill("60.00")
    page.locator("#exam input[inputmode=decimal]:not(table input)").fill("60")
    candidate.look("candidate-case")
    saved(page)
    stage.clock.move(LEAVE)
    hand_in(page)
    assert receipt(page, "已交卷，服务器已收妥")
    with stage.server.database.reading() as session:
        values = session.scalars(select(StepRow.value).where(StepRow.attempt_id == stage.attempt(way.ticket).id)).all()
    stored = [json.loads(value) for value in values]
    assert {"B1": "40", "B2": "60.00"} in stored
    assert "60" in stored
