"""A paper as it is delivered: nothing of the bank in it, an order of one's own for each candidate, the key apart."""

import hashlib
import json
import random
import string
from dataclasses import replace
from typing import Any

import pytest

from examsrv.domain.canonical import canonical
from examsrv.domain.marking import ExaminersDecideError, fraction_of
from examsrv.domain.paper import candidate_order, compose, numbered, option_ids, ordered_option_ids, read_paper
from question_bank.kinds import KINDS
from question_bank.text import rendered
from tests.builders import make_items
from tests.question_bank.builders import make_item
from tests.question_bank.every_kind import CASE, PARTLY, RIGHT, every_item, in_paper, item_of_kind

ITEMS = make_items()


def composed(seed: int = 7, items: Any = ITEMS) -> Any:
    return compose("信用管理师 · 理论", items, {kind: f"{kind} 题" for kind in KINDS}, dict.fromkeys(KINDS, "1"), dict.fromkeys(KINDS, "all"), seed)


def content(seed: int = 7, items: Any = ITEMS) -> Any:
    return json.loads(composed(seed, items).content)


def all_items(paper_content: Any) -> list[Any]:
    return [item for group in paper_content["groups"] for item in group["items"]]


def test_the_same_items_and_seed_give_the_same_bytes_and_digest() -> None:
    assert composed() == composed()
    assert composed().digest == hashlib.sha256(composed().content).hexdigest()


def test_items_are_numbered_from_one_and_grouped_by_kind() -> None:
    assert [number for number, _group, _item in numbered(content())] == [1, 2, 3, 4, 5, 6]
    assert [item for _number, _group, item in numbered(content())] == all_items(content())
    assert [group["kind"] for group in content()["groups"]] == ["single_choice", "multiple_choice", "true_false"]


def test_a_paper_holds_the_fields_that_a_page_needs_and_no_other() -> None:
    assert set(content()) == {"version", "title", "groups"}
    assert {field for group in content()["groups"] for field in group} == {"kind", "label", "marks", "items"}
    assert [set(item) for item in all_items(content())] == [{"stem", "options"}] * 4 + [{"stem"}] * 2


def test_the_order_of_options_tells_nothing_of_the_bank() -> None:
    places = {all_items(content(seed))[0]["options"].index("发函催收") for seed in range(60)}
    assert places == {0, 1, 2, 3}


def test_the_key_names_the_options_of_the_bank_in_the_papers_ids() -> None:
    made = composed()
    texts = {number: dict(zip(option_ids(item), item.get("options", ()), strict=True)) for number, _, item in numbered(json.loads(made.content))}
    assert texts[1][made.key[1].key] == "发函催收"
    assert {texts[3][one] for one in made.key[3].key} == {"电话催收", "上门催收"}
    assert (made.key[5].key, made.key[6].key) == (True, False)


def test_a_key_line_says_what_marking_needs() -> None:
    line = composed().key[1]
    assert (line.item, line.digest, line.kind, line.section, line.marks, line.policy) == (
        "S-1",
        ITEMS[0].digest,
        "single_choice",
        "collection",
        "1",
        "all",
    )


def test_options_are_lettered_by_their_place_in_the_paper() -> None:
    assert [option_ids(item) for item in all_items(content())] == [list("abcd")] * 4 + [[]] * 2


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_an_order_holds_every_item_once_each_kind_together(seed: int) -> None:
    order = candidate_order(content(), seed)
    assert [set(order["items"][start : start + 2]) for start in (0, 2, 4)] == [{1, 2}, {3, 4}, {5, 6}]


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_an_order_holds_every_option_once_and_none_of_true_and_false(seed: int) -> None:
    letters = candidate_order(content(), seed)["options"]
    assert [sorted(letters[start : start + 4]) for start in range(0, 20, 4)] == [list("abcd")] * 4 + [[]]


def test_the_texts_order_of_options_is_that_of_the_papers_items() -> None:
    order = {"items": [2, 1, 4, 3, 6, 5], "options": "abcddcbabadccdab"}
    assert ordered_option_ids(content(), order) == {1: list("abcd"), 2: list("dcba"), 3: list("badc"), 4: list("cdab"), 5: [], 6: []}


def test_the_same_seed_gives_the_same_order_and_others_differ() -> None:
    orders = [json.dumps(candidate_order(content(), seed)) for seed in (5, 5, 6, 7)]
    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


def test_drawing_an_order_leaves_the_chance_of_others_alone() -> None:
    random.seed(1)
    before = random.getstate()
    candidate_order(content(), 5)
    composed()
    assert random.getstate() == before


def test_a_stem_is_rendered_and_its_markup_harmless() -> None:
    item = make_item("S-9", stem="**不**正确的是 <script>alert(1)</script>（　　）。")
    stem = all_items(content(1, [item]))[0]["stem"]
    assert "<strong>" in stem
    assert "<script" not in stem
    assert set(stem) - set(string.printable)


# ---------------------------------------------------------------- every kind, and cases


def whole(seed: int = 7) -> Any:
    """Return a paper of every kind and two cases."""
    other = replace(CASE, id="L3-CASE-2", title="另一个", text="正文")
    of_case = [item_of_kind("table", "C-1", CASE), item_of_kind("single_choice", "C-2", CASE), item_of_kind("table", "C-3", other)]
    return composed(seed, [*every_item(), *of_case])


def test_every_kind_shows_what_is_to_be_filled_in_and_nothing_of_its_key() -> None:
    items = all_items(json.loads(composed(1, every_item()).content))
    fields = dict(zip(KINDS, (set(item) - {"stem"} for item in items), strict=True))
    assert fields["matching"] == {"options", "prompts", "reuse"}
    assert (fields["blank"], fields["ordering"], fields["numeric"]) == (set(), {"options"}, {"unit", "decimals"})
    assert (fields["table"], fields["upload"]) == ({"columns", "rows"}, {"types", "megabytes", "files"})
    assert (fields["short_text"], fields["essay"]) == ({"most"}, {"least", "most"})
    assert "可疑" not in json.dumps(items, ensure_ascii=False)
    assert "accepted" not in json.dumps(items)


def test_items_of_a_case_stand_in_a_group_of_their_own_with_kind_and_marks() -> None:
    groups = json.loads(whole().content)["groups"]
    assert [group["kind"] for group in groups] == [*KINDS, "case", "case"]
    assert groups[-2]["case"] == {"title": CASE.title, "text": rendered(CASE.text)}
    assert [(item["kind"], item["marks"]) for item in groups[-2]["items"]] == [("table", "1"), ("single_choice", "1")]
    assert "marks" not in groups[-2]


def test_every_right_answer_is_right_by_the_papers_key_and_every_part_a_part() -> None:
    made = composed(3, every_item(machine_marked=True))
    items = {number: item for number, _group, item in numbered(json.loads(made.content))}
    for number, line in made.key.items():
        texts = dict(zip(items[number].get("options", ()), option_ids(items[number]), strict=True))
        ids = {option.letter: texts[option.text] for option in item_of_kind(line.kind).options}
        policy = "each_right" if line.kind in PARTLY else "all_or_nothing"
        stored = replace(line, policy=policy, key=json.loads(json.dumps(line.key)))
        assert fraction_of(stored, in_paper(RIGHT[line.kind], ids)) == 1
        if line.kind in PARTLY:
            response, share = PARTLY[line.kind]
            assert fraction_of(stored, in_paper(response, ids)) == share
            assert fraction_of(replace(stored, policy="all_or_nothing"), in_paper(response, ids)) == 0


@pytest.mark.parametrize("kind", ["short_text", "essay", "upload"])
def test_what_examiners_score_is_left_to_them_unless_nothing_was_answered(kind: str) -> None:
    (line,) = composed(3, [item_of_kind(kind)]).key.values()
    answers = {"upload": [{"name": "a.xlsx", "digest": "0" * 64, "size": 1}]}
    stored = replace(line, policy="all_or_nothing")
    assert [fraction_of(stored, nothing) for nothing in (None, "", [])] == [0, 0, 0]
    with pytest.raises(ExaminersDecideError):
        fraction_of(stored, answers.get(kind, "核对后发函"))


@pytest.mark.parametrize("seed", range(20))
def test_items_of_a_case_are_never_shuffled_but_their_options_are(seed: int) -> None:
    paper = json.loads(whole().content)
    order = candidate_order(paper, seed)
    count = len(KINDS)
    assert order["items"] == [*order["items"][:count], count + 1, count + 2, count + 3]
    assert sorted(ordered_option_ids(paper, order)[count + 2]) == list("abcd")


def test_options_within_a_case_come_in_different_orders() -> None:
    paper = json.loads(whole().content)
    seen = {tuple(ordered_option_ids(paper, candidate_order(paper, seed))[len(KINDS) + 2]) for seed in range(60)}
    assert len(seen) > 10


# ---------------------------------------------------------------- papers of version 1


def of_version_1() -> Any:
    """Return a paper as it was once composed: with numbers, marks and ids of its own on everything."""
    options = [{"id": "k7m2px", "text": "电话催收"}, {"id": "a9qwen", "text": "发函催收"}, {"id": "zz4hte", "text": "上门催收"}]
    single = [{"n": n, "kind": "single_choice", "marks": "0.5", "stem": f"<p>{n}</p>", "options": options} for n in (1, 2, 3)]
    fixed = [{"n": 4, "kind": "true_false", "marks": "2", "stem": "<p>4</p>", "options": []}]
    groups = [{"kind": "single_choice", "label": "单项选择题", "items": single}, {"kind": "true_false", "label": "判断题", "items": fixed}]
    return {"version": 1, "title": "试卷", "groups": groups}


def test_an_older_paper_says_the_same_in_the_present_format_and_keeps_its_ids() -> None:
    read = read_paper(canonical(of_version_1()))
    assert [(group["kind"], group["label"], group["marks"]) for group in read["groups"]] == [
        ("single_choice", "单项选择题", "0.5"),
        ("true_false", "判断题", "2"),
    ]
    assert all_items(read)[2] == {"stem": "<p>3</p>", "options": ["电话催收", "发函催收", "上门催收"], "ids": ["k7m2px", "a9qwen", "zz4hte"]}
    assert (all_items(read)[3], option_ids(all_items(read)[2])) == ({"stem": "<p>4</p>"}, ["k7m2px", "a9qwen", "zz4hte"])


def test_a_present_paper_is_read_as_it_is_written() -> None:
    assert canonical(read_paper(composed().content)) == composed().content


def test_a_candidate_has_an_older_paper_in_the_same_order_as_ever() -> None:
    read = read_paper(canonical(of_version_1()))
    order = candidate_order(read, 1001)
    drawn = {1: ["zz4hte", "a9qwen", "k7m2px"], 2: ["zz4hte", "a9qwen", "k7m2px"], 3: ["k7m2px", "a9qwen", "zz4hte"], 4: []}
    assert (order["items"], ordered_option_ids(read, order)) == ([2, 3, 1, 4], drawn)
