"""Every key that can be computed is computed again from the figures of its item's text, and typical wrong methods earn nothing."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from question_bank.item import Item
from question_bank.kinds import KINDS, PartialCredit
from question_bank.kinds.numeric import NUMERIC
from question_bank.kinds.table import TABLE
from question_bank.pack import load_pack
from tests.question_bank.builders import CODE
from tests.question_bank.computed_level_1 import COMPUTED_1
from tests.question_bank.computed_level_2 import COMPUTED_2
from tests.question_bank.computed_level_2_part_2 import COMPUTED_2_PART_2
from tests.question_bank.computed_level_3 import COMPUTED_3
from tests.question_bank.given import Formula, Worth, given_in, typed

ITEMS = {item.id: item for item in load_pack(CODE).items}
COMPUTED = {**COMPUTED_3, **COMPUTED_2, **COMPUTED_2_PART_2, **COMPUTED_1}
WRONG = [(item, formula) for item, computed in COMPUTED.items() for formula in computed.wrong]
MORE_DECIMALS = 3
"""A careful candidate may write so many decimals more than are asked for."""
WHOLE = "whole"
"""The one part of an item that is answered as one."""


def made(item: Item, formula: Formula) -> dict[str, Worth]:
    """Return what a formula makes of the item's text, by part."""
    result = formula(given_in(item))
    return dict(result) if isinstance(result, Mapping) else {WHOLE: result}


def right_values(item: Item) -> dict[str, str]:
    """Return what the key says, by part: a number as it is written there, an accepted text, the words of a choice."""
    if item.kind == NUMERIC.name:
        return {WHOLE: item.key["value"]}
    return {part: key if isinstance(key, str) else key.get("value") or key["accepted"][0] for part, key in parts_of(item).items()}


def parts_of(item: Item) -> Mapping:
    """Return the keys of the parts of a table or of a stem with gaps."""
    return item.key["cells"] if item.kind == TABLE.name else item.key["gaps"]


def decimals(item: Item, part: str) -> int:
    """Return how many decimals are asked for: as many as the key has."""
    return len(right_values(item)[part].partition(".")[2])


def is_whole(worth: Worth) -> bool:
    """Tell whether a value has no decimals."""
    return isinstance(worth, Fraction) and worth.denominator == 1


def earned(item: Item, values: Mapping[str, Worth], more: int = 0) -> Fraction | None:
    """Return what an answer of these values earns where each part counts; a whole number is typed as one unless `more` decimals are."""
    texts = {part: typed(worth, 0 if is_whole(worth) and not more else decimals(item, part) + more) for part, worth in values.items()}
    kind = KINDS[item.kind]
    return kind.fraction(kind.marking_key(item, {}), texts.get(WHOLE, texts), PartialCredit.EACH_RIGHT)


def test_every_number_and_every_table_of_the_bank_is_computed() -> None:
    assert {item.id for item in ITEMS.values() if item.kind in (NUMERIC.name, TABLE.name)} - set(COMPUTED) == set()


@pytest.mark.parametrize("item_id", COMPUTED)
def test_the_key_is_what_the_figures_make(item_id: str) -> None:
    item = ITEMS[item_id]
    values = made(item, COMPUTED[item_id].right)

    assert {part: typed(worth, decimals(item, part)) for part, worth in values.items()} == right_values(item)
    assert earned(item, values) == 1


@pytest.mark.parametrize("item_id", [item_id for item_id in COMPUTED if ITEMS[item_id].kind in (NUMERIC.name, TABLE.name)])
def test_more_decimals_than_asked_for_are_no_fault(item_id: str) -> None:
    item = ITEMS[item_id]

    assert earned(item, made(item, COMPUTED[item_id].right), MORE_DECIMALS) == 1


@pytest.mark.parametrize(("item_id", "formula"), WRONG)
@pytest.mark.parametrize("more", [0, 1])
def test_a_wrong_method_earns_nothing(item_id: str, formula: Formula, more: int) -> None:
    item = ITEMS[item_id]

    assert earned(item, made(item, formula), more) == 0


@pytest.mark.parametrize("item_id", [item_id for item_id in ITEMS if ITEMS[item_id].kind == NUMERIC.name])
def test_a_number_asks_for_as_many_decimals_as_its_key_has(item_id: str) -> None:
    assert ITEMS[item_id].body["decimals"] == decimals(ITEMS[item_id], WHOLE)
