"""Examiners, each before a machine of their own: they straddle the pass mark and reserves are called; one claims a veto and the leader decides."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from tests.browser.stage import Machine, Stage
from tests.builders import PASSWORD
from tests.panels import Assessment, add_assessment, marks_of

SCRIPT = "0107"


@dataclass
class Group:
    """A group with one script to score, and a machine for each of its people."""

    stage: Stage
    made: Assessment
    machine: Callable[[], Machine]

    def sign_in(self, place: int) -> Machine:
        """Let whoever was planned as number `place` sign in; reserves come after the members."""
        examiner = self.machine()
        examiner.sign_in(f"examinera{place}", PASSWORD)
        return examiner

    def scores(self, place: int, total: int, *vetoes: str) -> Machine:
        """Let somebody sign in, score the script and hand the sheet in."""
        examiner = self.sign_in(place)
        page = open_next(examiner)
        give(page, marks_of(self.made.task_set, total))
        for veto in vetoes:
            claim(page, veto)
        hand_in(page)
        return examiner

    def leads(self, leader: Machine) -> Page:
        """Open the list of the group's scripts."""
        return leader.open(f"/examiner/groups/{self.made.group}")


@pytest.fixture
def group_of(empty_stage: Stage, machine: Callable[[], Machine]) -> Callable[..., Group]:
    def made(**changes: object) -> Group:
        with empty_stage.server.database.writing() as session:
            assessment = add_assessment(session, candidates=1, **changes)
        return Group(empty_stage, assessment, machine)

    return made


def test_examiners_straddle_the_pass_mark_and_two_reserves_are_called(group_of: Callable[..., Group]) -> None:
    group = group_of()
    leader, second, third = group.scores(1, 57), group.sign_in(2), group.sign_in(3)
    expect(group.leads(leader).locator("main")).to_contain_text("1/3")
    for examiner, total in ((second, 63), (third, 60)):
        page = open_next(examiner)
        assert told_of(page, 57, 63) == set()
        give(page, marks_of(group.made.task_set, total))
        hand_in(page)
    page = group.leads(leader)
    expect(page.locator("main")).to_contain_text("57 · 63 · 60")
    leader.look("lead-disputed")
    page.click(f"main >> text={SCRIPT}")
    expect(page.locator("main")).to_contain_text("平均分（57+63+60）÷3＝60 分")
    leader.look("lead-side-by-side")
    page.click("[data-asks='call-reserves']")
    leader.press("启用", within="#call-reserves")
    expect(page.locator("main")).to_contain_text("评分表已交 3 / 5 份")

    for place, total in ((4, 58), (5, 59)):
        reserve = group.sign_in(place)
        page = open_next(reserve)
        assert told_of(page, 57, 63, 60) == set()
        give(page, marks_of(group.made.task_set, total))
        hand_in(page)
    page = group.leads(leader)
    expect(page.locator("main tbody td").last).to_have_text("59.0")
    page.click(f"main >> text={SCRIPT}")
    expect(page.locator("main")).to_contain_text("各席评分（57，58，59，60，63）的中位数＝59 分，不合格")
    leader.look("lead-median")


def test_a_veto_that_one_claims_is_disputed_and_the_leader_decides_with_reasons(group_of: Callable[..., Group]) -> None:
    group = group_of(rule=CombiningRule(adjudication=Adjudication.LEADER))
    leader = group.scores(1, 80)
    group.scores(2, 82, "T3.V")
    group.scores(3, 81)
    page = group.leads(leader)
    page.click(f"main >> text={SCRIPT}")
    expect(page.locator("main")).to_contain_text("3 名中仅 1 名认定")
    leader.look("lead-veto")
    for criterion, mark in marks_of(group.made.task_set, 80).items():
        page.fill(f"[name='mark-{criterion}']", str(mark))
    leader.press("仲裁并签署")
    assert page.locator("[name=reasons]").evaluate("each => each.validity.valueMissing")
    page.fill("[name=reasons]", "语气生硬，但没有威胁债务人。")
    leader.press("仲裁并签署")
    expect(page.locator("main")).to_contain_text("组长评分 50+20+10＝80 分")
    expect(page.locator("main")).to_contain_text("语气生硬，但没有威胁债务人。")
    leader.look("lead-decided")
    expect(group.leads(leader).locator("main tbody td").last).to_have_text("80.0")


# ---- how


def open_next(examiner: Machine) -> Page:
    """Open the script that is to be scored next, from the list."""
    examiner.open("/examiner/")
    examiner.page.click("text=评下一份")
    examiner.page.wait_for_url(re.compile(r"/examiner/\d+/\d+$"))  # and until the page's own program listens to the keys
    return examiner.page


def give(page: Page, marks: dict[str, Decimal]) -> None:
    """Give marks by the keys, criterion by criterion."""
    page.locator(f"[data-criterion='{next(iter(marks))}'] h3").click()
    for criterion, mark in marks.items():
        page.keyboard.type(str(mark))
        expect(page.locator(f"[data-criterion='{criterion}'] [data-given]")).to_have_text(str(mark))
        page.keyboard.press("ArrowDown")


def claim(page: Page, veto: str) -> None:
    page.click(f"[data-go='{veto.partition('.')[0]}']")
    page.click(f"[data-veto='{veto}'] [data-veto-press]")
    page.check("#veto-ask [data-ask-sure]")
    page.click("#veto-ask [data-ask-do]")


def hand_in(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    page.click("#hand-in-ask [data-ask-do]")
    expect(page.locator("[data-save]")).to_contain_text("已提交")


def told_of(page: Page, *totals: int) -> set[int]:
    """Return those of the totals that the page says, in words or in what it holds for its script."""
    told = re.findall(r"\d+", page.locator("main").inner_text() + (page.locator("[data-sheet]").get_attribute("data-sheet") or ""))
    return {total for total in totals if str(total) in told}
