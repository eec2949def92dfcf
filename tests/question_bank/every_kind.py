"""A faultless item of every kind, with what earns everything, a part and nothing. Options are given by the letters of the bank."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from question_bank.item import Case, Item, Option, Response
from question_bank.kinds import KINDS
from question_bank.record import item_from
from tests.question_bank.builders import make_item

CASE = Case("L3-CASE-1", "草原示例商贸公司的应收账款", "截至 2026-09-30，尚有 **5** 张发票未结清。")
BODIES: dict[str, dict[str, Any]] = {
    "numeric": {"unit": "万元", "decimals": 2},
    "matching": {"prompts": ["逾期 30 天", "逾期 90 天", "逾期 180 天"]},
    "table": {
        "columns": ["账龄", "余额", "占比", "处理"],
        "rows": [
            ["未到期", {"fill": "number", "unit": "万元"}, {"fill": "number", "unit": "%"}, {"fill": "choice", "choices": ["提醒", "催收"]}],
            ["逾期", "36.50", {"fill": "text"}, {"fill": "choice", "choices": ["提醒", "催收"]}],
        ],
    },
    "short_text": {"most": 100},
    "essay": {"least": 5, "most": 300},
    "upload": {"types": ["xlsx", "pdf"], "megabytes": 1, "files": 2},
}
KEYS: dict[str, Any] = {
    "single_choice": "B",
    "multiple_choice": ["A", "C"],
    "true_false": True,
    "blank": {"gaps": {"1": {"accepted": ["信用期", "账期"]}, "2": {"accepted": ["DSO"]}}},
    "numeric": {"value": 136, "tolerance": "0.05"},
    "matching": {"pairs": {"1": "A", "2": "B", "3": "C"}},
    "ordering": ["C", "A", "D", "B"],
    "table": {
        "cells": {
            "B1": {"value": 64, "tolerance": "0.5"},
            "C1": {"value": 64},
            "D1": "提醒",
            "C2": {"accepted": ["可疑"]},
            "D2": "催收",
        }
    },
    "short_text": {"model": "先核对再发函", "elements": [{"any": ["核对"], "share": "1/2"}, {"any": ["发函"], "share": "1/2"}]},
    "essay": {"model": "致某厂：……", "elements": ["称谓"]},
    "upload": {"model": "账龄表一份"},
}
STEMS = {"blank": "企业给客户的付款期限叫[[1]]，应收账款周转天数的缩写是[[2]]。"}
WITH_OPTIONS = frozenset({"single_choice", "multiple_choice", "matching", "ordering"})
RIGHT: dict[str, Response] = {
    "single_choice": "B",
    "multiple_choice": ("A", "C"),
    "true_false": True,
    "blank": {"1": "账期", "2": "dso"},
    "numeric": "１３６.０５ 万元",
    "matching": {"1": "A", "2": "B", "3": "C"},
    "ordering": ("C", "A", "D", "B"),
    "table": {"B1": "64.50", "C1": "64%", "D1": "提醒", "C2": "可疑", "D2": "催收"},
}
PARTLY: dict[str, tuple[Response, Fraction]] = {
    "blank": ({"1": "账期", "2": "DPO"}, Fraction(1, 2)),
    "matching": ({"1": "A", "2": "C"}, Fraction(1, 3)),
    "ordering": (("C", "A", "B", "D"), Fraction(1, 2)),
    "table": ({"B1": "64.51", "C1": "64", "D2": "催收"}, Fraction(2, 5)),
}
"""What earns a part where each right part counts."""
MACHINE_MARKED = tuple(RIGHT)


def item_of_kind(kind: str, item_id: str = "", case: Case | None = None, **changes: Any) -> Item:
    """Return an item of `kind`."""
    whole = make_item(item_id or f"L3-{kind}", kind=kind, key="", samples=(), options=())
    record = {"id": whole.id, "kind": kind, "level": whole.level, "section": whole.section, "point": whole.point, "difficulty": 3, "importance": "X"}
    record |= {"stem": STEMS.get(kind, f"{kind} 题：请作答。"), "key": KEYS[kind], "rationale": "依据。", "samples": [], "enemies": []}
    if kind in BODIES:
        record["body"] = BODIES[kind]
    item, findings = item_from(record, {})
    if item is None:
        raise ValueError(findings)
    texts = ("甲", "乙", "丙", "丁") if kind in WITH_OPTIONS else ()
    options = tuple(Option(letter, text) for letter, text in zip("ABCD", texts, strict=False))
    return replace(item, options=options, case=case, **changes)


def every_item(*, machine_marked: bool = False) -> list[Item]:
    """Return an item of every kind, in the order in which a paper groups them."""
    return [item_of_kind(kind) for kind in (MACHINE_MARKED if machine_marked else KINDS)]


def in_paper(response: Response, ids: dict[str, str]) -> Any:
    """Return a response by letters of the bank as a page sends it by the paper's ids, in JSON types."""
    if isinstance(response, tuple):
        return [ids.get(str(each), each) for each in response]
    if isinstance(response, dict):
        return {part: ids.get(str(value), value) for part, value in response.items()}
    return ids.get(response, response) if isinstance(response, str) else response
