"""An administrator writes a specification: asks for more than the bank has, sees what is short, mends it, saves, draws, and stops a long drawing."""

import re
from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Page, expect

from examsrv.domain.moment import SERVER
from examsrv.services import papers, specifying
from tests.browser.stage import PACK, Machine, Stage

AMPLE = 2000
"""As many forms as can be asked for: nobody waits for them."""
ROOMY = 60
"""Of the hundred items of a form of level 3, two forms never share as many."""


def verdict(page: Page):
    return page.locator("[data-held=verdict]")


def test_an_administrator_writes_a_specification_and_draws_for_it(stage: Stage, machine: Callable[[], Machine]) -> None:
    office = machine()
    office.sign_in("admin1")
    with stage.server.database.reading() as session:
        usual = specifying.usual_specification(session, PACK, "L3", "theory")
    page = office.open("/admin/specifications")
    office.look("admin.specifications")
    page.get_by_role("link", name=usual.name).click()
    a_copy_is_made(office)
    a_shortage_appears_and_is_mended(office)
    another_window_saved_meanwhile(office)
    forms_without_a_common_item(stage, office)
    a_long_drawing_is_stopped(stage, office, usual)
    assert office.faults == []


def a_copy_is_made(office: Machine) -> None:
    page = office.page
    page.locator("button[data-asks=copy]").click()
    page.fill("#copy-name", "补考卷")
    office.press("复制", within="#copy")
    expect(page.locator("h1")).to_contain_text("补考卷")
    expect(verdict(page)).to_contain_text("题库可以组成")
    office.look("admin.specification")


def a_shortage_appears_and_is_mended(office: Machine) -> None:
    """Hard items are few: asking for sixty of them is told where it is short, in figures, while one types."""
    office.tolerate("422")
    page = office.page
    for name, count in (("difficulty_3", "0"), ("difficulty_2", "5"), ("difficulty_5", "65")):
        page.fill(f"[name={name}]", count)
    expect(page.locator("[data-held=difficulty-5] .is-alarm")).to_be_visible()
    expect(verdict(page)).to_contain_text("难度 5")
    office.look("admin.specification-short")
    for name, count in (("difficulty_3", "35"), ("difficulty_2", "30"), ("difficulty_5", "5")):
        page.fill(f"[name={name}]", count)
    expect(verdict(page)).to_contain_text("题库可以组成")
    expect(page.locator("[data-held=difficulty-5] .is-alarm")).to_have_count(0)
    page.fill("[name=minutes]", "89")
    office.press("保存")
    expect(page.locator(".field-wrong", has=page.locator("[name=minutes]"))).to_contain_text("RULE-DURATION")
    page.fill("[name=minutes]", "100")
    office.press("保存")
    expect(page.locator(".notice-good")).to_contain_text("第 2 版")
    page.get_by_role("link", name="第 2 版").click()
    expect(page.locator("main")).to_contain_text("100")
    office.look("admin.specification_versions")
    page.go_back()


def another_window_saved_meanwhile(office: Machine) -> None:
    """The later of two windows is told and keeps what was typed in it."""
    office.tolerate("409")
    page, other = office.page, office.new_page()
    other.goto(page.url)
    other.fill("[name=minutes]", "110")
    other.get_by_role("button", name="保存", exact=True).click()
    expect(other.locator(".notice-good")).to_contain_text("第 3 版")
    other.close()
    page.fill("[name=minutes]", "95")
    office.press("保存")
    expect(page.locator("[data-summary]")).to_contain_text("第 3 版")
    expect(page.locator("[name=minutes]")).to_have_value("95")


def forms_without_a_common_item(stage: Stage, office: Machine) -> None:
    page = office.page
    page.get_by_role("link", name="组卷", exact=True).last.click()
    expect(page.locator("[name=specification] option:checked")).to_contain_text("补考卷")
    page.fill("[name=forms]", "2")
    page.check("[name=is_disjoint]")
    office.look("admin.draw_papers-disjoint")
    page.locator("main form.form-column [type=submit]").click()
    page.wait_for_url(re.compile(r"/papers/\d+$"))
    expect(page.locator("main")).to_contain_text("补考卷")
    with stage.server.database.reading() as session:
        newest = papers.form_sets(session)[0]
        assert (newest.forms, newest.specification) == (2, "补考卷")
    office.look("admin.form_set-disjoint")


def a_long_drawing_is_stopped(stage: Stage, office: Machine, usual: specifying.SpecificationLine) -> None:
    """So many forms may share so many items, so that finding and storing them lasts until somebody stops it."""
    roomy = replace(usual.specification, overlap_max=ROOMY)
    with stage.server.database.writing() as session:
        specifying.save_specification(session, usual.id, usual.version, roomy, SERVER, stage.server.now())
    page = office.page
    office.open(f"/admin/papers/draw?specification={usual.id}")
    page.fill("[name=forms]", str(AMPLE))
    page.locator("main form.form-column [type=submit]").click()
    page.wait_for_url(re.compile(r"/drawings/\d+$"))
    office.look("admin.drawing")
    page.reload()
    office.press("停止")
    expect(page.locator("main")).to_contain_text("没有保留任何试卷")
    office.look("admin.drawing-stopped")
    office.open("/admin/papers")
    office.look("admin.papers-afterwards")
    with stage.server.database.reading() as session:
        assert max(line.forms for line in papers.form_sets(session)) == 2
