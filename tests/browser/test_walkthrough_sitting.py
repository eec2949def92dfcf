"""A sitting from the proctors' arrival to the exported marks. The marks are worked out here once more, by hand."""

import io
import json
import re
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import openpyxl
import yaml
from playwright.sync_api import Page, expect

from examsrv.web.translation import translator
from question_bank.message import Message
from tests.browser.stage import (
    ROOM,
    Machine,
    Stage,
    answered,
    choose,
    chosen,
    eventually,
    go_to,
    hand_in,
    in_view,
    opened,
    receipt,
    saved,
    words,
)

LIVE = timedelta(seconds=3)  # so soon a board shows what was saved
CUT = timedelta(seconds=30)
LAST_SECONDS = 5
LEAVE = timedelta(minutes=30)
GRACE = timedelta(seconds=30)
RIGHT, OFFLINE_FROM, ITEMS = 72, 40, 100
"""The first candidate answers so many items right and the others wrong, loses the network at item 40, and leaves none out."""
OFFLINE_ITEMS = range(OFFLINE_FROM, OFFLINE_FROM + 10)
STANDARD = Path(__file__).parents[2] / "question_bank/packs/4-05-06-02/standard.yaml"
PASS_MARK, MARKS_FROM, CANDIDATES = 60, 3, 37
UNDER_AN_HOUR = re.compile(r"^\d\d:\d\d$")
DISCONNECTED = "net::ERR_INTERNET_DISCONNECTED"


@dataclass(frozen=True)
class Known:
    """An item as the bank has it: the letters of its options by their words, and its key as a set of letters."""

    kind: str
    section: str
    letters: dict[str, str]
    key: frozenset[str]


@dataclass
class Script:
    """What somebody clicked: for each item on the screen whether it was right, and its section."""

    bank: dict[str, Known]
    right: dict[int, bool] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)

    def answer(self, page: Page, number: int, is_right: bool) -> None:
        """Answer the item in view by the keyboard, right or wrong as told, and write down what that is worth."""
        stem, options = in_view(page)
        known = self.bank[plain(stem)]
        rows = {letter: "ABCDEFGH"[place] for place, letter in enumerate(known.letters[plain(option)] for option in options)}
        key = {rows[letter] for letter in known.key}
        pressed = key if is_right else wrong(key, rows.values())
        choose(page, "".join(sorted(pressed)))
        assert chosen(page) == "".join(sorted(pressed))
        self.right[number], self.sections[number] = pressed == key, known.section

    def marks(self) -> dict[str, int]:
        """Return one mark for each right item, by section."""
        found: dict[str, int] = {}
        for number, is_right in self.right.items():
            found[self.sections[number]] = found.get(self.sections[number], 0) + is_right
        return found


def wrong(key: set[str], rows: Iterable[str]) -> set[str]:
    """Return a wrong answer: with several right ones, one of them alone."""
    return {min(key)} if len(key) > 1 else {next(row for row in sorted(rows) if row not in key)}


def plain(text: str) -> str:
    """Return the bare words of an item, on the screen and in the bank alike."""
    return re.sub(r"[*_`|#>\\-]", "", words(text))


def bank_of(stage: Stage) -> dict[str, Known]:
    """Read the items with their keys by their stems, past all of the program's own code."""
    file = stage.url.removeprefix("sqlite:///")
    query = (
        "SELECT stem, kind, section, options, json_extract(secret, '$.key') AS key, json_type(secret, '$.key') AS type"
        " FROM item_version JOIN item_key USING (digest)"
    )
    with sqlite3.connect(file) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    found = {}
    for stem, kind, section, options, key, kind_of_key in rows:
        letters = {plain(text): letter for letter, text in json.loads(options)} or {"正确": "true", "错误": "false"}
        keys = json.loads(key) if kind_of_key == "array" else [key if kind_of_key == "text" else kind_of_key]
        found[plain(stem)] = Known(kind, section, letters, frozenset(keys))
    return found


def test_from_the_proctors_arrival_to_the_exported_marks(stage: Stage, machine) -> None:
    board, first, second, gone = (machine() for _person in range(4))
    ways = [stage.candidate(seat) for seat in (1, 2, 3)]
    open_board(stage, board)
    for each, way in zip((first, second, gone), ways, strict=True):
        each.come_in(way)
        each.confirm()
    check_in_everybody(board)
    start_is_refused_until_the_third_signs_in(stage, board)

    bank = bank_of(stage)
    scripts = [Script(bank), Script(bank), Script(bank)]
    for each in (first, second, gone):
        opened(each.page)
    answer_a_few(second.page, scripts[1], right=(True, True, False))
    answer_a_few(gone.page, scripts[2], right=(True, False))
    gone.context.close()
    first_loses_the_network_and_gets_it_back(first, board, scripts[0])
    first_hands_in(stage, first, board)
    seconds_time_runs_out(stage, second)
    the_server_closes_what_nobody_looks_at(stage, ways[2].ticket)
    second_person_applies_and_exports(stage, machine, dict(zip((way.ticket for way in ways), scripts, strict=True)))


# ---- the scenes


def open_board(stage: Stage, board: Machine) -> None:
    board.sign_in("proctor1")
    board.page.locator(".room-line", has_text=ROOM).get_by_role("link").click()
    expect(board.page.locator("h1")).to_contain_text(ROOM)


def check_in_everybody(board: Machine) -> None:
    board.press("签到全部已确认考生")
    expect(board.page.locator(".notice")).to_contain_text("已签到 3 名考生。")
    for seat in (1, 2, 3):
        expect(board.page.locator(f"#seat-{seat}")).to_contain_text("已签到")


def start_is_refused_until_the_third_signs_in(stage: Stage, board: Machine) -> None:
    for login in ("proctor1", "proctor2"):
        board.enter_present(stage.name(login), stage.pin(login))
        expect(board.page.locator(".notice")).to_have_text("已签到在场。")
    board.start_room()
    expect(board.page.get_by_text("需要 3 名监考，在场 2 名")).to_be_visible()
    board.look("board-refused")
    board.enter_present(stage.name("proctor3"), stage.pin("proctor3"))
    expect(board.page.locator("#live-bar")).to_contain_text("监考到位")
    board.start_room()
    expect(board.page.locator(".timer")).to_contain_text("剩余")
    board.look("board-started")


def answer_a_few(page: Page, script: Script, right: tuple[bool, ...]) -> None:
    for number, is_right in enumerate(right, start=1):
        go_to(page, number)
        script.answer(page, number, is_right)
    saved(page)


def first_loses_the_network_and_gets_it_back(first: Machine, board: Machine, script: Script) -> None:
    page = first.page
    for number in range(1, OFFLINE_FROM):
        script.answer(page, number, number <= RIGHT)
        page.keyboard.press("ArrowRight")
    saved(page)
    expect(board.page.locator("#seat-1")).to_contain_text(f"{OFFLINE_FROM - 1} / {ITEMS}", timeout=LIVE.total_seconds() * 1000)
    first.tolerate(DISCONNECTED)
    first.context.set_offline(True)
    lost = time.monotonic()
    for number in OFFLINE_ITEMS:
        script.answer(page, number, number <= RIGHT)
        page.keyboard.press("ArrowRight")
    expect(page.locator("#save-words")).to_have_text(f"网络中断，已存本机 {len(OFFLINE_ITEMS)} 题，恢复后自动上传")
    first.look("paper-offline")
    expect(board.page.locator("#seat-1")).to_contain_text("断线", timeout=CUT.total_seconds() * 1000)
    expect(board.page.locator("#live-trouble li").first).to_contain_text("01")
    board.look("board-offline")
    page.wait_for_timeout(max(0, (CUT.total_seconds() - (time.monotonic() - lost)) * 1000))
    assert page.locator("#save.is-caution").is_visible()
    first.context.set_offline(False)
    saved(page)
    page.reload()
    opened(page)
    assert answered(page) == OFFLINE_ITEMS.stop - 1
    for number in range(OFFLINE_ITEMS.stop, ITEMS + 1):
        go_to(page, number)
        script.answer(page, number, number <= RIGHT)
    page.keyboard.press("m")
    saved(page)
    page.reload()
    opened(page)
    assert answered(page) == ITEMS
    expect(page.locator("#count-marked")).to_have_text("标记 1")
    first.look("paper")


def first_hands_in(stage: Stage, first: Machine, board: Machine) -> None:
    page = first.page
    page.click("#hand-in")
    expect(page.locator("#review-early-words")).to_contain_text("起方可交卷")
    expect(page.locator("#review-on")).to_be_disabled()
    first.look("paper-hand-in-early")
    page.click("#review [data-close]")
    stage.clock.move(LEAVE)
    page.keyboard.press("m")  # the answer to this step tells the page the time
    saved(page)
    hand_in(page)
    code = receipt(page, "已交卷，服务器已收妥")
    assert page.inner_text("#receipt-answered") == "100 / 100 题"
    assert stage.attempt(stage.candidate(1).ticket).receipt == code
    first.look("receipt")
    expect(board.page.locator("#seat-1")).to_contain_text("已交卷")


def seconds_time_runs_out(stage: Stage, second: Machine) -> None:
    page = second.page
    page.keyboard.press("m")
    saved(page)
    expect(page.locator("#time-left")).to_have_text(UNDER_AN_HOUR)
    stage.clock.move(left(page.inner_text("#time-left")) - timedelta(seconds=LAST_SECONDS))
    page.keyboard.press("m")
    receipt(page, "考试时间到，系统已自动交卷")
    second.look("receipt-time")
    assert page.locator("#exam").inner_text() == ""


def left(shown: str) -> timedelta:
    """Return the time that a clock shows, such as 59:30 or 1:02:03."""
    parts = [int(part) for part in shown.split(":")]
    return timedelta(**dict(zip(("seconds", "minutes", "hours"), reversed(parts), strict=False)))


def the_server_closes_what_nobody_looks_at(stage: Stage, ticket: str) -> None:
    assert stage.attempt(ticket).phase == "running"
    stage.clock.move(GRACE)
    eventually(lambda: stage.attempt(ticket).phase == "submitted", "the server did not close the attempt")


def second_person_applies_and_exports(stage: Stage, machine, scripts: dict[str, Script]) -> None:
    exported = marked_and_exported(machine(), stage.attempt(next(iter(scripts))).sitting_id)
    assert len(exported) == CANDIDATES
    for ticket, script in scripts.items():
        assert_exported(exported[ticket], script)
    assert all(line["marks"] == [None] * len(line["marks"]) for ticket, line in exported.items() if ticket not in scripts)


def marked_and_exported(office: Machine, sitting: int) -> dict[str, dict]:
    """Mark a sitting, have the run applied by the second person and return the lines of the exported workbook."""
    office.sign_in("admin1")
    page = office.open(f"/admin/results/sittings/{sitting}")
    page.fill("[name=reason]", "考后首次判分")
    office.look("results-sitting")
    page.locator("main form", has=page.locator("[name=reason]")).locator("[type=submit]").click()
    page.wait_for_url("**/admin/results/runs/*")
    office.look("run-preview")
    page.locator("form[action$='/propose'] [type=submit]").click()
    office.tolerate("status of 422")
    approve(page, "admin1")
    expect(page.locator("main [role=alert]")).to_be_visible()  # one person is not two
    office.look("run-apply-refused")
    approve(page, "admin2")
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    office.look("run-applied")
    with page.expect_download() as download:
        page.locator("form[action$='/results.xlsx'] [type=submit]").click()
    return read_results(download.value.path().read_bytes())


def approve(page: Page, login: str) -> None:
    page.fill("[name=login]", login)
    page.fill("[name=password]", "examsrv-demo")
    page.locator("main form", has=page.locator("[name=login]")).locator("[type=submit]").click()


def read_results(content: bytes) -> dict[str, dict]:
    """Return the lines of a workbook by ticket: the masked number, the marks (sections, then the total) and the decision."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "准考证号")
    titles = [title for title in rows[head] if title]
    last = len(titles) - 1
    return {
        row[0]: {"id": row[2], "titles": titles[MARKS_FROM:last], "marks": list(row[MARKS_FROM:last]), "decision": row[last]}
        for row in rows[head + 1 :]
    }


def assert_exported(line: dict, script: Script, level: str = "L3") -> None:
    """Claim that a line holds exactly the marks worked out by hand, each in the column of its section, and the decision that follows from them."""
    names = section_names(level)
    marks = script.marks()
    total = sum(marks.values())
    assert line["marks"] == [*(marks.get(section, 0) for section in names), total]
    assert line["titles"][:-1] == list(names.values())
    assert line["decision"] == translator()(Message("Passed" if total >= PASS_MARK else "Failed"))
    assert re.fullmatch(r"\d{4}\*+[\dX]{4}", line["id"])


def section_names(level: str) -> dict[str, str]:
    """Return what the sections of a level are called, in the order of the standard's own table."""
    table = yaml.safe_load(STANDARD.read_text())["weights"]["theory"]
    return {line["key"]: line["name"] for line in table if line[level]}
