"""A skills assessment from its batch to the exported marks, each person before a machine of their own: three examiners agree."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

from examsrv.domain.roles import Role
from examsrv.services.demonstrating import PASSWORD
from examsrv.services.inventing import CandidateWay, id_number
from examsrv.services.managing_people import create_person
from examsrv.services.task_sets import task_set_with_keys, task_sets
from examsrv.storage.tables import PersonRow
from tests.browser.stage import PACK, SMALL_ROOM, Machine, Stage, hand_in, opened, pick, receipt, saved
from tests.browser.test_walkthrough_disputes import give, open_next
from tests.browser.test_walkthrough_disputes import hand_in as hand_sheet_in
from tests.browser.test_walkthrough_sitting import approve, read_results
from tests.builders import OFFICE, at

BATCH, SET, EMPLOYER, REPORT = "2026年第四批", "L3-A", "晨光贸易公司", "催收进展.xlsx"
EXAMINERS = ("考评甲", "考评乙", "考评丙", "考评丁", "考评戊", "考评己")
BARRED = "考评甲"
"""Works for the employer of a candidate."""
PIN = "4711"
TICKETS = ("2611300001", "2611300002")
LONG_ENOUGH = timedelta(minutes=31)
GIVEN = ({"T5.8": "5"}, {"T5.8": "4", "T1.4": "1.5"}, {})
"""Where each examiner gives less than all marks."""
SHOWN = 98.8  # (99 + 97.5 + 100) / 3


def test_a_skills_assessment_from_its_plan_to_the_exported_marks(stage: Stage, machine: Callable[[], Machine], tmp_path: Path) -> None:
    logins = examiners_are_there(stage)
    office = machine()
    office.sign_in("admin1")
    a_batch_is_added(office)
    papers = papers_are_made_of_a_task_set(office)
    sitting = a_sitting_is_planned(office, papers)
    candidates_come_in_by_a_roster(office, sitting)
    group = a_group_is_proposed_without_who_is_barred(office, sitting)
    members, reserves = members_of(office, group)

    a_member_falls_ill_at_the_door_and_a_reserve_steps_in(office, members, reserves)
    present = [*members[:2], reserves[0]]
    candidate, board = machine(), machine()
    candidate.come_in(way_of(stage))
    candidate.confirm()
    an_examiner_starts_the_room(board, logins[present[0]], present[0])
    a_candidate_works_with_files_and_hands_in(stage, candidate, tmp_path)

    marks = full_marks(stage)
    for name, changes in zip(present, GIVEN, strict=True):
        an_examiner_reads_and_scores(machine(), logins[name], marks | {criterion: Decimal(mark) for criterion, mark in changes.items()})
    the_office_marks_and_exports(office, sitting)


# ---- the scenes


def examiners_are_there(stage: Stage) -> dict[str, str]:
    """Add the examiners, as the page of people does it; return their logins by name."""
    logins = {}
    with stage.server.database.writing() as session:
        for number, name in enumerate(EXAMINERS, start=1):
            logins[name] = f"rater{number}"
            person = create_person(session, logins[name], name, PASSWORD, [(Role.EXAMINER, None)], OFFICE, at(), pin=PIN)
            session.get_one(PersonRow, person).employer = EMPLOYER if name == BARRED else "其他单位"
    return logins


def a_batch_is_added(office: Machine) -> None:
    page = office.open("/admin/batches/new")
    page.fill("[name=name]", BATCH)
    office.look("office-batch-new")
    submit(page)
    expect(page.locator("main")).to_contain_text(BATCH)


def papers_are_made_of_a_task_set(office: Machine) -> str:
    page = office.open("/admin/papers/task-sets")
    office.look("office-task-sets")
    row = page.get_by_role("row").filter(has_text=SET)
    row.get_by_role("checkbox").check()
    page.locator("main form", has=row).locator("[type=submit]").click()
    page.wait_for_url("**/admin/papers/*")
    number = page.url.rsplit("/", 1)[1]
    page.locator("form[action$='/propose'] [type=submit]").click()
    page.wait_for_url("**/seal")
    approve(page, "admin2")
    expect(page.locator("form[action$='/propose']")).to_have_count(0)
    office.look("office-task-papers-sealed")
    return number


def a_sitting_is_planned(office: Machine, papers: str) -> int:
    page = office.open("/admin/sittings/new")
    for name, value in {"name": "三级操作技能考核 第一场", "day": "2026-11-28", "time": "14:00", "minutes": "90"}.items():
        page.fill(f"[name={name}]", value)
    pick(page, "examination", "三级", "技能考核")
    pick(page, "batch", BATCH)
    submit(page)
    page.wait_for_url("**/sittings/*")
    sitting = page.url.rsplit("/", 1)[1]
    pick(page, "room", SMALL_ROOM)
    page.locator("form[action$='/rooms'] [type=submit]").click()
    page.select_option("[name=form_set]", papers)
    page.locator("form[action$='/forms'] [type=submit]").click()
    expect(page.locator("[name=form_set]")).to_have_value(papers)
    return int(sitting)


def candidates_come_in_by_a_roster(office: Machine, sitting: int) -> None:
    page = office.open(f"/admin/sittings/{sitting}/candidates")
    page.set_input_files("[name=roster]", {"name": "roster.csv", "mimeType": "text/csv", "buffer": roster()})
    submit(page)
    page.wait_for_url("**/roster/*")
    page.locator("form[action*='/roster/'] [type=submit]").click()
    expect(page.locator("main tbody tr")).to_have_count(len(TICKETS))


def a_group_is_proposed_without_who_is_barred(office: Machine, sitting: int) -> int:
    page = office.open(f"/admin/sittings/{sitting}")
    page.locator("form[action$='/groups'] [type=submit]").click()
    page.locator("form[action$='/groups/distribute'] [type=submit]").click()
    page.locator("a[href$='/groups/proposal']").click()
    proposed = page.locator("main table")
    expect(proposed).to_contain_text(EXAMINERS[1])
    assert BARRED not in proposed.inner_text()
    office.look("office-proposal")
    page.locator("form[action$='/groups/proposal'] [type=submit]").click()
    page.locator("form[action$='/publish'] [type=submit]").click()
    expect(page.locator("form[action$='/publish']")).to_have_count(0)
    office.look("office-skills-published")
    page.locator("#groups tbody th a").click()
    page.wait_for_url("**/groups/*")
    return int(page.url.rsplit("/", 1)[1])


def members_of(office: Machine, group: int) -> tuple[list[str], list[str]]:
    """Return the names of the members and of the reserves, as the page of the group has them; the lead is the first."""
    rows = office.open(f"/admin/groups/{group}").locator("#day tbody tr").all()
    named = [(row.locator("td").first.inner_text(), row.locator("th").inner_text()) for row in rows]
    members = sorted((name for place, name in named if place.isdecimal()), key=lambda name: "组长" not in name)
    return [words.split()[0] for words in members], [name for place, name in named if not place.isdecimal()]


def a_member_falls_ill_at_the_door_and_a_reserve_steps_in(office: Machine, members: list[str], reserves: list[str]) -> None:
    page = office.page
    for name in (*members[:2], *reserves):
        line(page, name).get_by_role("button", name="签到在场").click()
        expect(line(page, name).get_by_role("button", name="签到在场")).to_have_count(0)
    line(page, members[2]).locator("button[data-asks]").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=ground]").select_option("illness")
    dialog.locator("[name=note]").fill("门口突发高烧，送医")
    office.look("office-drops-out")
    dialog.locator("[type=submit]").last.click()
    expect(page.locator("#day")).to_contain_text("门口突发高烧，送医")
    expect(page.locator("#day")).to_contain_text("需要 3 名考评员，在场 2 名")
    assert page.locator("form[action$='/start']").count() == 0
    office.look("office-place-vacant")
    page.locator("form[action$='/step-in'] [type=submit]").click()
    page.locator("form[action$='/start'] [type=submit]").click()
    expect(page.locator("#day")).to_contain_text("09:00 开始")
    office.look("office-group-started")


def an_examiner_starts_the_room(board: Machine, login: str, name: str) -> None:
    board.sign_in(login)
    page = board.open("/proctor/")
    page.locator(".room-line", has_text="操作技能").get_by_role("link").click()
    board.enter_present(name, PIN)
    board.press("签到全部已确认考生")
    expect(page.locator("#seat-1")).to_contain_text("已签到")
    board.look("board-skills")
    board.start_room()
    expect(page.locator(".timer")).to_contain_text("剩余")


def a_candidate_works_with_files_and_hands_in(stage: Stage, candidate: Machine, folder: Path) -> None:
    page = candidate.page
    opened(page)
    expect(page.locator("#case-files-list")).to_contain_text("已在本机")
    with page.expect_download() as coming:
        page.get_by_role("link", name="内部往来台账.xlsx").click()
    assert openpyxl.load_workbook(io.BytesIO(Path(coming.value.path()).read_bytes())).sheetnames
    page.locator("#cells .cell").last.click()
    page.locator("[type=file]").set_input_files(report(folder))
    expect(page.locator(".answer-files .files")).to_contain_text("已提交")
    candidate.look("candidate-skills")
    saved(page)
    stage.clock.move(LONG_ENOUGH)
    page.keyboard.press("m")
    saved(page)
    hand_in(page)
    receipt(page, "已交卷，服务器已收妥")


def an_examiner_reads_and_scores(examiner: Machine, login: str, marks: dict[str, Decimal]) -> None:
    examiner.sign_in(login)
    page = open_next(examiner)
    page.click("[data-go='T5']")
    page.click("[data-task='T5'] [data-tab] >> text=附件 1")
    expect(page.locator("[data-task='T5'] .shown")).to_contain_text("已发第二次书面催收函")
    told = page.content()
    assert [secret for secret in (*TICKETS, REPORT, "考生1", EMPLOYER) if secret in told] == []
    examiner.look("score-skills-file")
    page.click("[data-go='T1']")
    give(page, marks)
    expect(page.locator("[data-total]")).to_have_text(f"{sum(marks.values()).normalize():f}")
    hand_sheet_in(page)


def the_office_marks_and_exports(office: Machine, sitting: int) -> None:
    page = office.open(f"/admin/results/sittings/{sitting}")
    page.fill("[name=reason]", "首次判分")
    office.look("results-skills")
    submit(page)
    page.wait_for_url("**/admin/results/runs/*")
    page.locator("form[action$='/propose'] [type=submit]").click()
    approve(page, "admin2")
    expect(page.locator("form[action$='/results.xlsx']")).to_be_visible()
    office.look("run-skills-applied")
    with page.expect_download() as coming:
        page.locator("form[action$='/results.xlsx'] [type=submit]").click()
    exported = read_results(Path(coming.value.path()).read_bytes())
    one, other = (exported[ticket] for ticket in TICKETS)
    assert (one["marks"][-1], one["decision"]) == (SHOWN, "合格")
    assert (set(other["marks"]), other["decision"]) == ({None}, "缺考")


# ---- how


def submit(page: Page) -> None:
    """Press the button of the page's one form."""
    page.locator("main form.form-column").first.locator("[type=submit]").last.click()


def line(page: Page, name: str) -> Locator:
    """Return somebody's row on the group's day."""
    return page.locator("#day tbody tr", has=page.locator("th", has_text=name))


def roster() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["准考证号", "姓名", "证件号码", "考场", "座位", "工作单位"])
    for seat, ticket in enumerate(TICKETS, start=1):
        writer.writerow([ticket, f"考生{seat}", id_number(700 + seat), SMALL_ROOM, seat, EMPLOYER if seat == 1 else ""])
    return out.getvalue().encode()


def way_of(stage: Stage) -> CandidateWay:
    """Return how the first candidate signs in; the second one never comes."""
    return CandidateWay("考生1", TICKETS[0], id_number(701), SMALL_ROOM, 1, stage.candidate(1, SMALL_ROOM).seat_code)


def report(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["客户", "应收余额", "催收进展"])
    book.active.append(["青桐公司", 120000, "已发第二次书面催收函"])
    book.save(folder / REPORT)
    return folder / REPORT


def full_marks(stage: Stage) -> dict[str, Decimal]:
    """Return every criterion of the set with all its marks."""
    with stage.server.database.reading() as session:
        chosen = next(each.digest for each in task_sets(session, PACK, "L3", "skills") if each.set_id == SET)
        return {criterion.id: criterion.marks for criterion in task_set_with_keys(session, chosen).criteria}
