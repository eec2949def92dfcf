"""Reserve forms beside earlier ones, disjoint sets, and stopping."""

from dataclasses import replace

import pytest

from examsrv.assembly.engine import assemble
from examsrv.assembly.shortages import ShortageError
from examsrv.assembly.watching import StoppedError
from tests.assembly.made_up_bank import ITEMS_OF_A_SMALL_BANK, SECTIONS, SPECIFICATION, make_bank

BANK = make_bank({section: count * 3 // 2 for section, count in ITEMS_OF_A_SMALL_BANK.items()})
EARLIER = [form.items for form in assemble(BANK, SPECIFICATION, SECTIONS, 2, 1).forms]


def test_a_reserve_form_shares_with_earlier_ones_no_more_than_is_allowed() -> None:
    tight = replace(SPECIFICATION, overlap_max=12)
    (reserve,) = assemble(BANK, tight, SECTIONS, 1, 5, beside=EARLIER).forms
    assert max(len(set(reserve.items) & set(earlier)) for earlier in EARLIER) <= 12
    (careless,) = assemble(BANK, tight, SECTIONS, 1, 5).forms
    assert max(len(set(careless.items) & set(earlier)) for earlier in EARLIER) > 12


def test_disjoint_forms_use_nothing_twice_and_nothing_of_earlier_forms() -> None:
    made = assemble(BANK, SPECIFICATION, SECTIONS, 2, 1, disjoint=True)
    assert not set(made.forms[0].items) & set(made.forms[1].items)
    (reserve,) = assemble(BANK, SPECIFICATION, SECTIONS, 1, 5, disjoint=True, beside=[made.forms[0].items]).forms
    assert not set(reserve.items) & set(made.forms[0].items)
    with pytest.raises(ShortageError):
        assemble(BANK, SPECIFICATION, SECTIONS, 2, 5, disjoint=True, beside=[form.items for form in made.forms])


def test_whoever_watches_is_told_when_all_forms_are_finished_and_can_stop_before() -> None:
    told: list[int] = []
    assemble(BANK, SPECIFICATION, SECTIONS, 2, 1, watch=lambda finished: told.append(finished) is None)
    assert (told == sorted(told), told[-1]) == (True, 2)
    with pytest.raises(StoppedError):
        assemble(BANK, SPECIFICATION, SECTIONS, 2, 1, watch=lambda _finished: False)
