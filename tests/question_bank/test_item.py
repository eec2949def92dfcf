"""The digest of an item changes with its content and with nothing else."""

from dataclasses import fields, replace
from fractions import Fraction

import pytest

from question_bank.item import Case, Item, Option, Sample, canonical_content
from tests.question_bank.builders import make_item

OTHER = {"difficulty": 4, "options": (Option("A", "别的"),), "key": "C", "samples": (Sample("A", Fraction(1, 2)),), "enemies": ("S-2",)} | {
    "body": {"unit": "天"},
    "case": Case("C-1", "案例", "材料"),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Item)])
def test_every_field_enters_the_digest(name: str) -> None:
    item = make_item()

    assert replace(item, **{name: OTHER.get(name, "别的")}).digest != item.digest


def test_equal_items_have_equal_digests() -> None:
    assert make_item().digest == make_item().digest


def test_the_digest_is_that_of_json_without_blanks_and_with_sorted_keys() -> None:
    assert canonical_content(make_item()).startswith('{"difficulty":3,"enemies":[],"id":"S-1","importance":"X","key":"B","kind":"single_choice"')


def test_the_digest_of_a_known_item_stays_what_it_was() -> None:
    assert make_item().digest == "7133c5315ceeca299fb0727147d357175f8567d87bf348b2d5f29040fbd990ce"
