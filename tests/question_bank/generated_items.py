"""Valid items of every kind, made up by hypothesis: what a format writes must come back as the same items, by digest.

`items_of(kind)` gives one item, `banks(kind …)` some items with different ids, partly under cases. Texts hold Chinese and Latin letters, punctuation,
what formats use as marks themselves (= + - @ < & | ; A. 答案：), pictures by digest and, where a person would break lines, line breaks.
"""

import hashlib
import struct
import zlib
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from question_bank.item import Case, Item
from question_bank.kinds import KINDS
from question_bank.kinds.accepted import EVERY_FOLD
from question_bank.kinds.options import LETTERS
from question_bank.kinds.upload import MOST_FILES, MOST_MEGABYTES
from question_bank.record import item_from, response_of
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD


def _png(grey: int) -> bytes:
    """Return a picture of one point."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes([0, grey]))), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PICTURES = {hashlib.sha256(content).hexdigest(): content for content in map(_png, (0, 128, 255))}
"""The pictures that generated texts may name, by digest."""

CHARACTERS = "信用管理师赊销账款风险甲乙丙一二三，。；：、（）“”《》—…％￥①②𠮷ABCxyz0123456789 .,;:!?=+-@<>&|\"'\\/[]{}()#*_~^$%`　"
FRAGMENTS = ["=1+1", "-5", "+86", "@甲", "<b>", "&amp;", "A. ", "B、", "答案：A", "解析：", "1/2", "2026-11-26", "##", "| - |", "TRUE", "007"]
FRAGMENTS += ["**重点**", "$x^2$", *(f"![图](media:{digest})" for digest in PICTURES)]
PIECES = st.one_of(st.text(CHARACTERS, min_size=1, max_size=8), st.sampled_from(FRAGMENTS))
LINES = st.lists(PIECES, min_size=1, max_size=3).map(lambda pieces: "".join(pieces).strip()).filter(bool)
"""A line of text without blanks around it."""
TEXTS = st.lists(LINES, min_size=1, max_size=3).flatmap(lambda lines: st.sampled_from(["\n", "\n\n"]).map(lambda gap: gap.join(lines)))
"""Some lines, maybe with empty ones between."""
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
CASES = st.builds(Case, IDS, LINES, TEXTS)
TAGS = [(level, point.weight_key, point.id) for level in ("L3", "L2") for point in STANDARD.points_of(ComponentKey.THEORY, level)]
VALUES = st.decimals(-(10**9), 10**9, places=2).map(str) | st.integers(-9, 10**12).map(str)
TOLERANCES = st.sampled_from(["0", "0.01", "0.5", "1"])
FOLDS = st.sets(st.sampled_from(EVERY_FOLD)).map(lambda chosen: [fold for fold in EVERY_FOLD if fold in chosen])
WRONG_TEXT = "不知道也没有写对"
"""Too long to be an accepted text by chance."""


def _some(texts: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=least, max_size=most, unique=True)


@st.composite
def _options(draw: st.DrawFn, least: int, most: int) -> dict[str, str]:
    return dict(zip(LETTERS, draw(_some(LINES, least, most)), strict=False))


@st.composite
def _accepted(draw: st.DrawFn) -> dict[str, Any]:
    return {"accepted": draw(_some(LINES, 1, 3)), "fold": draw(FOLDS)}


@st.composite
def _number(draw: st.DrawFn) -> dict[str, Any]:
    return {"value": draw(VALUES), "tolerance": draw(TOLERANCES), "relative": draw(st.booleans())}


@st.composite
def _single_choice(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(_options(4, 4))
    return {"options": options, "key": draw(st.sampled_from(list(options))), "answers": list(options)}


@st.composite
def _multiple_choice(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(_options(4, 5))
    chosen = st.sets(st.sampled_from(list(options)), min_size=2, max_size=4).map(sorted)
    key = draw(chosen)
    return {"options": options, "key": key, "answers": [key, [], draw(chosen)]}


@st.composite
def _true_false(draw: st.DrawFn) -> dict[str, Any]:
    return {"key": draw(st.booleans()), "answers": [True, False]}


@st.composite
def _blank(draw: st.DrawFn) -> dict[str, Any]:
    around = draw(st.lists(LINES, min_size=2, max_size=4))
    stem = around[0] + "".join(f"[[{place}]]{text}" for place, text in enumerate(around[1:], start=1))
    gaps = {str(place): draw(_accepted()) for place in range(1, len(around))}
    right = {gap: accepted["accepted"][-1] for gap, accepted in gaps.items()}
    return {"stem": stem, "key": {"gaps": gaps}, "answers": [right, {}, right | {"1": WRONG_TEXT}]}


@st.composite
def _numeric(draw: st.DrawFn) -> dict[str, Any]:
    body = {"unit": draw(st.sampled_from(["", "元", "万元", "%", "天"])), "decimals": draw(st.none() | st.integers(0, 6))}
    key = draw(_number())
    return {"body": body, "key": key, "answers": [key["value"], "不会", draw(VALUES)]}


@st.composite
def _matching(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(_options(2, 5))
    reuse = draw(st.booleans())
    prompts = draw(_some(LINES, 2, 5 if reuse else len(options)))
    belonging = st.lists(st.sampled_from(list(options)), min_size=len(prompts), max_size=len(prompts), unique=not reuse)
    pairs = {str(place): letter for place, letter in enumerate(draw(belonging), start=1)}
    return {"options": options, "body": {"prompts": prompts, "reuse": reuse}, "key": {"pairs": pairs}, "answers": [pairs, {}, {"1": "A"}]}


@st.composite
def _ordering(draw: st.DrawFn) -> dict[str, Any]:
    options = draw(_options(3, 6))
    key = draw(st.permutations(list(options)))
    return {"options": options, "key": key, "answers": [key, key[::-1], draw(st.permutations(list(options)))]}


@st.composite
def _table(draw: st.DrawFn) -> dict[str, Any]:
    columns = draw(st.lists(LINES | st.just(""), min_size=2, max_size=4))
    rows: list[list[object]] = [[draw(LINES | st.just("")) for _ in columns] for _ in range(draw(st.integers(1, 3)))]
    places = [(row, column) for row in range(len(rows)) for column in range(len(columns))]
    cells: dict[str, Any] = {}
    right: dict[str, str] = {}
    for row, column in draw(st.sets(st.sampled_from(places), min_size=1, max_size=4)):
        name = f"{'ABCD'[column]}{row + 1}"
        rows[row][column], cells[name], right[name] = draw(_cell())
    return {"body": {"columns": columns, "rows": rows}, "key": {"cells": cells}, "answers": [right, {}, right | {min(right): WRONG_TEXT}]}


@st.composite
def _cell(draw: st.DrawFn) -> tuple[dict[str, Any], Any, str]:
    """Return a cell to fill in, what is right there, and an answer that is."""
    fill = draw(st.sampled_from(["number", "text", "choice"]))
    if fill == "number":
        number = draw(_number())
        return {"fill": fill, "unit": draw(st.sampled_from(["", "元", "%"]))}, number, number["value"]
    if fill == "text":
        accepted = draw(_accepted())
        return {"fill": fill}, accepted, accepted["accepted"][0]
    choices = draw(_some(LINES, 2, 4))
    chosen = draw(st.sampled_from(choices))
    return {"fill": fill, "choices": choices}, chosen, chosen


@st.composite
def _short_text(draw: st.DrawFn) -> dict[str, Any]:
    words = draw(st.lists(_some(LINES, 1, 2), min_size=1, max_size=4))
    shares = draw(st.sampled_from([[f"1/{len(words)}"] * len(words), [*(["1/10"] * (len(words) - 1)), f"{11 - len(words)}/10"]]))
    elements = [{"any": wordings, "share": share} for wordings, share in zip(words, shares, strict=True)]
    model = "\n".join([draw(LINES), *(wordings[0] for wordings in words)])
    body = {"most": draw(st.integers(len(model), 2000))}
    return {"body": body, "key": {"model": model, "elements": elements}, "answers": [model, "", draw(TEXTS)]}


@st.composite
def _essay(draw: st.DrawFn) -> dict[str, Any]:
    body = {"least": draw(st.integers(0, 300)), "most": draw(st.integers(300, 20_000))}
    return {"body": body, "key": {"model": draw(TEXTS), "elements": draw(st.lists(LINES, max_size=3))}, "answers": []}


@st.composite
def _upload(draw: st.DrawFn) -> dict[str, Any]:
    types = draw(st.lists(st.sampled_from(["xlsx", "docx", "pdf", "png", "jpg", "csv", "txt"]), min_size=1, unique=True))
    body = {"types": types, "megabytes": draw(st.integers(1, MOST_MEGABYTES)), "files": draw(st.integers(1, MOST_FILES))}
    return {"body": body, "key": {"model": draw(TEXTS)}, "answers": []}


OWN = {
    "single_choice": _single_choice(),
    "multiple_choice": _multiple_choice(),
    "true_false": _true_false(),
    "blank": _blank(),
    "numeric": _numeric(),
    "matching": _matching(),
    "ordering": _ordering(),
    "table": _table(),
    "short_text": _short_text(),
    "essay": _essay(),
    "upload": _upload(),
}
"""What is special to each kind; `answers` become samples with what they earn."""


@st.composite
def items_of(draw: st.DrawFn, kind: str, item_id: str = "S-1", case: Case | None = None) -> Item:
    """Return a valid item of `kind`."""
    own = draw(OWN[kind])
    answers = own.pop("answers")
    level, section, point = draw(st.sampled_from(TAGS))
    record = {"id": item_id, "kind": kind, "level": level, "section": section, "point": point, "stem": draw(TEXTS), **own}
    record |= {"difficulty": draw(st.integers(1, 5)), "importance": draw(st.sampled_from("XYZ")), "rationale": draw(TEXTS)}
    record |= {"case": None if case is None else case.id, "samples": [], "enemies": draw(st.lists(IDS, max_size=2, unique=True))}
    cases = {} if case is None else {case.id: case}
    item, _ = item_from(record, cases)
    record["samples"] = [{"answer": answer, "fraction": str(_earned(item, answer))} for answer in answers]
    whole, findings = item_from(record, cases)
    if findings or KINDS[kind].validate(whole):
        raise AssertionError(f"the generator made a faulty item: {findings} {KINDS[kind].validate(whole)}")
    return whole


@st.composite
def banks(draw: st.DrawFn, *kinds: str) -> list[Item]:
    """Return some items of `kinds` (of all, if none is named) with different ids; some of them have a case, of at most two."""
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    cases = draw(st.lists(CASES, max_size=2, unique_by=lambda case: case.id))
    return [draw(items_of(draw(st.sampled_from(kinds or tuple(KINDS))), each, draw(st.sampled_from([None, *cases])))) for each in ids]


def _earned(item: Item, answer: object) -> Fraction:
    kind = KINDS[item.kind]
    key = kind.marking_key(item, {letter: letter for letter in LETTERS})
    return kind.fraction(key, response_of(kind, answer), kind.sample_policy)
