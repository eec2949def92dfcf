"""What each kind accepts as item and as response, and what a response earns."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds import KINDS, NotAResponseError, PartialCredit
from tests.question_bank.builders import make_item

SINGLE, MULTIPLE, TRUE_FALSE = KINDS["single_choice"], KINDS["multiple_choice"], KINDS["true_false"]
ALL, EACH = PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT


@pytest.mark.parametrize(
    ("kind", "key", "response", "policy", "fraction"),
    [
        (SINGLE, "o7", "o7", ALL, 1),
        (SINGLE, "o7", "o8", ALL, 0),
        (SINGLE, "o7", None, EACH, 0),
        (SINGLE, "o7", ("o7",), ALL, 0),
        (MULTIPLE, ("A", "C"), ("C", "A"), ALL, 1),
        (MULTIPLE, ("A", "C"), ("A",), ALL, 0),
        (MULTIPLE, ("A", "C"), ("A", "B", "C"), ALL, 0),
        (MULTIPLE, ("A", "C"), None, ALL, 0),
        (MULTIPLE, ("A", "C"), (), ALL, 0),
        (MULTIPLE, ("A", "C"), "A", ALL, 0),
        (MULTIPLE, ("A", "C"), ("C", "A"), EACH, 1),
        (MULTIPLE, ("A", "C", "D"), ("A",), EACH, Fraction(1, 3)),
        (MULTIPLE, ("A", "C", "D"), ("D", "A"), EACH, Fraction(2, 3)),
        (MULTIPLE, ("A", "C", "D"), ("A", "B"), EACH, 0),
        (MULTIPLE, ("A", "C"), ("A", "B", "C"), EACH, 0),
        (MULTIPLE, ("A", "C"), (), EACH, 0),
        (TRUE_FALSE, True, True, ALL, 1),
        (TRUE_FALSE, False, False, ALL, 1),
        (TRUE_FALSE, False, True, EACH, 0),
        (TRUE_FALSE, False, None, ALL, 0),
        (TRUE_FALSE, True, "true", ALL, 0),
    ],
)
def test_what_a_response_earns(kind, key, response, policy, fraction) -> None:
    assert kind.fraction(key, response, policy) == fraction


def test_all_or_nothing_is_the_rule_where_nothing_else_is_said() -> None:
    assert MULTIPLE.fraction(("A", "C"), ("A",)) == 0


@given(st.sets(st.text(min_size=1), min_size=2), st.sets(st.text(min_size=1)), st.sampled_from(PartialCredit))
def test_a_multiple_choice_earns_all_for_exactly_the_key_and_less_for_anything_else(key, chosen, policy) -> None:
    fraction = MULTIPLE.fraction(tuple(key), tuple(chosen), policy)

    assert 0 <= fraction <= 1
    assert (fraction == 1) == (key == chosen)


READ = [(SINGLE, "x1", "x1"), (MULTIPLE, ["b", "a"], ("a", "b")), (MULTIPLE, [], ()), (TRUE_FALSE, False, False)]


@pytest.mark.parametrize(("kind", "raw", "response"), READ)
def test_a_response_is_read_from_json(kind, raw, response) -> None:
    assert kind.response_from(raw) == response


@pytest.mark.parametrize("raw", [None, "", 1, True, ["A"], {"a": 1}])
def test_a_single_choice_refuses_what_names_no_option(raw) -> None:
    with pytest.raises(NotAResponseError):
        SINGLE.response_from(raw)


@pytest.mark.parametrize("raw", [None, "A", 1, ["A", "A"], ["A", ""], [1], [["A"]], {"A": True}])
def test_a_multiple_choice_refuses_what_is_no_choice_of_options(raw) -> None:
    with pytest.raises(NotAResponseError):
        MULTIPLE.response_from(raw)


@pytest.mark.parametrize("raw", [None, 0, 1, "true", [True]])
def test_true_or_false_refuses_what_is_neither(raw) -> None:
    with pytest.raises(NotAResponseError):
        TRUE_FALSE.response_from(raw)


@pytest.mark.parametrize(
    ("kind", "key", "options", "words"),
    [
        ("single_choice", ("A", "B"), None, "exactly one key"),
        ("single_choice", True, None, "exactly one key"),
        ("single_choice", "E", None, "not among the options"),
        ("single_choice", "", None, "not among the options"),
        ("single_choice", "A", ["一", "二", "三"], "3 are given"),
        ("single_choice", "A", ["一", "二", "三", "四", "五"], "5 are given"),
        ("single_choice", "A", ["一", "二", "三", "三 "], "differ from each other"),
        ("single_choice", "A", ["一", "二", "三", " "], "none may be empty"),
        ("multiple_choice", "A", None, "list of keys"),
        ("multiple_choice", ("A",), None, "1 are given"),
        ("multiple_choice", ("A", "B", "C", "D", "E"), ["一", "二", "三", "四", "五"], "5 are given"),
        ("multiple_choice", ("A", "F"), None, "F is not among the options"),
        ("multiple_choice", ("A", "A"), None, "named twice"),
        ("true_false", "A", None, "true or false"),
        ("true_false", True, ["对", "错"], "no options"),
    ],
)
def test_an_item_that_its_kind_cannot_mark_is_refused(kind, key, options, words) -> None:
    item = make_item(kind=kind, key=key, **({"options": options} if options else {}))

    assert any(words in str(fault) for fault in KINDS[kind].validate(item))


@pytest.mark.parametrize(("kind", "key"), [("single_choice", "D"), ("multiple_choice", ("A", "B", "C", "D")), ("true_false", False)])
def test_a_whole_item_has_no_fault(kind, key) -> None:
    assert KINDS[kind].validate(make_item(kind=kind, key=key)) == []


def test_letters_must_run_without_a_gap() -> None:
    item = make_item()
    gapped = make_item().__class__(**{**{name: getattr(item, name) for name in item.__slots__}, "options": item.options[::-1]})

    assert any("run from A" in str(fault) for fault in SINGLE.validate(gapped))


def test_the_order_of_a_multiple_choice_says_nothing() -> None:
    assert MULTIPLE.is_same(("A", "B"), ("B", "A"))
    assert not MULTIPLE.is_same(("A", "B"), ("A", "C"))
