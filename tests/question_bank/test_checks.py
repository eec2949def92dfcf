"""One planted fault of each kind is found, with its place; what is no fault is let pass; the shipped bank has none."""

from dataclasses import replace
from fractions import Fraction

import pytest

from question_bank.checks import check_bank, coverage, keys, records, similarity, wording
from question_bank.item import Item, Sample
from question_bank.pack import load_pack
from question_bank.second_check import SecondCheck, Verdict
from question_bank.task import CaseFile
from tests.question_bank.builders import CODE, make_item, make_pack
from tests.question_bank.task_builders import make_task, make_task_set


def words(faults) -> list[str]:
    """Return the faults as people read them."""
    return [str(fault) for fault in faults]


def singles(letters: str, **changes) -> list[Item]:
    """Return single-choice items with these keys, in this order."""
    return [make_item(f"S-{number}", key=letter, **changes) for number, letter in enumerate(letters, start=1)]


def truths(letters: str) -> list[Item]:
    """Return true/false items, T true and F false."""
    return [make_item(f"T-{number}", kind="true_false", key=letter == "T") for number, letter in enumerate(letters, start=1)]


@pytest.mark.timeout(60)
def test_the_shipped_bank_has_no_fault() -> None:
    assert words(check_bank(load_pack(CODE))) == []


@pytest.mark.parametrize("key", [("A", "B"), "E", True])
def test_no_key_or_several_keys_are_found(key) -> None:
    assert [fault.place for fault in records.check_kinds(make_pack(make_item(key=key)))] == ["S-1.key"]


def test_an_id_of_two_items_is_found() -> None:
    assert words(records.check_ids(make_pack(make_item(), make_item(), make_item("S-2")))) == ["S-1: 2 items have this id"]


@pytest.mark.parametrize(("difficulty", "faults"), [(0, 1), (1, 0), (5, 0), (6, 1)])
def test_a_difficulty_out_of_range_is_found(difficulty: int, faults: int) -> None:
    assert len(records.check_ranges(make_pack(make_item(difficulty=difficulty)))) == faults


@pytest.mark.parametrize(("importance", "faults"), [("X", 0), ("Y", 0), ("Z", 0), ("x", 1), ("XY", 1)])
def test_an_unknown_importance_is_found(importance: str, faults: int) -> None:
    assert len(records.check_ranges(make_pack(make_item(importance=importance)))) == faults


def test_a_missing_rationale_is_found() -> None:
    assert words(records.check_rationales(make_pack(make_item(rationale=" \n")))) == ["S-1.rationale: The rationale is missing"]


def test_a_sample_that_disagrees_with_the_marking_is_found() -> None:
    samples = (Sample("B", Fraction(1)), Sample("A", Fraction(1, 2)), Sample("C", Fraction(0)))

    assert words(records.check_samples(make_pack(make_item(samples=samples)))) == ["S-1.samples[1]: The sample says 1/2 but earns 0"]


@pytest.mark.parametrize("samples", [(), (Sample("B", Fraction(1)),), (Sample("A", Fraction(0)),)])
def test_missing_samples_are_found(samples) -> None:
    assert [fault.place for fault in records.check_samples(make_pack(make_item(samples=samples)))] == ["S-1.samples"]


@pytest.mark.parametrize(
    ("first", "second", "faults"),
    [
        ((), (), 0),
        (("S-2",), ("S-1",), 0),
        (("S-2",), (), 1),
        (("S-9",), (), 1),
        (("S-1",), (), 1),
    ],
)
def test_enemies_that_are_unknown_or_not_symmetric_are_found(first, second, faults: int) -> None:
    assert len(records.check_enemies(make_pack(make_item(enemies=first), make_item("S-2", enemies=second)))) == faults


def test_a_missing_second_check_is_found() -> None:
    assert "Nobody has checked" in words(records.check_second_checks(make_pack(make_item(), checks=())))[0]


def test_an_item_changed_after_its_second_check_is_found() -> None:
    item = make_item()
    check = SecondCheck(item.id, item.digest, Verdict.AGREED, "法条")

    assert records.check_second_checks(make_pack(item, checks=(check,))) == []
    assert "changed after" in words(records.check_second_checks(make_pack(replace(item, stem="改（　　）。"), checks=(check,))))[0]


def test_a_task_set_nobody_has_checked_a_second_time_is_found() -> None:
    pack = replace(make_pack(), task_sets=(make_task_set(),))

    assert words(records.check_second_checks(pack)) == ["L3-A: Nobody has checked the task set a second time"]


def test_a_task_set_changed_after_its_second_check_is_found() -> None:
    task_set = make_task_set()
    check = SecondCheck(task_set.id, task_set.digest, Verdict.AGREED, "法条")
    pack = replace(make_pack(checks=(check,)), task_sets=(task_set,))
    changed = make_task_set(make_task(files=(CaseFile("客户资料.xlsx", "三家客户的资料", "0" * 64, 1200),)))

    assert records.check_second_checks(pack) == []
    assert words(records.check_second_checks(replace(pack, task_sets=(changed,)))) == ["L3-A: The task set was changed after its second check"]


def test_a_second_check_of_nothing_is_found() -> None:
    check = SecondCheck("S-9", "0" * 64, Verdict.AGREED, "法条")

    assert "does not exist" in words(records.check_second_checks(make_pack(checks=(check,))))[0]


@pytest.mark.parametrize(("letters", "places"), [("ABBBC", []), ("ABBBBC", ["S-5"]), ("BBBBBB", ["S-4"])])
def test_the_same_key_four_times_running_is_found(letters: str, places: list[str]) -> None:
    assert [fault.place for fault in keys.check_runs(make_pack(*singles(letters)))] == places


@pytest.mark.parametrize(("letters", "places"), [("TFTTTF", []), ("TTTTF", ["T-4"])])
def test_four_equal_truths_running_are_found(letters: str, places: list[str]) -> None:
    assert [fault.place for fault in keys.check_runs(make_pack(*truths(letters)))] == places


@pytest.mark.parametrize(
    ("letters", "cycle"),
    [
        ("ABCDABCDABCD", "A B C D"),
        ("CABACABACABADD", "C A B A"),
        ("DDABABABABCC", "B A"),
        ("ABCABCABC", "A B C"),
        ("ABCDABCDDBCA", None),
        ("CADBBDACDBCACBDAACBD", None),
    ],
)
def test_keys_in_a_cycle_are_found(letters: str, cycle: str | None) -> None:
    found = words(keys.check_cycles(make_pack(*singles(letters))))

    assert bool(found) == bool(cycle)
    assert not found or set(found[0].rpartition("cycle ")[2].split()) == set(cycle.split())


@pytest.mark.parametrize(("letters", "faults"), [("TFTFTFTFTFTFTF", 1), ("TFTFTTFFTFTTFF", 0)])
def test_truths_in_a_cycle_are_found(letters: str, faults: int) -> None:
    assert len(keys.check_cycles(make_pack(*truths(letters)))) == faults


@pytest.mark.parametrize(
    ("letters", "uneven"),
    [
        ("AABBBCCCDD", []),
        ("ABBBBCCCDD", ["A", "B"]),
        ("AAAACCCDDD", ["A", "B"]),
        ("AAAAAAA", []),
    ],
)
def test_letters_spread_unevenly_are_found(letters: str, uneven: list[str]) -> None:
    found = words(keys.check_letter_spread(make_pack(*singles(letters))))

    assert [line.split(": ")[1][0] for line in found] == uneven


@pytest.mark.parametrize(("letters", "faults"), [("TTTTFFFFFF", 0), ("TTTFFFFFFF", 1), ("TTTTTTFFFF", 0), ("TTTTTTTFFF", 1)])
def test_truths_far_from_half_are_found(letters: str, faults: int) -> None:
    assert len(keys.check_truth_spread(make_pack(*truths(letters)))) == faults


@pytest.mark.parametrize(("whole", "part", "faults"), [(1, 1, 0), (2, 8, 1), (2, 18, 0)])
def test_too_many_multiple_choices_with_all_options_right_are_found(whole: int, part: int, faults: int) -> None:
    items = [make_item(f"M-{number}", kind="multiple_choice", key=tuple("ABCD" if number < whole else "AB")) for number in range(whole + part)]

    assert len(keys.check_whole_keys(make_pack(*items))) == faults


@pytest.mark.parametrize(("length", "faults"), [(14, 0), (15, 1)])
def test_a_key_over_1_4_times_the_longest_distractor_is_found(length: int, faults: int) -> None:
    item = make_item(key="A", options=["一" * length, "二" * 10, "三" * 9, "四"])

    assert len(keys.check_longest_keys(make_pack(item))) == faults


@pytest.mark.parametrize(("longest", "faults"), [(3, 0), (4, 1)])
def test_keys_that_are_longest_in_over_a_third_of_the_items_are_found(longest: int, faults: int) -> None:
    long, even = ["甲甲甲", "乙乙", "丙丙", "丁丁"], ["甲甲甲", "乙乙乙", "丙丙", "丁丁"]
    items = [make_item(f"S-{number}", key="A", options=long if number < longest else even) for number in range(9)]

    assert len(keys.check_share_of_longest_keys(make_pack(*items))) == faults


@pytest.mark.parametrize(
    ("kind", "stem", "faults"),
    [
        ("single_choice", "甲公司应当（　　）。", 0),
        ("single_choice", "甲公司应当如何处理？", 0),
        ("single_choice", "甲公司应当。", 1),
        ("single_choice", "甲公司（　　）应当（　　）。", 1),
        ("true_false", "甲公司可以催收。", 0),
        ("true_false", "甲公司可以催收", 1),
        ("true_false", "甲公司可以（　　）。", 1),
    ],
)
def test_a_stem_that_is_no_question_is_found(kind: str, stem: str, faults: int) -> None:
    item = make_item(kind=kind, key=True if kind == "true_false" else "A", stem=stem)

    assert len(wording.check_stem_forms(make_pack(item))) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("以上都对", 1),
        ("以上都不对", 1),
        ("以上皆是", 1),
        ("以上均不正确", 1),
        ("以上各项", 1),
        ("以上说法全部正确", 1),
        ("上述三项均属于", 1),
        ("A和B", 1),
        ("A、C", 1),
        ("A 与 D 都是", 1),
        ("都不正确", 1),
        ("三年以上的欠款", 0),
        ("金额五百万元以上全额担保", 0),
        ("IATA和ICC的规则", 0),
        ("书面催告并保留证据", 0),
    ],
)
def test_options_about_other_options_are_found(text: str, faults: int) -> None:
    assert len(wording.check_catch_all_options(make_pack(make_item(options=["电话", text, "信函", "上门"])))) == faults


@pytest.mark.parametrize(
    ("stem", "faults"),
    [
        ("下列不属于应收账款的是（　　）。", 1),
        ("下列**不**属于应收账款的是（　　）。", 0),
        ("关于催收，错误的是（　　）。", 1),
        ("关于催收，**错误**的是（　　）。", 0),
        ("关于催收，下列做法不恰当的有（　　）。", 1),
        ("催收人员不得（　　）。", 1),
        ("催收人员**不得**（　　）。", 0),
        ("下列哪些行为不应当采取的是（　　）。", 1),
        ("因客户不能按期付款，甲公司应当（　　）。", 0),
        ("甲公司认为该做法错误，乙公司应当（　　）。", 0),
    ],
)
def test_a_negation_without_emphasis_is_found(stem: str, faults: int) -> None:
    assert len(wording.check_negative_stems(make_pack(make_item(stem=stem)))) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("一定能收回", 1),
        ("按一定比例计提", 0),
        ("必须书面通知", 1),
        ("必然破产", 1),
        ("所有客户", 1),
        ("所有权保留", 0),
        ("任何情形", 1),
        ("一律停止供货", 1),
        ("从不赊销", 1),
        ("永远有效", 1),
        ("唯一依据", 1),
        ("绝对安全", 1),
        ("偏差的绝对值", 0),
        ("完全可靠", 1),
        ("完全民事行为能力人", 0),
        ("只要逾期，就起诉", 1),
        ("全部货款", 1),
        ("通常书面通知", 0),
    ],
)
def test_absolute_words_are_found_in_options_and_statements(text: str, faults: int) -> None:
    option = make_item(options=["电话", text, "信函", "上门"])
    statement = make_item("T-1", kind="true_false", key=True, stem=f"甲公司{text}。")

    assert len(wording.check_absolute_words(make_pack(option, statement))) == 2 * faults


def test_an_absolute_word_in_the_stem_of_a_choice_is_no_hint() -> None:
    assert wording.check_absolute_words(make_pack(make_item(stem="客户必须付款，甲公司应当（　　）。"))) == []


LONG = "甲公司向乙公司赊销电缆一批，约定货到三十日内付款，乙公司逾期二十日仍未付款，甲公司信用管理人员首先应当（　　）。"


def test_an_equal_stem_is_found_whatever_its_punctuation() -> None:
    pack = make_pack(make_item(stem=LONG), make_item("S-2", stem=LONG.replace("，", " , ").replace("首先", "**首先**")))

    assert words(similarity.check_equal_stems(pack)) == ["S-2.stem: The stem is the same as that of S-1"]
    assert similarity.check_similar_stems(pack) == []


def test_a_nearly_equal_stem_is_found() -> None:
    pack = make_pack(make_item(stem=LONG), make_item("S-2", stem=LONG.replace("乙公司", "丙公司").replace("二十日", "四十日")))

    assert similarity.check_equal_stems(pack) == []
    assert len(similarity.check_similar_stems(pack)) == 1


def test_a_new_situation_on_the_same_subject_is_no_near_duplicate() -> None:
    other = "丙公司对丁公司的应收账款已逾期九十日，丁公司来函称货物有瑕疵，拒绝付款。丙公司信用管理人员此时应当（　　）。"

    assert similarity.check_similar_stems(make_pack(make_item(stem=LONG), make_item("S-2", stem=other))) == []


@pytest.mark.timeout(20)
def test_a_thousand_stems_are_compared_in_seconds() -> None:
    items = [
        make_item(f"S-{number}", stem="".join(chr(0x4E00 + (number * 37 + place * place) % 5000) for place in range(60))) for number in range(1000)
    ]

    assert similarity.check_similar_stems(make_pack(*items)) is not None


@pytest.mark.parametrize(
    ("changes", "words_of_fault"),
    [
        ({"level": "L9"}, "no level L9"),
        ({"section": "cooking"}, "carries no theory marks"),
        ({"section": "credit_approval"}, "carries no theory marks"),
        ({"section": "ethics"}, "belongs to the section collection"),
        ({"point": "L3.K9.9.9"}, "no point L3.K9.9.9"),
        ({"level": "L2"}, "belongs to the level L3"),
    ],
)
def test_tags_that_the_standard_does_not_know_are_found(changes, words_of_fault: str) -> None:
    assert any(words_of_fault in line for line in words(coverage.check_tags(make_pack(make_item(**changes)))))


def test_right_tags_have_no_fault() -> None:
    assert coverage.check_tags(make_pack(make_item(), make_item("S-2", point="B2.1.1", section="ethics"))) == []


def test_points_without_items_are_found() -> None:
    places = [fault.place for fault in coverage.check_points_have_items(make_pack(make_item()))]

    assert "L3.K3.2.3" not in places
    assert {"L3.K1.1.1", "B2.1.1"} <= set(places)
    assert not any(place.startswith(("L1", "L2", "L4", "L3.S")) for place in places)


@pytest.mark.parametrize(("counts", "faults"), [((6, 2, 2), 0), ((7, 2, 1), 2), ((12, 4, 4), 0), ((13, 4, 3), 0), ((14, 3, 3), 1)])
def test_kinds_out_of_proportion_are_found(counts: tuple[int, int, int], faults: int) -> None:
    keyed = zip(("single_choice", "multiple_choice", "true_false"), ("A", ("A", "B"), True), counts, strict=True)
    items = [make_item(f"{kind}-{number}", kind=kind, key=key) for kind, key, count in keyed for number in range(count)]

    assert len(coverage.check_kind_shares(make_pack(*items))) == faults


def test_faults_of_reading_come_first() -> None:
    pack = replace(make_pack(make_item(rationale="")), faults=(records.check_rationales(make_pack(make_item("R", rationale="")))[0],))

    assert words(check_bank(pack))[0].startswith("R.rationale")


def test_samples_of_an_item_that_cannot_be_marked_are_passed_over() -> None:
    assert records.check_samples(make_pack(make_item(key="F"))) == []
