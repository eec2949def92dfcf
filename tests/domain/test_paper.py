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
from examsrv.domain.paper import compose, numbered, option_ids, read_paper, written
from question_bank.kinds import KINDS
from question_bank.text import rendered
from tests.builders import make_items
from tests.question_bank.builders import make_item
from tests.question_bank.every_kind import CASE, PARTLY, RIGHT, every_item, in_paper, item_of_kind

ITEMS = make_items()


def composed(seed: int = 7, items: Any = ITEMS) -> Any:
    return compose("信用管理师 · 理论", items, dict.fromkeys(KINDS, "1"), dict.fromkeys(KINDS, "all"), seed)


def content(seed: int = 7, items: Any = ITEMS) -> Any:
    return read_paper(composed(seed, items).content)


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
    assert set(json.loads(composed().content)) == {"version", "title", "groups"}
    assert {field for group in content()["groups"] for field in group} == {"kind", "marks", "items"}
    assert [set(item) for item in all_items(content())] == [{"stem", "options"}] * 4 + [{"stem"}] * 2


def test_the_order_of_options_tells_nothing_of_the_bank() -> None:
    places = {all_items(content(seed))[0]["options"].index("发函催收") for seed in range(60)}
    assert places == {0, 1, 2, 3}


def test_the_key_names_the_options_of_the_bank_in_the_papers_ids() -> None:
    made = composed()
    texts = {number: dict(zip(option_ids(item), item.get("options", ()), strict=True)) for number, _, item in numbered(read_paper(made.content))}
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


def test_composing_leaves_the_chance_of_others_alone() -> None:
    random.seed(1)
    before = random.getstate()
    composed()
    assert random.getstate() == before


def test_a_stem_is_rendered_and_its_markup_harmless() -> None:
    item = make_item("S-9", stem="**不**正确的是 <script>alert(1)</script>（　　）。")
    stem = all_items(content(1, [item]))[0]["stem"]
    assert stem.startswith("<strong>不</strong>正确的是")
    assert "<script" not in stem
    assert set(stem) - set(string.printable)


@pytest.mark.parametrize("stem", ["一段", "**一**段 5 < 6", "第一段\n\n第二段", "- 一\n- 二", "一段\n\n- 一", "- 一\n\n一段", "> 引", "# 标题"])
def test_a_stem_of_one_paragraph_stands_without_its_tags_and_any_other_as_it_is(stem: str) -> None:
    html = rendered(stem)
    shown = html[3:-4] if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>") else html
    assert all_items(content(1, [make_item("S-9", stem=stem)]))[0]["stem"] == shown


# ---------------------------------------------------------------- every kind, and cases


def whole(seed: int = 7) -> Any:
    """Return a paper of every kind and two cases."""
    other = replace(CASE, id="L3-CASE-2", title="另一个", text="正文")
    of_case = [item_of_kind("table", "C-1", CASE), item_of_kind("single_choice", "C-2", CASE), item_of_kind("table", "C-3", other)]
    return composed(seed, [*every_item(), *of_case])


def test_every_kind_shows_what_is_to_be_filled_in_and_nothing_of_its_key() -> None:
    items = all_items(content(1, every_item()))
    fields = dict(zip(KINDS, (set(item) - {"stem"} for item in items), strict=True))
    assert fields["matching"] == {"options", "prompts", "reuse"}
    assert (fields["blank"], fields["ordering"], fields["numeric"]) == (set(), {"options"}, {"unit", "decimals"})
    assert (fields["table"], fields["upload"]) == ({"columns", "rows"}, {"types", "megabytes", "files"})
    assert (fields["short_text"], fields["essay"]) == ({"most"}, {"least", "most"})
    assert "可疑" not in json.dumps(items, ensure_ascii=False)
    assert "accepted" not in json.dumps(items)


def test_items_of_a_case_stand_in_a_group_of_their_own_with_kind_and_marks() -> None:
    groups = read_paper(whole().content)["groups"]
    assert [group["kind"] for group in groups] == [*KINDS, "case", "case"]
    assert groups[-2]["case"] == {"title": CASE.title, "text": rendered(CASE.text)}
    assert [(item["kind"], item["marks"]) for item in groups[-2]["items"]] == [("table", "1"), ("single_choice", "1")]
    assert "marks" not in groups[-2]


def test_every_right_answer_is_right_by_the_papers_key_and_every_part_a_part() -> None:
    made = composed(3, every_item(machine_marked=True))
    items = {number: item for number, _group, item in numbered(read_paper(made.content))}
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


# ---------------------------------------------------------------- papers of version 1


def of_version_1() -> Any:
    """Return a paper as it was once composed: with numbers, marks and ids of its own on everything."""
    options = [{"id": "k7m2px", "text": "电话催收"}, {"id": "a9qwen", "text": "发函催收"}, {"id": "zz4hte", "text": "上门催收"}]
    single = [{"n": n, "kind": "single_choice", "marks": "0.5", "stem": f"<p>{n}</p>", "options": options} for n in (1, 2, 3)]
    fixed = [{"n": 4, "kind": "true_false", "marks": "2", "stem": "<p>4</p>", "options": []}]
    groups = [{"kind": "single_choice", "label": "单项选择题", "items": single}, {"kind": "true_false", "label": "判断题", "items": fixed}]
    return {"version": 1, "title": "试卷", "groups": groups}


def test_a_paper_of_version_1_says_the_same_and_keeps_its_ids() -> None:
    read = read_paper(canonical(of_version_1()))
    assert [(group["kind"], group["marks"]) for group in read["groups"]] == [("single_choice", "0.5"), ("true_false", "2")]
    assert all_items(read)[2] == {"stem": "<p>3</p>", "options": ["电话催收", "发函催收", "上门催收"], "ids": ["k7m2px", "a9qwen", "zz4hte"]}
    assert (all_items(read)[3], option_ids(all_items(read)[2])) == ({"stem": "<p>4</p>"}, ["k7m2px", "a9qwen", "zz4hte"])


def test_a_paper_of_version_2_says_the_same() -> None:
    """There items were objects, and the names of kinds stood beside them."""
    paper = read_paper(whole().content)
    older = {**paper, "version": 2, "groups": [{**group, "label": "题"} for group in paper["groups"]]}
    assert read_paper(canonical(older)) == paper


@pytest.mark.parametrize("older", [of_version_1(), {**read_paper(whole().content), "version": 2}], ids=["1", "2"])
def test_an_older_paper_is_sent_as_present_ones_are(older: Any) -> None:
    read = read_paper(canonical(older))
    sent = written(read)
    assert (read_paper(sent), json.loads(sent)["version"]) == (read, 3)
    assert all(isinstance(item, list) for item in all_items(json.loads(sent)))


@pytest.mark.parametrize("items", [ITEMS, every_item(), [item_of_kind("table", "C-1", CASE), item_of_kind("single_choice", "C-2", CASE)]])
def test_a_paper_is_written_as_it_was_read(items: Any) -> None:
    assert written(read_paper(composed(7, items).content)) == composed(7, items).content


def test_an_item_is_written_as_a_list_of_its_stem_its_options_and_what_more_there_is() -> None:
    def rows(kind: str) -> Any:
        return json.loads(composed(1, [item_of_kind(kind)]).content)["groups"][0]["items"]

    (item,) = content(1, [item_of_kind("matching")])["groups"][0]["items"]
    assert rows("matching") == [[item["stem"], *item["options"], {"prompts": item["prompts"], "reuse": item["reuse"]}]]
    assert [[type(part) for part in row] for kind in ("single_choice", "true_false", "numeric") for row in rows(kind)] == [
        [str] * 5,
        [str],
        [str, dict],
    ]
