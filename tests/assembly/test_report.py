"""The report tells what the forms are like, counted here anew by hand."""

import json
from collections import Counter
from fractions import Fraction

from examsrv.assembly.engine import assemble
from tests.assembly.made_up_bank import SECTIONS, SPECIFICATION, make_bank

BANK = make_bank()
BY_ID = {item.id: item for item in BANK}
MADE = assemble(BANK, SPECIFICATION, SECTIONS, 3, 4)
FORM = [BY_ID[item] for item in MADE.forms[0].items]
REPORT = MADE.report.forms[0]


def test_marks_are_those_of_the_sections() -> None:
    assert dict(REPORT.marks) == SECTIONS


def test_kinds_and_difficulties_are_counted() -> None:
    assert dict(REPORT.kinds) == {"single_choice": 60, "multiple_choice": 20, "true_false": 20}
    assert dict(REPORT.difficulty) == dict(sorted(Counter(item.difficulty for item in FORM).items()))


def test_the_mean_difficulty_is_exact() -> None:
    assert REPORT.mean_difficulty == Fraction(sum(item.difficulty for item in FORM), 100)


def test_points_are_counted_once_each() -> None:
    collection = {item.point for item in FORM if item.section == "collection"}
    assert REPORT.points["collection"] == len(collection)
    assert REPORT.points_of_bank["collection"] == 17


def test_the_overlap_of_every_pair_is_told() -> None:
    sets = [set(form.items) for form in MADE.forms]
    assert MADE.report.overlap == tuple(tuple(len(one & other) for other in sets) for one in sets)
    assert MADE.report.largest_overlap == max(len(sets[0] & sets[1]), len(sets[0] & sets[2]), len(sets[1] & sets[2]))


def test_exposure_counts_the_forms_of_each_item() -> None:
    assert MADE.report.exposure == Counter(item for form in MADE.forms for item in form.items)


def test_a_single_form_overlaps_with_none() -> None:
    assert assemble(BANK, SPECIFICATION, SECTIONS, 1, 4).report.largest_overlap == 0


def test_the_report_is_plain_json_with_exact_marks() -> None:
    plain = json.loads(json.dumps(MADE.report.plain()))
    assert plain["forms"][0]["marks"]["collection"] == "25"
    assert plain["forms"][0]["difficulty"].keys() == {"1", "2", "3", "4", "5"}
    assert plain["largest_overlap"] == MADE.report.largest_overlap
