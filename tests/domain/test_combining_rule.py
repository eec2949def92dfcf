"""The rule of a batch: its defaults, its way into JSON and back, and the nonsense it refuses."""

import json
from decimal import Decimal

import pytest

from examsrv.domain.combining_rule import ADJUDICATION_NAMES, Adjudication, CombiningRule, CombiningRuleError

OTHER = CombiningRule(None, {3: Decimal("12.5"), 4: Decimal(0), 7: Decimal(100)}, Decimal(0), Adjudication.DISCUSSION)


def test_the_defaults_are_those_of_the_decisions() -> None:
    assert CombiningRule() == CombiningRule(5, {3: Decimal(15), 5: Decimal(20)}, Decimal(2), Adjudication.RESERVES)


@pytest.mark.parametrize(("places", "limit"), [(3, 15), (5, 20), (7, 20), (99, 20)])
def test_the_limit_is_that_of_the_largest_number_not_above_the_places(places: int, limit: int) -> None:
    assert CombiningRule().range_limit(places) == limit


@pytest.mark.parametrize(("places", "limit"), [(3, Decimal("12.5")), (5, 0), (6, 0), (7, 100), (9, 100)])
def test_a_batch_may_have_limits_of_its_own(places: int, limit) -> None:
    assert OTHER.range_limit(places) == limit


@pytest.mark.parametrize(
    ("trim_from", "places", "trims"), [(5, 3, False), (5, 5, True), (5, 7, True), (7, 5, False), (3, 3, True), (None, 99, False)]
)
def test_the_mean_is_trimmed_from_a_number_on_or_never(trim_from: int | None, places: int, trims: bool) -> None:
    assert CombiningRule(trim_from).trims(places) is trims


@pytest.mark.parametrize("rule", [CombiningRule(), OTHER])
def test_a_rule_comes_back_from_json_as_it_was(rule: CombiningRule) -> None:
    assert CombiningRule.from_plain(json.loads(json.dumps(rule.plain()))) == rule


def test_the_plain_form_is_what_stands_in_the_batch() -> None:
    assert CombiningRule(near=Decimal("2.50")).plain() == {
        "trim_from": 5,
        "range_limits": {"3": "15", "5": "20"},
        "near": "2.5",
        "adjudication": "reserves",
    }


@pytest.mark.parametrize("raw", [{}, {"near": "2"}, {"near": 2}, {"trim_from": "5"}, {"range_limits": {3: 15, "5": "20.00"}}])
def test_what_is_left_out_has_its_default_and_numbers_may_be_written_either_way(raw: object) -> None:
    assert CombiningRule.from_plain(raw) == CombiningRule()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "a table of settings, not None"),
        ([], r"a table of settings, not \[\]"),
        ({"trim": 5, "nears": 2}, "no setting called trim, nears"),
        ({"trim_from": 2}, "from 3 examiners on, not from 2"),
        ({"trim_from": -5}, "not from -5"),
        ({"trim_from": "five"}, "whole number, not five"),
        ({"trim_from": 5.0}, r"whole number, not 5\.0"),
        ({"trim_from": True}, "whole number, not True"),
        ({"range_limits": {}}, "for 3 examiners is missing"),
        ({"range_limits": {"5": "20"}}, "for 3 examiners is missing"),
        ({"range_limits": {"0": "1", "3": "15"}}, "at least one examiner"),
        ({"range_limits": {"three": "15"}}, "whole number, not three"),
        ({"range_limits": ["15"]}, "a table of settings"),
        ({"range_limits": {"3": "fifteen"}}, "decimal number, not fifteen"),
        ({"range_limits": {"3": None}}, "decimal number, not None"),
        ({"range_limits": {"3": "-0.01"}}, r"between 0 and 100 marks with at most 2 decimals, not at -0\.01"),
        ({"range_limits": {"3": "100.01"}}, r"not at 100\.01"),
        ({"range_limits": {"3": "0.001"}}, r"not at 0\.001"),
        ({"near": "-1"}, "not at -1"),
        ({"near": "150"}, "not at 150"),
        ({"near": "NaN"}, "not at NaN"),
        ({"near": "Infinity"}, "not at Infinity"),
        ({"near": "1e-999999"}, "not at"),
        ({"near": "1e999999"}, "not at"),
        ({"near": 2.0}, r"decimal number, not 2\.0"),
        ({"near": True}, "decimal number, not True"),
        ({"near": "9" * 5000}, "decimal number"),
        ({"adjudication": "dice"}, "one of reserves, leader, discussion, not by dice"),
        ({"adjudication": None}, "not by None"),
        ({"adjudication": []}, "not by"),
    ],
)
def test_nonsense_is_refused_in_words(raw: object, words: str) -> None:
    with pytest.raises(CombiningRuleError, match=words):
        CombiningRule.from_plain(raw)


@pytest.mark.parametrize("near", ["0", "100", "0.01"])
def test_a_limit_may_stand_at_the_edge(near: str) -> None:
    assert CombiningRule.from_plain({"near": near, "range_limits": {"3": near}}).near == Decimal(near)


def test_every_way_to_settle_a_dispute_has_its_words() -> None:
    assert set(ADJUDICATION_NAMES) == set(Adjudication)
