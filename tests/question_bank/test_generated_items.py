"""The generator that the formats are tried with makes items of every kind, and as files they are the same items."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.checks.records import check_kinds, check_ranges, check_samples
from question_bank.formats.yaml_bank import read, write
from question_bank.kinds import KINDS
from tests.question_bank.builders import make_pack
from tests.question_bank.generated_items import OWN, PICTURES, banks


def test_there_is_a_generator_for_every_kind() -> None:
    assert list(OWN) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_items_of_a_kind_are_valid_and_the_same_after_yaml(kind: str, data: st.DataObject) -> None:
    items = data.draw(banks(kind))
    pack = make_pack(*items)
    reading = read(write(items, PICTURES).content, "bank.yaml")

    assert [*check_kinds(pack), *check_ranges(pack), *check_samples(pack)] == []
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert reading.faults == ()
