"""The kinds whose answers are typed, matched, put in order or handed over as files: what they accept, what a response earns, what is refused."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds import KINDS, NotAResponseError, PartialCredit
from question_bank.record import item_from
from tests.question_bank.every_kind import BODIES, KEYS, MACHINE_MARKED, PARTLY, RIGHT, item_of_kind

ALL, EACH, NEIGHBOURS = PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT, PartialCredit.NEIGHBOURS
TYPED = ("blank", "numeric", "matching", "ordering", "table", "short_text", "essay", "upload")
FILE = {"name": "账龄表.xlsx", "digest": "a" * 64, "size": 10}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


def earns(kind: str, response: Any, policy: PartialCredit = ALL) -> Fraction | None:
    """Return what a response by the letters of the bank earns of the item of `kind`."""
    item = item_of_kind(kind)
    key = KINDS[kind].marking_key(item, {option.letter: option.letter for option in item.options})
    return KINDS[kind].fraction(key, response, policy)


def faults(kind: str, key: Any = None, body: Any = None, **changes: Any) -> str:
    """Return all faults of an item with another key or body, in words."""
    item = item_of_kind(kind)
    record = {"id": "L3-1", "kind": kind, "level": "L3", "section": "collection", "point": "P", "difficulty": 3, "importance": "X"}
    record |= {"stem": item.stem, "rationale": "", "samples": [], "enemies": [], "key": KEYS[kind] if key is None else key}
    if item.options:
        record["options"] = {option.letter: option.text for option in item.options}
    if kind in BODIES:
        record["body"] = BODIES[kind] if body is None else body
    made, findings = item_from({**record, **changes}, {})
    return " / ".join([*(str(words) for _place, words in findings), *(str(fault) for fault in (KINDS[kind].validate(made) if made else ()))])


# ---------------------------------------------------------------- what every one of them does


@pytest.mark.parametrize("kind", TYPED)
def test_a_whole_item_has_no_fault(kind: str) -> None:
    assert faults(kind) == ""


@pytest.mark.parametrize("kind", MACHINE_MARKED)
@pytest.mark.parametrize("policy", PartialCredit)
def test_a_right_response_earns_everything_whatever_the_policy(kind: str, policy: PartialCredit) -> None:
    assert earns(kind, RIGHT[kind], policy) == 1


@pytest.mark.parametrize("kind", PARTLY)
def test_a_part_earns_its_share_only_where_each_counts(kind: str) -> None:
    response, share = PARTLY[kind]
    assert (earns(kind, response, EACH), earns(kind, response, ALL)) == (share, 0)


@pytest.mark.parametrize("kind", TYPED)
def test_no_answer_earns_nothing(kind: str) -> None:
    assert earns(kind, None) == 0


@pytest.mark.parametrize("kind", TYPED)
@given(raw=JSON)
def test_a_hostile_value_is_refused_or_read_and_then_marked(kind: str, raw: object) -> None:
    try:
        response = KINDS[kind].response_from(raw)
    except NotAResponseError:
        return
    assert KINDS[kind].is_same(response, response)
    assert earns(kind, response, EACH) in (None, *(Fraction(n, d) for d in range(1, 7) for n in range(d + 1)))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((kind, raw) for kind in ("blank", "matching", "table") for raw in (None, "", [], True, 1, ["1"], {"1": 1}, {"1": None}, {"1": ["a"]})),
        *(("numeric", raw) for raw in (None, "", 1, 1.5, True, ["1"], {"1": "1"})),
        *(("ordering", raw) for raw in (None, "A", 1, {"A": 1}, ["A", "A"], ["A", ""], [1], [["A"]])),
        *((kind, raw) for kind in ("short_text", "essay") for raw in (None, 1, True, ["a"], {"1": "a"})),
        *(
            ("upload", raw)
            for raw in (None, "a", {}, ["a"], [FILE] * 6, [{**FILE, "size": 0}], [{**FILE, "digest": "A" * 64}], [{**FILE, "more": 1}])
        ),
        ("short_text", "字" * 2001),
        ("essay", "字" * 20_001),
        ("upload", [{**FILE, "name": "字" * 121}]),
        ("upload", [{**FILE, "name": ""}]),
    ],
)
def test_what_is_no_response_is_refused(kind: str, raw: object) -> None:
    with pytest.raises(NotAResponseError):
        KINDS[kind].response_from(raw)


@pytest.mark.parametrize(
    ("kind", "raw", "response"),
    [
        ("blank", {"2": "b", "1": "", "3": "a"}, {"2": "b", "3": "a"}),
        ("matching", {}, {}),
        ("numeric", " 1,5 ", " 1,5 "),
        ("ordering", ["C", "A"], ("C", "A")),
        ("short_text", "e\u0301", "é"),
        ("essay", "字" * 20_000, "字" * 20_000),
        ("upload", [FILE], (FILE,)),
        ("upload", [], ()),
    ],
)
def test_equal_responses_have_one_spelling(kind: str, raw: object, response: object) -> None:
    assert KINDS[kind].response_from(raw) == response


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("136", 1),
        ("136.05", 1),
        ("135.95", 1),
        ("136.0500", 1),
        ("136.051", 0),
        ("135.949", 0),
        ("+136", 1),
        ("-136", 0),
        ("−136", 0),
        ("１３６．００", 1),
        ("1 36", 1),
        ("136万元", 1),
        ("136 万元 ", 1),
        ("136元", 0),
        ("136.0.0", 0),
        ("1.36e2", 0),
        ("约136", 0),
        ("NaN", 0),
        ("Infinity", 0),
        ("万元", 0),
        ("9" * 41, 0),
        ("--136", 0),
    ],
)
def test_a_number_is_right_up_to_the_edge_of_its_tolerance(text: str, fraction: int) -> None:
    assert earns("numeric", text) == fraction


@pytest.mark.parametrize(("text", "fraction"), [("-202", 1), ("-198", 1), ("-202.01", 0), ("-197.99", 0), ("200", 0), ("−200", 1), ("-2,00", 1)])
def test_a_relative_tolerance_is_a_share_of_the_value(text: str, fraction: int) -> None:
    assert KINDS["numeric"].fraction({"value": "-200", "tolerance": "0.01", "relative": True, "unit": ""}, text) == fraction


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_written_out_is_itself(value: Decimal) -> None:
    assert KINDS["numeric"].fraction({"value": str(value)}, format(value, ",f")) == 1


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize("response", [{"1": "信用期", "2": "ＤＳＯ"}, {"1": " 信 用 期 ", "2": "D S O", "9": "x"}])
def test_width_capitals_and_blanks_do_not_matter_in_a_gap(response: Any) -> None:
    assert earns("blank", response) == 1


@pytest.mark.parametrize(
    ("fold", "text", "fraction"), [([], "DSO", 1), ([], "dso", 0), ([], "ＤＳＯ", 0), (["case"], "dso", 1), (["width"], "ＤＳＯ", 1)]
)
def test_a_gap_takes_only_the_differences_that_it_names(fold: list[str], text: str, fraction: int) -> None:
    assert KINDS["blank"].fraction({"gaps": {"1": {"accepted": ["DSO"], "fold": fold}}}, {"1": text}) == fraction


@pytest.mark.parametrize(("order", "share"), [("CADB", 1), ("ADBC", Fraction(2, 3)), ("CABD", Fraction(1, 3)), ("BDAC", 0), ("DBCA", Fraction(2, 3))])
def test_neighbours_in_the_right_order_count_their_share(order: str, share: Fraction) -> None:
    assert earns("ordering", tuple(order), NEIGHBOURS) == share


@pytest.mark.parametrize("response", [(), ("C",), ("C", "A", "D"), ("C", "A", "D", "B", "E"), ("X", "Y", "Z", "W")])
def test_an_order_that_is_not_whole_is_not_right(response: tuple[str, ...]) -> None:
    assert earns("ordering", response) == 0


@pytest.mark.parametrize(
    ("cells", "hits"),
    [
        ({"B1": "64.5"}, 1),
        ({"B1": "63.5"}, 1),
        ({"B1": "64.51"}, 0),
        ({"C1": "64 %"}, 1),
        ({"D1": "催收"}, 0),
        ({"C2": " 可 疑"}, 1),
        ({"B2": "36.50"}, 0),
    ],
)
def test_a_cell_is_right_by_its_own_way_of_filling(cells: Any, hits: int) -> None:
    assert earns("table", cells, EACH) == Fraction(hits, 5)


@pytest.mark.parametrize(("response", "share"), [("先核对，再发函。", 1), ("先 核 对", Fraction(1, 2)), ("催收", 0), ("", 0)])
def test_the_elements_of_a_short_answer_are_proposed(response: str, share: Fraction) -> None:
    assert earns("short_text", response, EACH) == share


@pytest.mark.parametrize(("kind", "response", "fraction"), [("essay", "字", None), ("essay", "  ", 0), ("upload", (FILE,), None), ("upload", (), 0)])
def test_only_examiners_say_what_an_essay_or_a_file_earns(kind: str, response: Any, fraction: int | None) -> None:
    assert earns(kind, response) == fraction


@pytest.mark.parametrize(
    ("kind", "parts"), [("blank", ("1", "2")), ("matching", ("1", "2", "3")), ("table", ("B1", "C1", "D1", "C2", "D2")), ("essay", ())]
)
def test_the_parts_of_an_item_are_named(kind: str, parts: tuple[str, ...]) -> None:
    assert KINDS[kind].parts(item_of_kind(kind)) == parts


# ---------------------------------------------------------------- items that cannot be marked


@pytest.mark.parametrize(
    ("kind", "key", "body", "words"),
    [
        ("blank", {"gaps": {"1": {"accepted": ["a"]}}}, None, "exactly the gaps"),
        ("blank", {"gaps": {"1": {"accepted": []}, "2": {"accepted": ["a"]}}}, None, "empty"),
        ("numeric", {"value": "viel"}, None, "not accepted"),
        ("numeric", {"value": 1, "tolerance": -1}, None, "too small"),
        ("numeric", {"value": 1}, {"decimals": 7}, "too large"),
        ("matching", {"pairs": {"1": "A", "2": "B"}}, None, "exactly the prompts"),
        ("matching", {"pairs": {"1": "A", "2": "A", "3": "B"}}, None, "two prompts"),
        ("matching", {"pairs": {"1": "A", "2": "B", "3": "Z"}}, None, "not among the options"),
        ("matching", None, {"prompts": ["x", "x", "y"]}, "stands twice"),
        ("ordering", ["A", "B", "C"], None, "all letters"),
        ("ordering", ["A", "B", "C", "C"], None, "all letters"),
        ("ordering", "A", None, "all letters"),
        ("table", {"cells": {"B1": "提醒"}}, None, "they differ in"),
        ("table", {"cells": {**KEYS["table"]["cells"], "D1": "装作没看见"}}, None, "one of the cell's choices"),
        ("table", {"cells": {**KEYS["table"]["cells"], "B1": {"accepted": ["64"]}}}, None, "does not fit the cell"),
        ("table", None, {**BODIES["table"], "columns": ["a", "b"]}, "the table 2 columns"),
        ("short_text", {"model": "核对", "elements": [{"any": ["核对"], "share": "1/2"}]}, None, "not to 1"),
        ("short_text", {"model": "发函", "elements": [{"any": ["核对"], "share": "1"}]}, None, "does not have all elements"),
        ("short_text", None, {"most": 3}, "longer than"),
        ("essay", None, {"least": 301, "most": 300}, "More characters"),
        ("upload", None, {"types": ["exe"]}, "not one of"),
        ("upload", None, {"types": ["pdf", "pdf"]}, "named twice"),
        ("upload", None, {"types": []}, "empty"),
    ],
)
def test_an_item_that_its_kind_cannot_mark_is_refused(kind: str, key: Any, body: Any, words: str) -> None:
    assert words in faults(kind, key, body)


@pytest.mark.parametrize("stem", ["没有空", "[[2]]在前[[1]]", "[[1]][[1]][[2]]", "[[1]][[3]]"])
def test_gaps_run_from_one_in_their_order(stem: str) -> None:
    assert "gaps" in faults("blank", stem=stem)


@pytest.mark.parametrize("kind", ["blank", "numeric", "table", "short_text", "essay", "upload"])
def test_a_kind_without_options_takes_none(kind: str) -> None:
    assert "no options" in faults(kind, options={"A": "甲"})
