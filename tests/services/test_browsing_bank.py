"""Searching the bank's list: every condition, who sees what, the order, and that it is quick among 20,000 items."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from examsrv.domain.item_life import ItemState
from examsrv.domain.roles import Role
from examsrv.services import browsing_bank, reviewing_items, tagging, writing_items
from examsrv.services.browsing_bank import Filter, Shown, Used
from examsrv.services.listing_items import sought
from examsrv.services.scoping import WHOLE_BANK, Place, Scope
from examsrv.storage.database import Database
from examsrv.storage.tables import ItemRow, ItemTagRow
from tests.question_bank.builders import make_item
from tests.services.bank_workers import add_items, case_items, later, worker
from tests.services.sittings_to_mark import BEGIN, PACK, add_standard

ITEMS = 20_000
QUICK = 0.2
TRIES = 5


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def found(session: Session, scope: Scope = WHOLE_BANK, **wanted) -> list[str]:
    return [line.id for line in browsing_bank.find_items(session, PACK, Filter(**{"sort": "id", **wanted}), 1, scope).lines]


def test_all_words_have_to_be_there_in_any_order_and_anywhere(session: Session) -> None:
    add_items(session, make_item("S-1", stem="账龄 与 dso 的关系是（　　）。"), make_item("S-2", stem="账龄的含义是（　　）。"), *case_items(1, 2))
    assert found(session, text="DSO 账龄") == ["S-1"]
    assert found(session, text="账龄") == ["S-1", "S-2"]
    assert found(session, text="甲公司 ｋ-1-1") == ["K-1-1"]
    assert found(session, text="账龄 无此词") == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"; DROP TABLE item; --'])
def test_signs_are_meant_literally(session: Session, text: str) -> None:
    add_items(session, make_item("S-1"), make_item("S-2", stem=f"含有 {text} 的题干（　　）。"))
    assert found(session, text=text) == ["S-2"]


def test_no_word_of_a_key_is_ever_found(session: Session) -> None:
    author = worker(session, "author", Role.AUTHOR)
    add_items(session, make_item("S-1", rationale="机密依据"))
    writing_items.revise(session, PACK, "S-1", author, BEGIN)
    assert found(session, text="机密依据") == []


def test_retired_items_are_shown_only_when_they_are_asked_for(session: Session) -> None:
    reviewer = worker(session, "reviewer", Role.REVIEWER)
    add_items(session, make_item("S-1"), make_item("S-2", stem="另一题（　　）。"))
    reviewing_items.retire(session, PACK, "S-2", "过时", reviewer, BEGIN)
    assert (found(session), found(session, state=ItemState.RETIRED), found(session, state=Shown.ALL)) == (["S-1"], ["S-2"], ["S-1", "S-2"])


def test_case_tag_author_and_importance_narrow_the_list(session: Session) -> None:
    author = worker(session, "author", Role.AUTHOR)
    add_items(session, make_item("S-1", importance="Z"), *case_items(1, 2))
    tagging.put_on(session, PACK, ["K-1-2"], "新题", author, BEGIN)
    item = writing_items.new_item(session, PACK, "L3", "collection", "essay", author, BEGIN)
    assert (found(session, case="K-1"), found(session, tag="新题")) == (["K-1-1", "K-1-2"], ["K-1-2"])
    assert (found(session, author=author.id), found(session, importance="Z")) == ([item], ["S-1"])


def test_the_last_use_is_never_before_or_since_a_day(session: Session) -> None:
    add_items(session, *(make_item(f"S-{number}", stem=f"第 {number} 题（　　）。") for number in range(1, 4)))
    day = BEGIN.wall
    for item, used in (("S-1", day - timedelta(seconds=1)), ("S-2", day)):
        session.get_one(ItemRow, (PACK, item)).last_used = used
    session.flush()
    asked = [(Used.NEVER, None), (Used.BEFORE, day), (Used.SINCE, day), (Used.BEFORE, None), ("other", day)]
    everything = ["S-1", "S-2", "S-3"]
    assert [found(session, used=used, day=each) for used, each in asked] == [["S-3"], ["S-1"], ["S-2"], everything, everything]
    assert (found(session, sort="used"), found(session, sort="-used")) == (["S-1", "S-2", "S-3"], ["S-2", "S-1", "S-3"])


def test_an_order_that_there_is_not_is_the_newest_change_first(session: Session) -> None:
    author = worker(session, "author", Role.AUTHOR)
    add_items(session, make_item("S-1", difficulty=5), make_item("S-2", difficulty=1, stem="另一题（　　）。"))
    writing_items.revise(session, PACK, "S-2", author, later(1))
    assert [found(session, sort=sort) for sort in ("changed; DROP TABLE item", "words", "-difficulty", "difficulty", "-id")] == [
        ["S-2", "S-1"],
        ["S-2", "S-1"],
        ["S-1", "S-2"],
        ["S-2", "S-1"],
        ["S-2", "S-1"],
    ]


def test_somebody_with_sections_finds_nothing_of_others(session: Session) -> None:
    add_items(session, make_item("S-1"), make_item("S-2", section="ethics", point="B2.1.1", stem="另一题（　　）。"))
    own = Scope(frozenset({Place(PACK, "L3", "ethics"), Place("other", "L3", "collection")}))
    assert (found(session, own), found(session, own, section="collection"), found(session, Scope(frozenset()))) == (["S-2"], [], [])
    assert [key for key, _name in browsing_bank.choices(session, PACK, own).sections] == ["ethics"]
    assert browsing_bank.found_ids(session, PACK, Filter(), own) == ["S-2"]


def test_a_search_among_20000_items_takes_less_than_200_milliseconds(database: Database) -> None:
    """The median of some searches of each kind, the count of all that fit included."""
    with database.writing() as session:
        add_standard(session)
        session.execute(insert(ItemRow), list(islice(_lines(), ITEMS)))
        session.execute(insert(ItemTagRow), [{"pack": PACK, "item_id": f"L3-COL-S-{number:05}", "tag": "旧题"} for number in range(0, ITEMS, 10)])
    if database.dialect == "postgresql":
        with database.writing() as session:
            session.execute(text("ANALYZE"))
    for wanted in SEARCHES:
        assert statistics.median(_seconds(database, wanted) for _try in range(TRIES)) < QUICK, wanted


SEARCHES = [
    Filter(),
    Filter(text="账龄 第123"),
    Filter(text="没有这个词"),
    Filter(text="公司", section="ethics", kind="numeric", difficulty=3, sort="difficulty"),
    Filter(tag="旧题", used=Used.NEVER, sort="-used"),
    Filter(state=Shown.ALL, sort="id"),
]


def _lines() -> Iterator[dict[str, object]]:
    kinds, sections = (
        cycle(["single_choice", "multiple_choice", "numeric"]),
        cycle(["collection", "ethics", "basic_knowledge", "whole_process_control"]),
    )
    for number, kind, section in zip(range(ITEMS), kinds, sections, strict=False):
        stem = f"第{number}题：甲公司应收账款的账龄为 {number % 90} 天，依照信用管理制度，下列做法中应当首先采取的是（　　）。"
        yield {
            "pack": PACK,
            "item_id": f"L3-COL-S-{number:05}",
            "state": "approved",
            "digest": None,
            "version": 1,
            "kind": kind,
            "level": "L3",
            "section": section,
            "point": "L3.K3.2.3",
            "difficulty": number % 5 + 1,
            "importance": "X",
            "case_id": None,
            "stem": stem,
            "words": sought(stem) + "电话催收\n发函催收\n上门催收\n委托外部机构催收\n" * 2,
            "author_id": None,
            "changed": BEGIN.wall + timedelta(minutes=number % 5000),
            "last_used": None,
            "candidates": 0,
        }


def _seconds(database: Database, wanted: Filter) -> float:
    begin = time.perf_counter()
    with database.reading() as session:
        browsing_bank.find_items(session, PACK, wanted, 3)
    return time.perf_counter() - begin
