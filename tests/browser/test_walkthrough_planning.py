"""From an empty database to a room that waits for its proctors, by the office's own pages."""

import csv
import io
import re

from playwright.sync_api import Page, expect
from stdnum.cn import ric

from tests.browser.stage import PACK, Machine, Stage, pick

FIRST, SECOND, PROCTORS = "office.one", "office.two", ("wang.a", "wang.b", "wang.c")
OWN_PASSWORD, GIVEN_PASSWORD, PIN = "a password of one's own", "given by the office", "4711"
SITE, ROOM, SEATS, SPARES = "第一考点", "01 考场", 31, 2
CANDIDATES, BAD_ROW = SEATS, 18
SHORT, RIGHT = "60", "90"


def test_an_administrator_plans_a_sitting_from_nothing(empty_stage: Stage, machine) -> None:
    office = machine()
    the_first_visitor_becomes_administrator(office)
    people_are_entered(office)
    for login in (SECOND, *PROCTORS):
        chooses_own_password(machine(), login, pin=PIN if login in PROCTORS else None)
    a_site_and_a_room_with_labels(office)
    papers_are_drawn_and_sealed(office)
    sitting = a_sitting_is_refused_when_too_short(office)
    rooms_papers_and_proctors_are_chosen(office, sitting)
    the_roster_is_refused_mended_and_imported(office, sitting)
    submit(office.open(f"/admin/sittings/{sitting}"), "/publish")
    expect(office.page.locator("form[action$='/publish']")).to_have_count(0)
    office.look("office-sitting-published")

    proctor = machine()
    proctor.sign_in(PROCTORS[0], OWN_PASSWORD)
    expect(proctor.page.locator(".room-line")).to_contain_text(ROOM)
    expect(proctor.page.locator(".room-line")).to_contain_text(f"在场 0 ／ 应到 {CANDIDATES}，需 3")
    proctor.look("proctor-rooms")


# ---- the scenes


def the_first_visitor_becomes_administrator(office: Machine) -> None:
    page = office.open("/")
    expect(page).to_have_url(re.compile("/first-run$"))
    office.look("first-run")
    for name, value in {"login": FIRST, "name": "办公室甲", "password": OWN_PASSWORD, "repeat": OWN_PASSWORD}.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form").last.locator("[type=submit]").click()
    page.wait_for_url("**/sign-in")
    office.sign_in(FIRST, OWN_PASSWORD)
    office.look("office-today-empty")


def people_are_entered(office: Machine) -> None:
    for login, role in ((SECOND, "administrator"), *((login, "proctor") for login in PROCTORS)):
        page = office.open("/admin/people/new")
        page.fill("[name=login]", login)
        page.fill("[name=name]", f"{login} 同志")
        page.fill("[name=password]", GIVEN_PASSWORD)
        page.check(f"[name=roles][value='{role}@all']", force=True)
        submit(page, None)
        expect(page.locator("main")).to_contain_text(GIVEN_PASSWORD)
    office.look("office-person-password")


def chooses_own_password(person: Machine, login: str, pin: str | None) -> None:
    person.sign_in(login, GIVEN_PASSWORD)
    page = person.page
    expect(page).to_have_url(re.compile("/account$"))
    page.fill("[name=current]", GIVEN_PASSWORD)
    page.fill("[name=new]", OWN_PASSWORD)
    page.fill("[name=repeat]", OWN_PASSWORD)
    page.click("button[value=password]")
    expect(page.locator(".notice")).to_have_text("密码已修改。")
    if pin is not None:
        page.fill("[name=pin-current]", OWN_PASSWORD)
        page.fill("[name=pin-pin]", pin)
        page.click("button[value=pin]")
        expect(page.locator(".notice")).to_have_text("PIN 已设置。")
    person.context.close()


def a_site_and_a_room_with_labels(office: Machine) -> None:
    page = office.open("/admin/sites/new")
    page.fill("[name=name]", SITE)
    submit(page, None)
    page = office.open("/admin/rooms/new")
    for name, value in {"name": ROOM, "place": "实训楼 401", "seats": str(SEATS), "spares": str(SPARES)}.items():
        page.fill(f"[name={name}]", value)
    submit(page, None)
    page.wait_for_url(re.compile(r"/rooms/\d+$"))
    office.look("office-room")
    page.goto(f"{page.url}/labels")
    labels = page.locator("main").inner_text()
    assert len(set(re.findall(r"\b\d{6}\b|\b\d{3} \d{3}\b", labels))) == SEATS + SPARES
    office.look("office-labels")


def papers_are_drawn_and_sealed(office: Machine) -> None:
    submit(office.open("/admin/bank/packs"), f"/{PACK}/import")
    expect(office.page.locator("main [role=status]")).to_be_visible()
    page = office.open("/admin/papers/draw")
    pick(page, "specification", "三级")
    page.fill("[name=seed]", "2026")
    submit(page, None)
    page.wait_for_url(re.compile(r"/papers/\d+$"), timeout=60_000)
    office.look("office-papers-drawn")
    submit(page, "/propose")
    page.wait_for_url("**/seal")
    office.look("office-papers-seal")
    approve(page, SECOND)
    page.wait_for_url(re.compile(r"/papers/\d+$"))
    expect(page.locator("form[action$='/propose']")).to_have_count(0)
    office.look("office-papers-sealed")


def a_sitting_is_refused_when_too_short(office: Machine) -> int:
    page = office.open("/admin/sittings/new")
    pick(page, "examination", "三级", "理论")
    page.fill("[name=name]", "三级理论知识考试 第一场")
    page.fill("[name=day]", "2026-11-28")
    page.fill("[name=time]", "10:00")
    page.fill("[name=minutes]", SHORT)
    office.tolerate("status of 422")
    submit(page, None)
    expect(page.locator("#minutes-wrong")).to_have_text("理论知识考试时间不得少于 90 分钟（RULE-DURATION），现安排 60 分钟")
    office.look("office-sitting-refused")
    page.fill("[name=minutes]", RIGHT)
    submit(page, None)
    page.wait_for_url(re.compile(r"/sittings/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def rooms_papers_and_proctors_are_chosen(office: Machine, sitting: int) -> None:
    page = office.page
    submit(page, f"/sittings/{sitting}/rooms")
    page.select_option("[name=form_set]", index=1)
    submit(page, f"/sittings/{sitting}/forms")
    for place in range(len(PROCTORS)):
        page.locator("[name=proctor]").nth(place).check(force=True)
    page.locator("[name=lead]").first.check(force=True)
    submit(page, "/proctors")
    expect(page.locator("[name=proctor]:checked")).to_have_count(len(PROCTORS))
    office.look("office-sitting-planned")


def the_roster_is_refused_mended_and_imported(office: Machine, sitting: int) -> None:
    page = office.open(f"/admin/sittings/{sitting}/candidates")
    look_at(page, roster(is_mended=False))
    wrong = page.locator("main tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong.locator("th")).to_have_text(str(BAD_ROW))
    expect(wrong.locator(".wrong")).to_contain_text("身份证")
    expect(page.locator("form[action*='/roster/']")).to_have_count(0)
    office.look("office-roster-wrong")
    page = office.open(f"/admin/sittings/{sitting}/candidates")
    look_at(page, roster(is_mended=True))
    office.look("office-roster-right")
    submit(page, "/roster/", anywhere=True)
    expect(page.locator("main tbody tr")).to_have_count(CANDIDATES)
    office.look("office-roster")


# ---- how


def submit(page: Page, action: str | None, *, anywhere: bool = False) -> None:
    """Press the button of the form whose action ends (or `anywhere`: contains) so; without an action, of the one form of the page."""
    chosen = "main form.form-column" if action is None else f"form[action{'*' if anywhere else '$'}='{action}']"
    page.locator(chosen).first.locator("[type=submit]").last.click()


def approve(page: Page, login: str) -> None:
    page.fill("[name=login]", login)
    page.fill("[name=password]", OWN_PASSWORD)
    submit(page, None)


def look_at(page: Page, content: bytes) -> None:
    page.set_input_files("[name=roster]", {"name": "roster.csv", "mimeType": "text/csv", "buffer": content})
    submit(page, None)
    page.wait_for_url("**/roster/*")


def roster(*, is_mended: bool) -> bytes:
    """Return a file of candidates; in the row that is not mended the last digit of the identity number is wrong. Row 1 holds the titles."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["准考证号", "姓名", "证件号码", "考场", "座位"])
    for seat in range(1, CANDIDATES + 1):
        is_wrong = seat + 1 == BAD_ROW and not is_mended
        writer.writerow([f"2611{seat:06}", f"考生{seat}", id_number(seat, is_wrong=is_wrong), ROOM, seat])
    return out.getvalue().encode()


def id_number(person: int, *, is_wrong: bool) -> str:
    body = f"15010219900101{person:03}"
    right = ric.calc_check_digit(body + "0")
    return body + ("0123456789X".replace(right, "")[0] if is_wrong else right)
