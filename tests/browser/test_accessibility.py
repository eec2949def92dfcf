"""axe-core on every page of every role, and on paper and board in each theme. A page that is in no table here fails the test."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from docx import Document
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.moment import Actor
from examsrv.domain.roles import Role
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import (
    batches,
    group_day,
    importing_items,
    marking_runs,
    publishing,
    reopening,
    review_documents,
    scripts,
    signing_in,
    task_sets,
    writing_items,
)
from examsrv.services.ledger import add_entry
from examsrv.storage.tables import AttemptRow, FormRow, ItemVersionRow, PersonRow, SittingRow
from question_bank.formats.yaml_bank import write_items
from tests.browser.stage import PACK, ROOM, SMALL_ROOM, Machine, Stage, opened
from tests.builders import OFFICE as OFFICE_ITSELF
from tests.builders import PASSWORD as STAFF_PASSWORD
from tests.builders import SECRET, at, new_key
from tests.panels import add_assessment, add_entry_of, marks_of
from tests.question_bank.builders import make_item
from tests.rehearsal.reports import REPORT, kept
from tests.services import groups
from tests.services.bank_workers import worker

LEVEL = f"{PACK}/L3"
OVER = timedelta(hours=3)
THEMES = ("dark", "contrast")
SIZES = ("small", "large")


@dataclass(frozen=True)
class Places:
    """What stands in the addresses of the pages that are about one thing."""

    attempt: str
    sitting: int
    sitting_room: int
    room: int
    person: int
    item: str
    sealed: int
    form: int
    task_set: str = ""
    run: int = 0
    review: int = 0
    panel: int = 0
    heard: str = ""
    lead: str = ""
    results: int = 0
    examined: int = 0
    waiting: str = ""
    draft: str = ""
    case: str = ""
    file: int = 0
    batch: int = 0
    skills: int = 0
    group: int = 0
    group_on_its_day: int = 0


OPEN: dict[str, str] = {
    "auth.home": "/",
    "auth.sign_in": "/sign-in",
    "candidate.seat": "/exam/seat",
}
OFFICE: dict[str, str] = {
    "auth.password": "/account",
    "admin.today": "/admin/",
    "admin.standard": "/admin/standard",
    "admin.standard_level": f"/admin/standard/{LEVEL}",
    "admin.bank": "/admin/bank",
    "admin.bank_checks": f"/admin/bank/{PACK}/checks",
    "admin.coverage": f"/admin/bank/{PACK}/coverage/L3/theory",
    "admin.bank_item": f"/admin/bank/{PACK}/items/{{item}}",
    "admin.bank_packs": "/admin/bank/packs",
    "admin.bank_tags": f"/admin/bank/{PACK}/tags",
    "admin.bank_drafts": f"/admin/bank/{PACK}/drafts",
    "admin.bank_reviews": f"/admin/bank/{PACK}/reviews",
    "admin.bank_review": f"/admin/bank/{PACK}/items/{{waiting}}/review",
    "admin.bank_changes": f"/admin/bank/{PACK}/items/{{waiting}}/changes",
    "admin.bank_new": f"/admin/bank/{PACK}/new",
    "admin.bank_edit": f"/admin/bank/{PACK}/items/{{draft}}/edit",
    "admin.bank_case_edit": f"/admin/bank/{PACK}/cases/{{case}}/edit",
    "admin.bank_import": f"/admin/bank/{PACK}/import",
    "admin.bank_import_preview": "/admin/bank/imports/{file}",
    "admin.rooms": "/admin/rooms",
    "admin.room": "/admin/rooms/{room}",
    "admin.room_labels": "/admin/rooms/{room}/labels",
    "admin.new_room": "/admin/rooms/new",
    "admin.site": "/admin/sites/1",
    "admin.new_site": "/admin/sites/new",
    "admin.sittings": "/admin/sittings",
    "admin.sitting": "/admin/sittings/{sitting}",
    "admin.edit_sitting": "/admin/sittings/{sitting}/edit",
    "admin.new_sitting": "/admin/sittings/new",
    "admin.batches": "/admin/batches",
    "admin.new_batch": "/admin/batches/new",
    "admin.batch": "/admin/batches/{batch}",
    "admin.proposed_examiners": "/admin/sittings/{skills}/groups/proposal",
    "admin.group": "/admin/groups/{group}",
    "admin.roster": "/admin/sittings/{sitting}/candidates",
    "admin.candidate": "/admin/candidates/{attempt}",
    "admin.papers": "/admin/papers",
    "admin.draw_papers": "/admin/papers/draw",
    "admin.specifications": "/admin/specifications",
    "admin.specification": "/admin/specifications/1",
    "admin.specification_versions": "/admin/specifications/1/versions",
    "admin.form_set": "/admin/papers/{sealed}",
    "admin.form_pictures": "/admin/papers/{sealed}/pictures",
    "admin.form_preview": "/admin/papers/{sealed}/forms/{form}",
    "admin.task_set_list": "/admin/papers/task-sets",
    "admin.task_set": "/admin/papers/task-sets/{task_set}",
    "admin.rehearsals": "/admin/rehearsals",
    "admin.rehearsal_report": "/admin/rehearsals/report",
    "admin.people": "/admin/people",
    "admin.person": "/admin/people/{person}",
    "admin.new_person": "/admin/people/new",
    "admin.audit": "/admin/audit",
}
AFTERWARDS: dict[str, str] = {
    "admin.results": "/admin/results",
    "admin.results_sitting": "/admin/results/sittings/{sitting}",
    "admin.run": "/admin/results/runs/{run}",
    "admin.apply_run": "/admin/results/runs/{run}/apply",
    "admin.group_forms": "/admin/results/groups/{group}/forms",
    "admin.batch_results": "/admin/results/batches/{results}",
    "admin.batch_person": f"/admin/results/batches/{{results}}/{LEVEL}/{{examined}}",
}
"""Pages of the office once the sitting is over and marked."""
SCORED: dict[str, str] = {
    "admin.scripts_of_group": "/admin/results/groups/{group}",
    "admin.script": "/admin/results/groups/{group}/scripts/107",
    "admin.approve_reopening": "/admin/results/entries/{entry}/approve",
    "admin.agreement": "/admin/results/groups/{settled}/agreement",
}
"""Pages of the office about scripts that groups have scored."""
LEADER: dict[str, str] = {
    "examiner.group_day_page": "/examiner/groups/{group}/day",
    "examiner.group_scripts": "/examiner/groups/{group}",
    "examiner.group_script": "/examiner/groups/{group}/scripts/107",
}
PROCTOR: dict[str, str] = {
    "proctor.rooms": "/proctor/",
    "proctor.record": "/proctor/rooms/{sitting_room}/record",
    "proctor.board": "/proctor/rooms/{sitting_room}",
}
REVIEW: dict[str, str] = {
    "admin.review": "/admin/sittings/{review}/review",
    "admin.candidate_documents": "/admin/candidates/{heard}/documents",
    "admin.hearing_record": "/admin/candidates/{heard}/hearing-record",
}
"""Pages of the office about a review."""
PANEL: dict[str, str] = {
    "examiner.panels": "/examiner/panels",
    "examiner.panel": "/examiner/panels/{panel}",
    "examiner.hearing": "/examiner/hearings/{heard}",
    "examiner.document_shown": "/examiner/hearings/{heard}/documents/1/shown",
    "examiner.hearing_record": "/examiner/hearings/{heard}/record",
}
IN_A_STORY = {
    "admin.set_run_aside": "test_settling_pages: shown by the same template as admin.approve_reopening",
    "examiner.group_agreement": "shown by the same macro as admin.agreement",
    "examiner.tasks": "test_scoring_page",
    "examiner.script": "test_scoring_page",
    "auth.first_run": "test_walkthrough_planning: there is no account yet",
    "admin.drawing": "test_walkthrough_specifications: forms are being drawn",
    "admin.seal_papers": "test_walkthrough_planning: a second person is asked for",
    "admin.roster_preview": "test_walkthrough_planning: a file was chosen",
    "candidate.sign_in": "test_candidates_pages: the machine is bound",
    "candidate.details": "test_candidates_pages",
    "candidate.waiting": "test_candidates_pages",
    "candidate.paper": "test_candidates_pages",
}
NO_PAGE = {
    "static": "files",
    "probes.alive": "a word for machines",
    "probes.ready": "a word for machines",
    "probes.metrics": "figures for Prometheus",
    "admin.roster_template": "a workbook",
    "admin.bank_template": "a workbook",
    "admin.bank_picture": "a picture",
    "admin.task_set_file": "a file",
    "admin.form_picture_csv": "a file",
    "admin.form_pictures_xlsx": "a workbook",
    "admin.rehearsal_progress": "JSON",
    "admin.drawing_progress": "JSON",
    "candidate.state": "JSON",
    "candidate.photo": "a picture",
    "candidate.picture": "a picture",
    "candidate.own_file": "a file",
    "candidate.file_of_case": "a file",
    "proctor.photo": "a picture",
    "examiner.handed_file": "a file",
    "examiner.handed_file_shown": "put into examiner.script when somebody looks at a file",
    "examiner.handed_picture": "a picture",
    "examiner.case_file": "a file",
    "examiner.case_file_shown": "put into examiner.script when somebody looks at a file",
    "admin.candidate_document": "a file",
    "examiner.document": "a file",
    "examiner.photo": "a picture",
    "examiner.panel_live": "JSON",
    "examiner.hearing_live": "JSON",
    "proctor.live": "the living part of proctor.board, which shows it",
}


def test_every_page_stands_in_a_table_here(stage: Stage) -> None:
    pages = {rule.endpoint for rule in stage.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    office = OPEN.keys() | OFFICE.keys() | AFTERWARDS.keys() | SCORED.keys() | REVIEW.keys()
    looked_at = office | LEADER.keys() | PROCTOR.keys() | PANEL.keys() | IN_A_STORY.keys() | NO_PAGE.keys()
    assert pages == looked_at


def test_a_planted_fault_is_found(stage: Stage, machine: Callable[[], Machine]) -> None:
    visitor = machine()
    visitor.open("/").evaluate("document.querySelector('main').append(document.createElement('img'))")
    visitor.look("planted")
    assert len(visitor.faults) == 1
    assert "image-alt (critical)" in visitor.faults.pop()


def test_pages_before_signing_in(stage: Stage, machine: Callable[[], Machine]) -> None:
    visitor = machine()
    look_at(stage.app, visitor, OPEN)
    visitor.tolerate("status of 404")
    visitor.open("/nothing-here")
    visitor.look("error")


def test_pages_of_the_office(stage: Stage, machine: Callable[[], Machine], tmp_path: Path) -> None:
    places = with_groups(stage, with_bank_in_work(stage, places_of(stage)))
    stage.server.settings = replace(stage.server.settings, data_folder=tmp_path)
    kept(tmp_path / "rehearsals", "20261128-010000", REPORT)
    office = machine()
    office.sign_in("admin1")
    look_at(stage.app, office, filled(OFFICE, places))
    office.open(f"/admin/sittings/{places.sitting}").click("[data-asks=unpublish]")
    office.look("admin.sitting-unpublish")
    office.open(f"/admin/sittings/{places.skills}")
    office.look("admin.sitting-groups")
    office.open(f"/admin/papers/task-sets/{places.task_set}")
    office.page.get_by_role("button", name="显示参考答案").click()
    office.look("admin.task_set_key")
    office.open("/admin/papers/task-sets")
    for title in ("题组 A", "题组 B"):
        office.page.get_by_role("checkbox", name=f"选择：信用管理师三级操作技能考核{title}").check()
    office.page.locator("form", has=office.page.get_by_role("checkbox", name="信用管理师三级操作技能考核题组 A")).get_by_role("button").click()
    office.look("admin.form_set-tasks")
    office.page.get_by_role("link", name="A 卷").first.click()
    office.look("admin.form_preview-tasks")
    office.open(f"/admin/groups/{places.group_on_its_day}")
    office.look("admin.group-on-its-day")
    office.page.locator("[data-asks^=leave-]").first.click()
    office.look("admin.group-leave")
    office.open(f"/admin/people/{places.person}").click("[data-asks=deactivate]")
    office.look("admin.person-deactivate")
    look_at(stage.app, office, filled(AFTERWARDS, after_the_sitting(stage, places)))


def test_pages_of_scripts(stage: Stage, machine: Callable[[], Machine]) -> None:
    places = with_scores(stage)
    office = machine()
    office.sign_in("admin1")
    look_at(stage.app, office, {endpoint: path.format_map(places) for endpoint, path in SCORED.items()})
    leader = machine()
    leader.sign_in("examinerx1", STAFF_PASSWORD)
    look_at(stage.app, leader, {endpoint: path.format_map(places) for endpoint, path in LEADER.items()})
    display(leader, theme="dark")
    leader.look("examiner.group_script-dark")


def test_pages_of_proctors_in_every_theme(stage: Stage, machine: Callable[[], Machine]) -> None:
    places = places_of(stage)
    proctor = machine()
    proctor.sign_in("proctor1")
    look_at(stage.app, proctor, filled(PROCTOR, places))
    proctor.page.click("#seat-1")
    expect(proctor.page.locator("#chosen")).to_be_visible()
    proctor.look("proctor.board-seat")
    for theme in THEMES:
        display(proctor, theme=theme)
        proctor.look(f"proctor.board-{theme}")
    display(proctor, theme="light", size="large")
    proctor.look("proctor.board-large")
    display(proctor, theme="light", size="normal")
    for opener in ("ask-present", "ask-room", "ask-incident"):
        proctor.page.click(f"[data-asks={opener}]")
        proctor.look(f"proctor.board-{opener}")
        proctor.page.keyboard.press("Escape")


def test_pages_of_a_review(stage: Stage, machine: Callable[[], Machine]) -> None:
    places = with_review(stage, places_of(stage))
    office, lead = machine(), machine()
    office.sign_in("admin1")
    look_at(stage.app, office, filled(REVIEW, places))
    lead.sign_in(places.lead, STAFF_PASSWORD)
    look_at(stage.app, lead, filled(PANEL, places))
    page = lead.open(f"/examiner/hearings/{places.heard}")
    page.click("[data-asks=begin]")
    lead.look("examiner.hearing-begin")
    page.check("[name=identified]")
    page.click("#begin [data-do]")
    expect(page.locator("[data-stage=running]")).to_be_visible()
    page.fill("#question", "为何给予 90 天账期？")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#asked")).to_contain_text("90 天账期")
    for theme in THEMES:
        display(lead, theme=theme)
        lead.look(f"examiner.hearing-{theme}")
    display(lead, theme="light", size="large")
    for act in ("pause", "end", "left"):
        page.click(f"[data-asks={act}]")
        lead.look(f"examiner.hearing-{act}")
        page.keyboard.press("Escape")
    page.set_viewport_size({"width": 800, "height": 1180})  # a tablet held upright
    lead.look("examiner.hearing-tablet")


def test_candidates_pages(stage: Stage, machine: Callable[[], Machine]) -> None:
    way = stage.candidate(1, SMALL_ROOM)
    candidate = machine()
    candidate.bind_seat(way.seat_code)
    candidate.look("candidate.sign_in")
    candidate.tolerate("status of 422")
    candidate.press("登录")
    candidate.look("candidate.sign_in-empty")
    candidate.give_ticket(way)
    candidate.page.wait_for_url("**/exam/details")
    candidate.look("candidate.details")
    candidate.confirm()
    expect(candidate.page.locator("#checks-result")).not_to_contain_text("正在检查")
    candidate.look("candidate.waiting")

    board = machine()
    board.sign_in("proctor4")
    board.page.get_by_role("link", name="打开看板").click()
    for login in ("proctor4", "proctor5"):
        board.enter_present(stage.name(login), stage.pin(login))
    board.press("签到全部已确认考生")
    board.start_room()
    opened(candidate.page)
    candidate.look("candidate.paper")
    for group in (1, 2):
        candidate.page.locator("#cells section").nth(group).locator(".cell").first.click()
        candidate.look(f"candidate.paper-group-{group}")
    display(candidate, theme="contrast")
    candidate.look("candidate.paper-contrast")
    for size in SIZES:
        display(candidate, theme="light", size=size)
        candidate.look(f"candidate.paper-{size}")
    display(candidate, theme="light", size="normal")
    candidate.page.click("#open-calculator")
    candidate.look("candidate.paper-calculator")
    candidate.page.click("#open-scratch")
    candidate.look("candidate.paper-scratch")
    candidate.page.set_viewport_size({"width": 683, "height": 384})  # 1366 × 768 at 200 %
    candidate.look("candidate.paper-zoom-200")


# ---- how


def look_at(app: Flask, visitor: Machine, pages: dict[str, str]) -> None:
    """Open each page, make sure that it is the one that is meant and has a heading, and let axe look."""
    routes = app.url_map.bind("")
    for endpoint, path in pages.items():
        page = visitor.open(path)
        arrived = re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
        assert routes.match(arrived)[0] == endpoint
        expect(page.locator("h1").first).to_be_visible()
        visitor.look(endpoint)


def display(visitor: Machine, **choice: str) -> None:
    """Choose theme and size of type as the buttons do, and load the page anew."""
    visitor.page.evaluate("choice => localStorage.setItem('examsrv.display', JSON.stringify(choice))", choice)
    visitor.page.reload()
    if visitor.page.locator("#exam").count():
        opened(visitor.page)
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", choice["theme"])


def filled(pages: dict[str, str], places: Places) -> dict[str, str]:
    """Return the pages with the places in their addresses."""
    return {endpoint: path.format_map(vars(places)) for endpoint, path in pages.items()}


def places_of(stage: Stage) -> Places:
    """Return where the pages of the demonstration are."""
    first = stage.attempt(stage.candidate(1, ROOM).ticket)
    room = stage.room_of(first.ticket)
    with stage.server.database.reading() as session:
        item = session.scalars(select(ItemVersionRow.item_id).order_by(ItemVersionRow.number)).first()
        form = session.scalars(select(FormRow).order_by(FormRow.id)).first()
        tasks = task_sets.task_sets(session, level="L3", component="skills")[0].digest
        return Places(first.id, first.sitting_id, room.id, room.room_id, stage.person("proctor1"), item or "", form.form_set_id, form.id, tasks)


def with_bank_in_work(stage: Stage, places: Places) -> Places:
    """Let somebody send the next version of an item to review, and the administrator begin a case and read a file of items in."""
    at = stage.server.now()
    file = importing_items.prepared("题.yaml", write_items([make_item("L3-COL-S-901")]).encode())
    with stage.server.database.writing() as session:
        author, office = worker(session, "author1", Role.AUTHOR), signing_in.staff_member(session, session.get_one(PersonRow, stage.person("admin1")))
        draft = writing_items.revise(session, PACK, places.item, author, at)
        writing_items.save(session, PACK, places.item, draft.record | {"difficulty": 5}, draft.revision, author, at)
        writing_items.send(session, PACK, places.item, author, at)
        case, item = writing_items.new_case(session, PACK, "L3", "collection", "table", office, at)
        number = importing_items.keep(session, PACK, file, office, at)
    return replace(places, waiting=places.item, draft=item, case=case, file=number)


def with_groups(stage: Stage, places: Places) -> Places:
    """Plan a skills assessment, and publish another one in whose group somebody has fallen ill at the door."""
    with stage.server.database.writing() as session:
        site = session.get_one(SittingRow, places.sitting).site_id
        planned = groups.add_plan(session, site=site, groups=2)
        groups.add_examiners(session, 10)
        published = groups.add_plan(session, site=site, batch=planned.batch, name="已发布")
        people = groups.staff(session, published)
        publishing.publish(session, published.sitting, OFFICE_ITSELF, at(), SECRET)
        group_day.arrive(session, published.group, people[0], OFFICE_ITSELF, at())
        group_day.withdraw(session, published.group, people[1], "illness", "发热", OFFICE_ITSELF, at())
    return replace(places, batch=planned.batch, skills=planned.sitting, group=planned.group, group_on_its_day=published.group)


def with_scores(stage: Stage) -> dict[str, int]:
    """Let one group dispute a script, whose first sheet somebody proposes to reopen, and another one settle all of its three."""
    with stage.server.database.writing() as session:
        disputed = add_assessment(session, candidates=1, name="X", rule=CombiningRule(adjudication=Adjudication.LEADER))
        settled = add_assessment(session, candidates=3, name="Y", component="review", level="L2")
        for place, person in enumerate(disputed.examiners, start=1):
            marks = marks_of(disputed.task_set, 40 + 10 * place)
            add_entry_of(session, disputed.attempts[0], place, person, marks, ["T3.V"] if place == 1 else [])
        for number, attempt in enumerate(settled.attempts):
            for place, person in enumerate(settled.examiners, start=1):
                add_entry_of(session, attempt, place, person, marks_of(settled.task_set, 70 + 5 * number + place))
        entry = scripts.counted_entries(session, disputed.attempts[0])[1].id
        by = Actor(stage.person("admin1"), stage.name("admin1"))
        reopening.propose_reopening(session, entry, "录入有误", by, stage.server.now())
    return {"group": disputed.group, "settled": settled.group, "entry": entry}


def with_review(stage: Stage, places: Places) -> Places:
    """Publish a review whose panel has started, with a document of the first candidate."""
    at = stage.server.now()
    with stage.server.database.writing() as session:
        site = session.get_one(SittingRow, places.sitting).site_id
        made = groups.add_plan(session, 3, component="review", level="L2", site=site, name="评审")
        people = groups.staff(session, made, senior=True)
        publishing.publish(session, made.sitting, OFFICE_ITSELF, at, SECRET)
        for person in people[:3]:
            group_day.arrive(session, made.group, person, OFFICE_ITSELF, at)
        group_day.start_group(session, SECRET, made.group, OFFICE_ITSELF, at)
        heard = scripts.attempts_of_group(session, made.group)[0]
        content = word_document()
        sealed = review_documents.seal_document(session, SECRET, heard, content, new_key)
        review_documents.keep_document(session, heard, "业绩.docx", "docx", content, sealed, Actor(people[0], ""), at)
        login = session.get_one(PersonRow, people[0]).login
    return replace(places, review=made.sitting, panel=made.group, heard=heard, lead=login)


def word_document() -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph("业绩报告：三年内授信客户 120 家，坏账率 0.8%。")
    made.save(out)
    return out.getvalue()


def after_the_sitting(stage: Stage, places: Places) -> Places:
    """Let the sitting pass with nobody there, and mark it; the run waits for a second person. Return the places with it."""
    database, now = stage.server.database, stage.server.now
    by = Actor(stage.person("admin1"), stage.name("admin1"))
    with database.writing() as session:
        add_entry(session, places.sitting_room, EntryKind.START, by, now())
    stage.clock.move(OVER)
    run = marking_runs.preview(database, places.sitting, "考后首次判分", by, now())
    with database.writing() as session:
        marking_runs.propose(session, run, by, now())
        batch = batches.create_batch(session, "2026 年第 2 批", CombiningRule(), skills_need_proctors=False, by=by, at=now())
        session.get_one(SittingRow, places.sitting).batch_id = batch
        examined = session.get_one(AttemptRow, places.attempt).candidate_id
    return replace(places, run=run, results=batch, examined=examined)
