"""A paper as it is delivered: nothing of the bank in it, an order of one's own for each candidate, the key apart."""

import hashlib
import json
import random
import string
from typing import Any

import pytest

from examsrv.domain import paper
from examsrv.domain.paper import candidate_order, compose
from question_bank.kinds import KINDS
from tests.builders import make_items
from tests.question_bank.builders import make_item

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


def test_another_seed_gives_other_option_ids() -> None:
    ids = [{option["id"] for item in all_items(content(seed)) for option in item["options"]} for seed in (7, 8)]
    assert not ids[0] & ids[1]


def test_items_are_numbered_from_one_and_grouped_by_kind() -> None:
    assert [item["n"] for item in all_items(content())] == [1, 2, 3, 4, 5, 6]
    assert [group["kind"] for group in content()["groups"]] == ["single_choice", "multiple_choice", "true_false"]


def test_a_paper_holds_the_fields_that_a_page_needs_and_no_other() -> None:
    assert set(content()) == {"version", "title", "groups"}
    assert {field for group in content()["groups"] for field in group} == {"kind", "label", "items"}
    assert {field for item in all_items(content()) for field in item} == {"n", "kind", "marks", "stem", "options"}
    assert {field for item in all_items(content()) for option in item["options"] for field in option} == {"id", "text"}


def test_the_order_of_options_tells_nothing_of_the_bank() -> None:
    places = {[option["text"] for option in all_items(content(seed))[0]["options"]].index("发函催收") for seed in range(60)}
    assert places == {0, 1, 2, 3}


def test_the_key_names_the_options_of_the_bank_in_the_papers_ids() -> None:
    made = composed()
    texts = {option["id"]: option["text"] for item in all_items(json.loads(made.content)) for option in item["options"]}
    assert texts[made.key[1].key] == "发函催收"
    assert {texts[one] for one in made.key[3].key} == {"电话催收", "上门催收"}
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


def test_no_two_options_of_a_paper_share_an_id_even_when_ids_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "ID_LENGTH", 1)
    items = [make_item(f"S-{number}") for number in range(7)]
    ids = [option["id"] for item in all_items(content(3, items)) for option in item["options"]]
    assert len(set(ids)) == len(ids) == 28


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_an_order_holds_every_item_once_each_kind_together(seed: int) -> None:
    order = candidate_order(content(), seed)
    assert [set(order["items"][start : start + 2]) for start in (0, 2, 4)] == [{1, 2}, {3, 4}, {5, 6}]


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_an_order_holds_every_option_once_and_none_of_true_and_false(seed: int) -> None:
    items = {str(item["n"]): {option["id"] for option in item["options"]} for item in all_items(content())}
    order = candidate_order(content(), seed)["options"]
    assert {number: set(ids) for number, ids in order.items()} == {number: items[number] for number in "1234"}


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
