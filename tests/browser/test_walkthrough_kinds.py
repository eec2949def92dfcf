"""A paper with every kind that machines mark, and a case with a table: answered by the keyboard, over a reload and a lost line, to the marks."""

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from playwright.sync_api import Page, expect

from examsrv.domain.marking import mark_attempt
from examsrv.domain.paper import compose
from examsrv.domain.roles import Role
from examsrv.domain.steps import final_responses
from examsrv.services import papers
from examsrv.services.attempt_logs import attempt_steps
from question_bank.item import Item
from question_bank.kinds import KINDS
from tests.browser.stage import SAVED, Machine, Stage, hand_in, opened, saved
from tests.builders import PASSWORD, Room, add_person, add_room, id_number, start
from tests.question_bank.every_kind import CASE, MACHINE_MARKED, every_item, item_of_kind

DISCONNECTED = "net::ERR_INTERNET_DISCONNECTED"
SEED = 7
MARKS = dict.fromkeys(KINDS, "1")
ITEMS: list[Item] = [
    *every_item(machine_marked=True),
    item_of_kind("table", "C-1", CASE),
    item_of_kind("single_choice", "C-2", CASE),
    item_of_kind("numeric", "C-3", CASE),
]
PLACE = {kind: place for place, kind in enumerate(MACHINE_MARKED, start=1)}
OF_CASE = {"table": 9, "single_choice": 10, "numeric": 11}


def test_every_kind_is_answered_by_the_keyboard_and_marked(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    with empty_stage.server.database.writing() as session:
        room = add_room(session, 1, items=ITEMS)
        add_person(session, "office", (Role.ADMINISTRATOR, None))
    look_through(empty_stage, machine())
    candidate = machine()
    page = candidate.page
    come_in(candidate, room)
    try_out(candidate)
    with empty_stage.server.database.writing() as session:
        start(session, room, empty_stage.server.now())
    opened(page)

    page.keyboard.press(letter_of(page, "乙"))
    go_on(page)
    for words in ("甲", "丙"):
        page.keyboard.press(letter_of(page, words))
    go_on(page)
    page.keyboard.press("A")
    go_on(page)
    fill_in_blanks(candidate)
    go_on(page)
    type_a_number_and_reload(candidate)
    go_on(page)
    candidate.context.set_offline(True)
    candidate.tolerate(DISCONNECTED)
    match(candidate)
    go_on(page)
    put_in_order(candidate)
    expect(page.locator("#save-words")).to_contain_text("网络中断")
    candidate.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)
    go_on(page)
    fill_the_table(page, PLACE["table"])
    candidate.look("candidate.paper-table")
    go_on(page)
    answer_the_case(candidate)
    saved(page)

    shown = values_shown(page)
    page.reload()
    opened(page)
    assert values_shown(page) == shown
    expect(page.locator("#count-answered")).to_have_text("已答 11")
    hand_in(page)
    expect(page.locator("#receipt-answered")).to_contain_text("11 / 11")
    judge(empty_stage, room, shown)


def test_texts_and_files_are_handed_over_across_a_lost_line(empty_stage: Stage, machine: Callable[[], Machine], tmp_path: Path) -> None:
    with empty_stage.server.database.writing() as session:
        room = add_room(session, 1, items=[item_of_kind(kind) for kind in ("short_text", "essay", "upload")])
        start(session, room, empty_stage.server.now())
    wrong, first, second = tmp_path / "程序.pdf", tmp_path / "账龄表.pdf", tmp_path / "说明.pdf"
    wrong.write_bytes(b"MZ\x90\x00" + bytes(60))
    first.write_bytes(b"%PDF-1.7 one")
    second.write_bytes(b"%PDF-1.7 two")
    candidate = machine()
    page = candidate.page
    come_in(candidate, room)
    opened(page)

    page.locator("#answer-1").focus()
    page.keyboard.type("Am 1号先核对")
    expect(page.locator("#answer-1-count")).to_have_text("已写 8 / 100 字")
    candidate.look("candidate.paper-short-text")
    go_on(page)
    page.locator("#answer-2").fill("致某厂：请付款。")
    expect(page.locator("#answer-2-count")).to_contain_text("已写 8 字")
    go_on(page)
    files = page.locator(".files li")
    page.set_input_files("#answer-3-file", wrong)
    candidate.tolerate("status of 409")
    expect(files).to_contain_text("不属于以下类型")
    candidate.look("candidate.paper-upload-refused")
    page.get_by_role("button", name="移除：程序.pdf").click()
    page.set_input_files("#answer-3-file", first)
    expect(files).to_contain_text("已提交")
    candidate.context.set_offline(True)
    candidate.tolerate(DISCONNECTED)
    page.set_input_files("#answer-3-file", second)
    expect(files.nth(1)).to_contain_text("等待上传")
    expect(page.locator("#save-words")).not_to_have_text(SAVED)
    candidate.context.set_offline(False)
    page.reload()  # the file waits on the machine's disk
    opened(page)
    expect(files.nth(1)).to_contain_text("已提交")
    candidate.look("candidate.paper-upload")
    with page.expect_download() as download:
        page.get_by_role("link", name="说明.pdf").click()
    assert download.value.path().read_bytes() == second.read_bytes()
    saved(page)
    hand_in(page)
    expect(page.locator("#receipt-answered")).to_contain_text("3 / 3")
    with empty_stage.server.database.reading() as session:
        stored = final_responses(attempt_steps(session.connection(), room.attempts[0]))
    assert (stored[1], stored[2]) == ("Am 1号先核对", "致某厂：请付款。")
    named = [(file["name"], file["digest"]) for file in stored[3]]
    assert named == [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in (first, second)]


# ---- how


def look_through(stage: Stage, office: Machine) -> None:
    """Somebody who approves papers looks at the form, and at its key."""
    with stage.server.database.reading() as session:
        (line,) = papers.form_sets(session)
        view = papers.form_set(session, line.id)
    office.sign_in("office", PASSWORD)
    office.open(f"/admin/papers/{view.id}/forms/{view.forms[0].id}")
    expect(office.page.locator("ol > li[id^=item-]")).to_have_count(len(ITEMS))
    office.look("admin.form_preview-kinds")
    office.page.get_by_role("button", name="显示答案").click()
    expect(office.page.locator("li#item-5")).to_contain_text("136 ± 0.05 万元")
    office.look("admin.form_key-kinds")
    if office.shots is not None:
        office.page.screenshot(path=office.shots / "admin.form_key-kinds-whole.png", full_page=True)


def come_in(candidate: Machine, room: Room) -> None:
    candidate.bind_seat(room.code(1))
    candidate.page.fill("[name=ticket]", room.ticket(1))
    candidate.page.fill("[name=id_number]", id_number(room.room * 1000 + 1))
    candidate.press("登录")
    candidate.page.wait_for_url("**/exam/details")
    candidate.confirm()


def try_out(candidate: Machine) -> None:
    """Try every kind of the paper, and the review mark."""
    page = candidate.page
    expect(page.locator("#try-kinds button")).to_have_count(len(MACHINE_MARKED) + 1)
    for place in range(len(MACHINE_MARKED)):
        page.locator("#try-kinds button").nth(place).click()
        candidate.look(f"candidate.waiting-kind-{place + 1}")
    page.locator("#try-kinds button").nth(PLACE["table"] - 1).click()
    page.locator("#try-options input").first.fill("7")
    expect(page.locator("#try-count")).to_contain_text(f"1 / {len(MACHINE_MARKED) + 1}")


def go_on(page: Page) -> None:
    """Go to the next item by the keyboard; a field keeps the arrow keys for itself, so the button is pressed."""
    page.locator("#next").focus()
    page.keyboard.press("Enter")


def letter_of(page: Page, words: str, within: str = "#options") -> str:
    texts = page.locator(f"{within} .option-text").all_inner_texts()
    return "ABCDEFGH"[texts.index(words)]


def fill_in_blanks(candidate: Machine) -> None:
    page = candidate.page
    page.locator(f"#answer-{PLACE['blank']}-1").focus()
    page.keyboard.type("账期m")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    page.keyboard.type("dso")
    expect(page.locator("#item-hint")).to_have_text("已填 2 / 2 空")
    expect(page.locator("#mark")).to_have_attribute("aria-pressed", "false")
    candidate.look("candidate.paper-blank")


def type_a_number_and_reload(candidate: Machine) -> None:
    """What is typed when the page goes is there again, before any pause made a step of it."""
    page = candidate.page
    field = page.locator(f"#answer-{PLACE['numeric']}")
    field.focus()
    page.keyboard.type("约136")
    expect(page.locator(f"#answer-{PLACE['numeric']}-wrong")).to_contain_text("请只填数字")
    candidate.look("candidate.paper-numeric-wrong")
    field.fill("136.05")
    page.reload()
    opened(page)
    expect(field).to_have_value("136.05")
    expect(page.locator(f"#answer-{PLACE['numeric']}-wrong")).to_be_empty()


def match(candidate: Machine) -> None:
    page = candidate.page
    options = page.locator(f"#answer-{PLACE['matching']}-1 option").all_inner_texts()
    page.locator(f"#answer-{PLACE['matching']}-1").focus()
    for words in ("甲", "乙", "丙"):
        page.keyboard.press(next(option[0] for option in options if option.endswith(words)))
        page.keyboard.press("Tab")
    expect(page.locator("#item-hint")).to_have_text("已配 3 / 3 项")
    candidate.look("candidate.paper-matching")


def put_in_order(candidate: Machine) -> None:
    """The right order is C, A, D, B of the bank: each row is sent to its place by the figure of that place."""
    page = candidate.page
    expect(page.locator("#item-hint")).to_contain_text("尚未作答")
    for place, words in enumerate(("丙", "甲", "丁", "乙"), start=1):
        page.locator(".order-row", has_text=words).focus()
        page.keyboard.press(str(place))
    expect(page.locator(".order-words")).to_have_text(["丙", "甲", "丁", "乙"])
    expect(page.locator("#item-hint")).to_contain_text("现有顺序即为您的答案")
    candidate.look("candidate.paper-ordering")


def fill_the_table(page: Page, n: int) -> None:
    """Go from cell to cell by the keys alone."""
    page.locator(f"#answer-{n}-B1").focus()
    page.keyboard.type("64.5")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("64")
    page.keyboard.press("Enter")
    page.keyboard.type("可疑")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")  # a list keeps up and down for itself
    page.keyboard.press("ArrowDown")
    page.locator(f"#answer-{n}-D1").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "处理 未到期"


def answer_the_case(candidate: Machine) -> None:
    page = candidate.page
    expect(page.locator("#case-title")).to_have_text(CASE.title)
    expect(page.locator("#case-text strong")).to_have_text("5")
    fill_the_table(page, OF_CASE["table"])
    page.keyboard.press("Tab")
    page.locator(f"#item-{OF_CASE['single_choice']}").focus()
    part = f"section[aria-labelledby=item-{OF_CASE['single_choice']}]"
    page.keyboard.press(letter_of(page, "乙", within=part))
    page.locator(f"#answer-{OF_CASE['numeric']}").focus()
    page.keyboard.type("136 万元")
    page.locator("#divider").focus()
    width = page.locator("#material").bounding_box()["width"]
    page.keyboard.press("ArrowRight")
    assert page.locator("#material").bounding_box()["width"] > width
    expect(page.locator("#cells [aria-current]")).to_have_text(str(OF_CASE["numeric"]))
    candidate.look("candidate.paper-case")
    page.get_by_role("button", name="高对比").first.click()
    candidate.look("candidate.paper-case-contrast")
    page.set_viewport_size({"width": 683, "height": 384})  # 1366 × 768 at 200 %
    candidate.look("candidate.paper-case-zoom-200")
    page.set_viewport_size({"width": 1366, "height": 768})


def values_shown(page: Page) -> dict[int, list[str]]:
    """Return what the fields, the chosen rows and the order of every item show."""
    found: dict[int, list[str]] = {}
    for place in range(1, len(ITEMS) + 1):
        page.locator("#cells .cell").nth(place - 1).click()
        within = page.locator(f"section[aria-labelledby=item-{place}]") if place > len(MACHINE_MARKED) else page.locator("#item")
        fields = within.locator("input:not([type=radio]):not([type=checkbox]), select")
        found[place] = [
            *(field.input_value() for field in fields.all()),
            *within.locator(".option.chosen .option-text").all_inner_texts(),
            *within.locator(".order-words").all_inner_texts(),
        ]
    return found


def judge(stage: Stage, room: Room, shown: dict[int, list[str]]) -> None:
    """What is stored is what was shown, and by the paper's key all of it is right."""
    made = compose("信用管理师 三级 · 理论知识", ITEMS, MARKS, dict.fromkeys(KINDS, "all_or_nothing"), SEED)
    assert made.digest == room.paper
    with stage.server.database.reading() as session:
        stored = final_responses(attempt_steps(session.connection(), room.attempts[0]))
    assert stored[PLACE["blank"]] == dict(zip("12", shown[PLACE["blank"]], strict=True))
    assert stored[PLACE["numeric"]] == "136.05"
    assert sorted(stored[OF_CASE["table"]].values()) == sorted(shown[OF_CASE["table"]])
    marked = mark_attempt(made.key, stored)
    assert {item.item: item.fraction for item in marked.items} == dict.fromkeys(range(1, len(ITEMS) + 1), Fraction(1))
