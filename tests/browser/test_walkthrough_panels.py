"""Examiners score, disagree and settle; a panel hears a candidate: from a member who falls ill at the door to the exported result of level 2."""

import io
import re
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Page, expect
from sqlalchemy import select

from examsrv.domain.roles import Role
from examsrv.services import scripts
from examsrv.storage.tables import AttemptRow, EntryRow, SittingRow
from tests.browser.stage import Machine, Stage, eventually
from tests.builders import MINUTE, PASSWORD, add_person, start
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of, submit
from tests.services.batch_of_results import add_run, add_sitting

NUMBER = 107
"""The number of the first script."""


def signed_in(machine: Callable[[], Machine], login: str) -> Machine:
    visitor = machine()
    visitor.sign_in(login, PASSWORD)
    return visitor


def sheet_of(visitor: Machine, made: Assessment) -> Page:
    return visitor.open(f"/examiner/{made.room.sitting}/{NUMBER}")


def give(page: Page, made: Assessment, total: int) -> None:
    """Give marks that come to `total`, criterion by criterion."""
    for name, mark in marks_of(made.task_set, total).items():
        page.click(f"[data-go='{name.partition('.')[0]}']")
        criterion = page.locator(f"[data-criterion='{name}']")
        number = criterion.locator("[data-number]")
        if number.count():
            number.fill(f"{mark:f}")
        else:
            criterion.locator(f"[data-mark='{mark:f}']").click()
    expect(page.locator("[data-total]")).to_have_text(str(total))


def hand_in(page: Page) -> None:
    page.click("[data-hand-in]")
    page.click("#hand-in-ask [data-ask-do]")
    expect(page.locator("[data-save]")).to_contain_text("已提交")


def score(machine: Callable[[], Machine], made: Assessment, login: str, total: int) -> None:
    page = sheet_of(signed_in(machine, login), made)
    give(page, made, total)
    hand_in(page)


def mark_and_apply(stage: Stage, machine: Callable[[], Machine], sitting: int) -> Page:
    """Let the office mark a sitting and a second person put it in force; return the page of the run."""
    with stage.server.database.writing() as session:
        for login in ("office1", "office2"):
            add_person(session, login, (Role.ADMINISTRATOR, None))
    office = signed_in(machine, "office1")
    page = office.open(f"/admin/results/sittings/{sitting}")
    page.fill("[name=reason]", "考后首次判分")
    page.locator("main form", has=page.locator("[name=reason]")).locator("[type=submit]").click()
    page.wait_for_url("**/admin/results/runs/*")
    page.locator("form[action$='/propose'] [type=submit]").click()
    page.fill("[name=login]", "office2")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form", has=page.locator("[name=login]")).locator("[type=submit]").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    return page


def rows_of(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_a_member_falls_ill_a_machine_dies_and_three_agree(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    with empty_stage.server.database.writing() as session:
        made = add_assessment(session, candidates=1, is_started=False, is_submitted=False)
        start(session, made.room, empty_stage.server.now())
        submit(session, made.attempts[0])
    lead = signed_in(machine, "examinera1")
    lead.page.get_by_role("link", name="当日工作").click()
    for name in ("examinera1 同志", "examinera2 同志", "examinera4 同志"):
        lead.page.get_by_role("button", name=f"签到在场 {name}").click()
        expect(lead.page.get_by_role("button", name=f"签到在场 {name}")).to_have_count(0)
    ill = made.examiners[2]
    lead.page.click(f"button[data-asks='leave-{ill}']")
    lead.page.select_option(f"#ground-{ill}", "illness")
    lead.page.click(f"#leave-{ill} [type=submit]")
    expect(lead.page.locator("#day")).to_contain_text("尚不能开始")
    lead.page.select_option("#reserve-3", str(made.reserves[0]))
    lead.page.get_by_role("button", name="递补").click()
    lead.look("examiner.day")
    lead.press("开始评分")

    sheet = sheet_of(lead, made)
    give(sheet, made, 72)
    hand_in(sheet)
    second = signed_in(machine, "examinera2")
    page = sheet_of(second, made)
    page.click("[data-go='T1']")
    page.fill("[data-criterion='T1.1'] [data-number]", "25")
    expect(page.locator("[data-save]")).to_contain_text("草稿已存")
    second.context.close()  # the machine dies in the middle of the sheet
    page = sheet_of(signed_in(machine, "examinera2"), made)
    expect(page.locator("[data-criterion='T1.1'] [data-given]")).to_have_text("25")
    give(page, made, 75)
    hand_in(page)
    script = lead.open(f"/examiner/groups/{made.group}/scripts/{NUMBER}")
    expect(script.locator("main")).to_contain_text("评分表尚未交齐")
    assert "75" not in script.inner_text("main")
    score(machine, made, "examinera4", 71)
    script.reload()
    expect(script.locator("main")).to_contain_text("平均分（72+75+71）÷3＝72.67 分")

    run = mark_and_apply(empty_stage, machine, made.room.sitting)
    with run.expect_download() as coming:
        run.locator("form[action$='/results.xlsx'] [type=submit]").click()
    (line,) = [row for row in rows_of(coming.value.path().read_bytes()) if row[0] == made.room.ticket(1)]
    assert (line[-2], line[-1]) == (72.7, "合格")


def test_a_disputed_veto_and_both_sides_of_60_call_two_reserves_and_the_median_counts(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    with empty_stage.server.database.writing() as session:
        made = add_assessment(session, candidates=1)
        for place, (person, total) in enumerate(zip(made.examiners, (57, 63, 60), strict=True), start=1):
            add_entry_of(session, made.attempts[0], place, person, marks_of(made.task_set, total), ["T3.V"] if place == 2 else [])
    lead = signed_in(machine, "examinera1")
    page = lead.open(f"/examiner/groups/{made.group}/scripts/{NUMBER}")
    expect(page.locator("main")).to_contain_text("3 名中仅 1 名认定")
    expect(page.locator("main")).to_contain_text("分列合格线 60 分两侧")
    page.click("button[data-asks='call-reserves']")
    page.click("#call-reserves [type=submit]")
    expect(page.locator("main")).to_contain_text("评分表尚未交齐")
    score(machine, made, "examinera4", 58)
    score(machine, made, "examinera5", 61)
    page.reload()
    expect(page.locator("main")).to_contain_text("中位数")
    with empty_stage.server.database.reading() as session:
        combined = scripts.combination(session, made.attempts[0])
        assert (combined.total, combined.vetoes, len(session.scalars(select(EntryRow)).all())) == (60, (), 5)


def test_a_level_2_candidate_comes_through_theory_skills_and_review_to_the_export(empty_stage: Stage, machine: Callable[[], Machine]) -> None:
    stage = empty_stage
    with stage.server.database.writing() as session:
        made = add_assessment(session, candidates=1, level="L2", component="review", is_submitted=False)
        person = session.get_one(AttemptRow, made.attempts[0]).candidate_id
        batch = session.get_one(SittingRow, made.room.sitting).batch_id or 0
        for component, given in (("theory", "81"), ("skills", "74")):
            add_run(session, add_sitting(session, batch, [person], component, level="L2"), {person: (given, "pass")})
    lead = signed_in(machine, "examinera1")
    page = lead.open(f"/examiner/hearings/{made.attempts[0]}")
    page.click("button[data-asks='begin']")
    page.check("#begin [name=identified]")
    page.click("#begin [type=submit]")
    expect(page.locator("#stages [data-stage='running']")).to_be_visible()
    page.fill("#question", "坏账率如何由 1.5% 降到 0.8%？答：限额与催收并行。")
    page.locator("#ask-form [type=submit]").click()
    expect(page.locator("#asked")).to_contain_text("坏账率")
    lead.tolerate("status of 422", "status of 409")
    page.click("button[data-asks='end']")
    page.click("#end [type=submit]")
    expect(page.locator("main")).to_contain_text("30 分钟")  # not yet
    stage.clock.move(30 * MINUTE)
    lead.open(f"/examiner/hearings/{made.attempts[0]}")
    page.click("button[data-asks='end']")
    page.click("#end [type=submit]")
    eventually(lambda: phase_of(stage, made) == "submitted", "the hearing has ended")
    for login, total in (("examinera1", 70), ("examinera2", 74), ("examinera3", 75)):
        score(machine, made, login, total)
    page = mark_and_apply(stage, machine, made.room.sitting)
    page.goto(f"{stage.address}/admin/results/batches/{batch}")
    expect(page.locator("main")).to_contain_text("合格")
    with page.expect_download() as coming:
        page.locator("button[name=as][value=xlsx]").click()
    exported = " ".join(str(cell) for row in rows_of(coming.value.path().read_bytes()) for cell in row if cell is not None)
    assert all(mark in exported for mark in ("81", "74", "73", "合格"))


def phase_of(stage: Stage, made: Assessment) -> str:
    with stage.server.database.reading() as session:
        return session.get_one(AttemptRow, made.attempts[0]).phase
