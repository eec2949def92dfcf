"""The bank in the database: imported once, searched, mapped."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.services import browsing_bank, covering_points
from examsrv.services.banking import ImportReport, bank_digest, current_items, import_pack, items_with_keys
from examsrv.services.browsing_bank import PER_PAGE, Filter
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow, ItemVersionRow
from tests.builders import make_items
from tests.question_bank.builders import make_item, make_pack
from tests.services.shipped_bank import OFFICE, add_bank, shipped
from tests.services.sittings_to_mark import BEGIN, PACK


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with database.writing() as opened:
        yield opened
    database.close()


def bring_in(session: Session, *items) -> ImportReport:
    return import_pack(session, make_pack(*items), OFFICE, BEGIN)


def found(session: Session, **wanted) -> list[str]:
    return [line.id for line in browsing_bank.find_items(session, PACK, Filter(**wanted), 1).lines]


def test_importing_again_changes_nothing(session: Session) -> None:
    first = add_bank(session)
    before = bank_digest(session, PACK)
    assert (first, add_bank(session)) == (ImportReport(len(shipped().items), 0, 0), ImportReport(0, 0, len(shipped().items)))
    assert bank_digest(session, PACK) == before
    assert len(session.scalars(select(AuditRow).where(AuditRow.act == "pack.imported")).all()) == 1


def test_a_changed_item_is_a_new_version_and_the_old_one_stays(session: Session) -> None:
    item = make_item("S-1")
    bring_in(session, item)
    assert bring_in(session, replace(item, stem="S-1 还应当（　　）。")) == ImportReport(0, 1, 0)
    rows = session.scalars(select(ItemVersionRow).order_by(ItemVersionRow.number)).all()
    assert [(row.stem, row.is_current) for row in rows] == [("S-1 应当（　　）。", False), ("S-1 还应当（　　）。", True)]


def test_going_back_to_an_earlier_content_makes_that_version_count_again(session: Session) -> None:
    item = make_item("S-1")
    for each in (item, replace(item, stem="另一题干"), item):
        bring_in(session, each)
    assert [each.stem for each in current_items(session, PACK)] == [item.stem]


def test_an_item_comes_back_as_it_went_in_and_keys_only_on_request(session: Session) -> None:
    items = make_items()
    bring_in(session, *items)
    by_id = sorted(items, key=lambda item: item.id)
    assert items_with_keys(session, [item.digest for item in by_id]) == by_id
    assert {item.key for item in current_items(session, PACK)} == {""}


@pytest.mark.parametrize("text", ["账龄", "电话催收", "s-1", "100%_"])
def test_text_is_sought_in_stem_options_and_number_and_signs_are_meant_literally(session: Session, text: str) -> None:
    bring_in(session, make_item("S-1", stem="账龄 100%_ 指什么（　　）。"), make_item("S-2", stem="别的 100 题", options=["甲", "乙", "丙", "丁"]))
    assert found(session, text=text) == ["S-1"]


@pytest.mark.parametrize(
    "wanted",
    [{"kind": "single_choice"}, {"section": "collection"}, {"difficulty": 4}, {"importance": "Y"}, {"point": "L3.K3.2.3"}, {"level": "L3"}],
)
def test_each_condition_narrows_the_list(session: Session, wanted: dict[str, object]) -> None:
    good = make_item("S-1", difficulty=4, importance="Y")
    other = make_item("T-1", kind="true_false", key=True, section="ethics", point="B2.1.1", level="L2")
    bring_in(session, good, other)
    assert found(session, **wanted) == ["S-1"]


def test_a_page_outside_the_list_is_the_nearest(session: Session) -> None:
    add_bank(session)
    total = len(shipped().items)
    last = ceil(total / PER_PAGE)
    pages = [browsing_bank.find_items(session, PACK, Filter(), page) for page in (-3, 1, last, last + 1)]
    assert [(page.page, page.pages, len(page.lines), page.total) for page in pages] == [
        (1, last, PER_PAGE, total),
        (1, last, PER_PAGE, total),
        (last, last, total - (last - 1) * PER_PAGE, total),
        (last, last, total - (last - 1) * PER_PAGE, total),
    ]


def test_the_map_counts_every_item_and_names_the_points_without(session: Session) -> None:
    add_bank(session)
    items = sum(item.level == "L3" for item in shipped().items)
    full = covering_points.coverage(session, PACK, "L3", "theory")
    assert (sum(section.items for section in full.sections), full.points, full.holes) == (items, 79, ())
    for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.point == "B2.1.2.1")):
        row.is_current = False
    session.flush()
    assert [row.point.id for row in covering_points.coverage(session, PACK, "L3", "theory").holes] == ["B2.1.2.1"]
