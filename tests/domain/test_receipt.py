"""The receipt's code."""

import re

from hypothesis import given
from hypothesis import strategies as st

from examsrv.domain.receipt import LETTERS, receipt_code


@given(st.text(max_size=70))
def test_a_code_is_twice_four_letters_that_nobody_misreads(head: str) -> None:
    assert re.fullmatch(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", receipt_code(head))
    assert not set("01OIL") & set(receipt_code(head))


def test_the_same_log_gives_the_same_code_for_ever() -> None:
    assert receipt_code("a" * 64) == receipt_code("a" * 64) == "CCNT-8ZNP"


def test_other_logs_give_other_codes() -> None:
    assert len({receipt_code(str(number)) for number in range(2000)}) == 2000
