"""Papers as people type them, line by line: numbered stems, options A. B. C. D., then 答案, 解析 and the tags. What Word adds to it is in `word.py`.

A line is what stands in one paragraph. `TableLine` stands for a table of the document.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from question_bank.item import Case, Item
from question_bank.message import N_, ExamError, Message
from question_bank.record import Record, plain_response


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table of a document, row by row; the first row has the heads."""

    rows: tuple[tuple[str, ...], ...]


Line: TypeAlias = str | TableLine

KIND_WORDS = {
    "single_choice": ("单项选择题", "单选题", "选择题"),
    "multiple_choice": ("多项选择题", "多选题", "不定项选择题"),
    "true_false": ("判断题", "是非题"),
    "blank": ("填空题",),
    "numeric": ("计算题", "计算填空题"),
    "matching": ("匹配题", "连线题", "配对题"),
    "ordering": ("排序题",),
    "table": ("表格题",),
    "short_text": ("简答题", "问答题"),
    "essay": ("论述题", "作文题", "写作题"),
}
"""What heads the items of a kind; the first is written."""
KIND_OF_WORD = {word: kind for kind, words in KIND_WORDS.items() for word in words}
HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+\s*[、.．]\s*)?(?P<word>" + "|".join(sorted(KIND_OF_WORD, key=len, reverse=True)) + r")\s*(?:[（(：:].*)?$"
)
STEM = re.compile(r"^(?P<number>[0-9]{1,4})\s*[.．、]\s*(?P<text>.*)$", re.DOTALL)
OPTION = re.compile(r"^\s*(?P<letter>[A-JＡ-Ｊ])\s*[.．、:：]\s*(?P<text>.*)$", re.DOTALL)
SAME_LINE = re.compile(r"(?<!\s)(?:\s{2,}+|\t)(?=[B-JＢ-Ｊ]\s*[.．、:：])")
PROMPT = re.compile(r"^[（(](?P<number>[0-9]{1,2})[）)]\s*(?P<text>.*)$")
CASE = re.compile(r"^案例\s*(?P<id>[A-Za-z0-9][A-Za-z0-9._-]*)?\s*[：:]\s*(?P<title>.*)$")
CASE_END = "（材料完）"
FIELD_WORDS = "参考答案|正确答案|答案|解析|分析|编号|级别|部分|知识点|难度|重要程度|互斥|案例|样例|单位|小数位|匹配|可重复|要点|字数"
FIELD = re.compile(rf"^(?:[【\[](?P<framed>{FIELD_WORDS})[】\]]\s*[：:]?|(?P<bare>{FIELD_WORDS})\s*[：:])\s*(?P<text>.*)$", re.DOTALL)
SAME_FIELD = {"参考答案": "答案", "正确答案": "答案", "分析": "解析"}
LONG_FIELDS = frozenset({"解析", "答案", "要点", "样例"})
"""What may go on in the next lines."""
BLANK_TYPED = re.compile(r"_{3,}")
GAP = re.compile(r"\[\[[1-9][0-9]?\]\]")
RIGHT, WRONG = ("正确", "对", "√", "Y", "T", "是"), ("错误", "错", "×", "X", "N", "F", "否")
IMPORTANCES = ("X", "Y", "Z")


class UnreadableKeyError(ExamError):
    """An answer that is not written as its kind's answers are."""

    def __init__(self, written: str) -> None:
        super().__init__(Message(N_("The answer “%(written)s” is not written as answers of this kind are"), {"written": written[:60]}))


@dataclass(slots=True)
class Typed:
    """An item as typed: its number in the paper, lines of the stem, options, fields by name, and a table."""

    kind: str
    number: str
    stem: list[str]
    options: dict[str, str] = field(default_factory=dict)
    prompts: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    table: TableLine | None = None
    case: str | None = None

    def text(self, name: str) -> str:
        """Return what stands in a field, its lines together."""
        return "\n".join(self.fields.get(name, []))


def split_typed(lines: Sequence[Line]) -> tuple[list[Typed], dict[str, Case], list[Message]]:
    """Cut lines into items and cases; what belongs to neither is told."""
    return _Cutter().cut(lines)


class _Cutter:
    """Goes through the lines with the item at hand, the field that goes on, and the case that is open."""

    def __init__(self) -> None:
        self.kind = ""
        self.items: list[Typed] = []
        self.cases: dict[str, Case] = {}
        self.strays: list[Message] = []
        self.goes_on = ""
        self.open_case: tuple[str, str, list[str]] | None = None

    def cut(self, lines: Sequence[Line]) -> tuple[list[Typed], dict[str, Case], list[Message]]:
        for line in lines:
            if isinstance(line, TableLine):
                self._take_table(line)
            elif self.open_case is not None:
                self._take_case_line(line)
            else:
                self._take(line)
        self._close_case()
        return self.items, self.cases, self.strays

    def _take(self, line: str) -> None:
        stripped = line.strip()
        if heading := HEADING.match(stripped):
            self.kind, self.goes_on = KIND_OF_WORD[heading["word"]], ""
        elif (
            (case := CASE.match(stripped))
            and (case["id"] or not self.items or self.goes_on != "stem")
            and case["title"]
            and not self._is_case_field(stripped)
        ):
            self.open_case = (case["id"] or f"CASE-{len(self.cases) + 1}", case["title"], [])
        elif stem := STEM.match(stripped):
            self.items.append(Typed(self.kind, stem["number"], [stem["text"]]))
            self.goes_on = "stem"
        elif self.items:
            self._take_inside(line, self.items[-1])
        elif stripped:
            self.strays.append(Message(N_("This line belongs to no item: %(line)s"), {"line": stripped[:60]}))

    def _is_case_field(self, line: str) -> bool:
        """After an item's other fields, 案例：C-1 names the case that it belongs to."""
        found = FIELD.match(line)
        return bool(self.items) and found is not None and found["text"].strip() in self.cases

    def _take_inside(self, line: str, item: Typed) -> None:
        stripped = line.strip()
        if found := FIELD.match(stripped):
            written = found["framed"] or found["bare"]
            name = SAME_FIELD.get(written, written)
            if name == "案例":
                item.case = found["text"].strip()
            item.fields.setdefault(name, []).append(found["text"])
            self.goes_on = name
        elif self.goes_on in ("stem", "option", "prompt") and OPTION.match(stripped):
            for part in SAME_LINE.split(stripped):
                if option := OPTION.match(part):
                    item.options[_half(option["letter"])] = option["text"].strip()
            self.goes_on = "option"
        elif self.goes_on in ("stem", "prompt") and item.kind == "matching" and (prompt := PROMPT.match(stripped)):
            item.prompts.append(prompt["text"])
            self.goes_on = "prompt"
        elif self.goes_on == "stem":
            item.stem.append(line)
        elif self.goes_on in LONG_FIELDS:
            item.fields[self.goes_on].append(line)
        elif stripped:
            self.strays.append(Message(N_("This line belongs to no item: %(line)s"), {"line": stripped[:60]}))

    def _take_table(self, table: TableLine) -> None:
        if self.open_case is not None:
            self.open_case[2].extend(markdown_table(table))
        elif not self.items:
            self.strays.append(Message(N_("A table belongs to no item")))
        elif self.items[-1].kind == "table" and self.items[-1].table is None:
            self.items[-1].table = table
            self.goes_on = ""
        else:
            self.items[-1].stem.extend(["", *markdown_table(table)])

    def _take_case_line(self, line: str) -> None:
        if self.open_case is None:
            return
        if line.strip() == CASE_END:
            self._close_case()
        elif HEADING.match(line.strip()):
            self._close_case()
            self._take(line)
        else:
            self.open_case[2].append(line)

    def _close_case(self) -> None:
        if self.open_case is not None:
            case_id, title, lines = self.open_case
            self.cases[case_id] = Case(case_id, title, "\n".join(lines).strip("\n"))
            self.open_case, self.goes_on = None, ""


def markdown_table(table: TableLine) -> list[str]:
    """Return a table as lines of Markdown."""
    rows = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in table.rows]
    return [rows[0], "|" + " --- |" * len(table.rows[0]), *rows[1:]] if rows else []


def record_from(typed: Typed) -> Record:
    """Return the record of a typed item; raise `UnreadableKeyError` where the answer cannot be read."""
    kind = typed.kind or guessed_kind(typed)
    stem = "\n".join(typed.stem).strip()
    record: Record = {
        "id": typed.text("编号").strip(),
        "kind": kind,
        "level": typed.text("级别").strip(),
        "section": typed.text("部分").strip(),
        "point": typed.text("知识点").strip(),
        "difficulty": _whole(typed.text("难度")),
        "importance": typed.text("重要程度").strip(),
        "stem": _gaps_numbered(stem) if kind == "blank" else stem,
        "options": typed.options or None,
        "rationale": typed.text("解析").strip(),
        "enemies": typed.text("互斥").split(),
    }
    if typed.case:
        record["case"] = typed.case
    written = typed.text("答案").strip() or _answer_in(record, kind)
    body, record["key"] = _READERS[kind](typed, written) if kind in _READERS else ({}, None)
    if body:
        record["body"] = body
    record["samples"] = samples_from(kind, typed.text("样例"), record["key"])
    return {name: value for name, value in record.items() if value not in ("", None) or name in ("options", "rationale", "key")}


def guessed_kind(typed: Typed) -> str:
    """Return the kind of an item under no heading, by what it has and how its answer is written."""
    answer = typed.text("答案").strip()
    if typed.options:
        return "multiple_choice" if len(re.findall(r"[A-JＡ-Ｊ]", answer)) > 1 else "single_choice"
    if answer in RIGHT + WRONG:
        return "true_false"
    return "blank" if BLANK_TYPED.search("\n".join(typed.stem)) else "short_text"


def _half(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter)


def _whole(text: str) -> int | str:
    stripped = text.strip()
    return int(stripped) if re.fullmatch(r"[0-9]{1,3}", stripped) else stripped


def _gaps_numbered(stem: str) -> str:
    count = 0

    def number(_found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"[[{count}]]"

    return BLANK_TYPED.sub(number, stem)


def _answer_in(record: Record, kind: str) -> str:
    """Take an answer out of the stem's own brackets, as some papers have it: （B） or （√）."""
    if kind not in ("single_choice", "multiple_choice", "true_false"):
        return ""
    found = re.search(r"[（(]\s*([A-JＡ-Ｊ]{1,5}|√|×|对|错)\s*[）)]", record["stem"])
    if found is None:
        return ""
    blank = "（　　）" if kind != "true_false" else ""
    record["stem"] = (record["stem"][: found.start()] + blank + record["stem"][found.end() :]).strip()
    return found[1]


# -------------------------------------------------------------- answers, read


def _letters(written: str) -> list[str]:
    letters = [_half(letter) for letter in re.findall(r"[A-JＡ-Ｊ]", written)]
    if not letters or re.sub(r"[A-JＡ-Ｊ、，,;；\s]", "", written):
        raise UnreadableKeyError(written)
    return letters


def _single(_typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    letters = _letters(written)
    if len(letters) > 1:
        raise UnreadableKeyError(written)
    return {}, letters[0]


def _multiple(_typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    return {}, _letters(written)


def _truth(_typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    if written in RIGHT or written in WRONG:
        return {}, written in RIGHT
    raise UnreadableKeyError(written)


def _blank(typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    folds = split_escaped(typed.text("匹配"), "；")
    gaps = {}
    for place, part in enumerate(split_escaped(written, "；")):
        gaps[str(place + 1)] = {"accepted": [unescaped(each) for each in split_escaped(part, "/")]}
        if place < len(folds):
            gaps[str(place + 1)]["fold"] = [FOLD_OF_WORD.get(word, word) for word in folds[place].split("、") if word != NO_FOLD]
    return {}, {"gaps": gaps}


def _numeric(typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    body: dict[str, Any] = {}
    if unit := typed.text("单位").strip():
        body["unit"] = unit
    if decimals := typed.text("小数位").strip():
        body["decimals"] = _whole(decimals)
    return body, number_key(written)


def _ordering(_typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    return {}, _letters(re.sub(r"[→\->＞>]", "、", written))


def _matching(typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    pairs = re.findall(r"([0-9]{1,2})\s*[-－—–→]\s*([A-JＡ-Ｊ])", written)
    if not pairs:
        raise UnreadableKeyError(written)
    body: dict[str, Any] = {"prompts": typed.prompts} | ({"reuse": True} if typed.text("可重复").strip() == "是" else {})
    return body, {"pairs": {number: _half(letter) for number, letter in pairs}}


def _table(typed: Typed, _written: str) -> tuple[dict[str, Any], object]:
    if typed.table is None:
        raise ExamError(Message(N_("An item of this kind needs a table below its stem")))
    rows: list[list[object]] = []
    cells: dict[str, object] = {}
    for number, row in enumerate(typed.table.rows[1:], start=1):
        rows.append([])
        for place, text in enumerate(row):
            cell, key = cell_from(text)
            rows[-1].append(cell)
            if key is not None:
                cells[f"{chr(ord('A') + place)}{number}"] = key
    return {"columns": list(typed.table.rows[0]), "rows": rows}, {"cells": cells}


def _short_text(typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    elements = []
    for line in typed.text("要点").split("\n"):
        share, _blank, wordings = line.strip().partition(" ")
        if wordings:
            elements.append({"share": share, "any": [unescaped(each) for each in split_escaped(wordings, "/")]})
    body = {"most": _whole(typed.text("字数"))} if typed.text("字数").strip() else {}
    return body, {"model": written, "elements": elements}


def _essay(typed: Typed, written: str) -> tuple[dict[str, Any], object]:
    length = typed.text("字数").strip()
    limits = re.fullmatch(r"([0-9]{1,9})\s*[-－—–]\s*([0-9]{1,9})", length)
    body: dict[str, Any] = {"least": int(limits[1]), "most": int(limits[2])} if limits else {"least": length} if length else {}
    return body, {"model": written, "elements": [line for line in typed.text("要点").split("\n") if line.strip()]}


_READERS = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _truth,
    "blank": _blank,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "table": _table,
    "short_text": _short_text,
    "essay": _essay,
}

FOLD_WORDS = {"width": "全半角", "case": "大小写", "space": "空格"}
FOLD_OF_WORD = {word: fold for fold, word in FOLD_WORDS.items()}
NO_FOLD = "无"


def number_key(written: str) -> dict[str, object]:
    """Return the key that 136.00±0.01 says; with a share of the value it is 136.00±1%."""
    value, sign, tolerance = written.partition("±")
    key: dict[str, object] = {"value": value.strip()}
    if sign:
        share = tolerance.strip()
        relative = share.endswith("%")
        key |= {"tolerance": _hundredth(share[:-1]) if relative else share, "relative": relative}
    return key


def _hundredth(percent: str) -> str:
    try:
        return format(Decimal(percent.strip()).scaleb(-2), "f")
    except ArithmeticError as error:
        raise UnreadableKeyError(percent) from error


def cell_from(text: str) -> tuple[object, object]:
    """Return the cell and its key that a typed cell says: 【136.00±0.01|万元】, 【文:甲/乙】, 【选:甲/乙=乙】, or what is printed."""
    stripped = text.strip()
    if not (stripped.startswith("【") and stripped.endswith("】")):
        return text, None
    inside = stripped[1:-1]
    if inside.startswith(("文:", "文：")):
        return {"fill": "text"}, {"accepted": [unescaped(each) for each in split_escaped(inside[2:], "/")]}
    if inside.startswith(("选:", "选：")):
        choices, _sign, right = inside[2:].rpartition("=")
        return {"fill": "choice", "choices": [unescaped(each) for each in split_escaped(choices, "/")]}, unescaped(right)
    value, _bar, unit = inside.partition("|")
    return {"fill": "number", "unit": unit}, number_key(value)


def samples_from(kind: str, written: str, key: object) -> list[dict[str, object]]:
    """Return the sample responses that are written, each as a line 1/2 = …; where there are none, the key itself and no right answer."""
    samples = []
    for line in written.split("\n"):
        share, sign, answer = line.partition("=")
        if sign:
            try:
                samples.append({"answer": json.loads(answer), "fraction": share.strip()})
            except (ValueError, RecursionError) as error:
                raise UnreadableKeyError(line) from error
    return samples or default_samples(kind, key)


def default_samples(kind: str, key: object) -> list[dict[str, object]]:
    """Return a full and a worthless response for the kinds whose key is itself a response."""
    if kind == "true_false" and isinstance(key, bool):
        return [{"answer": key, "fraction": 1}, {"answer": not key, "fraction": 0}]
    if kind == "single_choice" and isinstance(key, str):
        return [{"answer": key, "fraction": 1}, {"answer": "A" if key != "A" else "B", "fraction": 0}]
    if kind in ("multiple_choice", "ordering") and isinstance(key, list):
        return [{"answer": key, "fraction": 1}, {"answer": [] if kind == "multiple_choice" else key[::-1], "fraction": 0}]
    return []


def split_escaped(text: str, sign: str) -> list[str]:
    """Split at a sign where no backslash stands before it; the parts keep their backslashes."""
    return re.split(rf"(?<!\\){re.escape(sign)}", text) if text else []


def unescaped(text: str) -> str:
    """Return a part without its backslashes."""
    return re.sub(r"\\(.)", r"\1", text).strip()


def escaped(text: str, signs: str = "/；=|【】\\") -> str:
    """Return a text in which no sign would be taken for one of ours."""
    return "".join(f"\\{sign}" if sign in signs else sign for sign in text)


# -------------------------------------------------------------- items, written


def lines_of(item: Item, number: int) -> Iterator[Line]:
    """Give the lines of an item as they are typed; a table of the item comes as a `TableLine`."""
    stem = GAP.sub("____", item.stem) if item.kind == "blank" else item.stem
    first, *more = stem.split("\n")
    yield f"{number}. {first}"
    yield from more
    if item.kind == "table":
        yield _table_line(item)
    for place, prompt in enumerate(item.body.get("prompts", []), start=1):  # type: ignore[arg-type, var-annotated]  # the matching kind's own shape
        yield f"（{place}）{prompt}"
    for option in item.options:
        yield f"{option.letter}. {option.text}"
    yield from _answer_lines(item)
    yield from f"解析：{item.rationale}".split("\n")
    yield f"编号：{item.id}"
    yield f"级别：{item.level}"
    yield f"部分：{item.section}"
    yield f"知识点：{item.point}"
    yield f"难度：{item.difficulty}"
    yield f"重要程度：{item.importance}"
    if item.case is not None:
        yield f"案例：{item.case.id}"
    if item.enemies:
        yield f"互斥：{' '.join(item.enemies)}"
    for sample in item.samples:
        yield f"样例：{sample.fraction}={json.dumps(plain_response(sample.answer), ensure_ascii=False)}"


def case_lines(case: Case) -> Iterator[str]:
    """Give the lines of a case."""
    yield f"案例 {case.id}：{case.title}"
    yield from case.text.split("\n")
    yield CASE_END


def _answer_lines(item: Item) -> Iterator[str]:
    key: Any = item.key
    yield from f"答案：{_ANSWERS[item.kind](key)}".split("\n") if item.kind in _ANSWERS else ()
    yield from _MORE[item.kind](item, key) if item.kind in _MORE else ()


_ANSWERS: dict[str, Callable[[Any], str]] = {
    "single_choice": str,
    "multiple_choice": "".join,
    "true_false": lambda key: RIGHT[0] if key else WRONG[0],
    "ordering": "→".join,
    "blank": lambda key: "；".join("/".join(map(escaped, key["gaps"][gap]["accepted"])) for gap in sorted(key["gaps"], key=int)),
    "numeric": lambda key: _number_written(key),  # noqa: PLW0108 -- it is defined below
    "matching": lambda key: "；".join(f"{prompt}-{letter}" for prompt, letter in key["pairs"].items()),
    "short_text": lambda key: str(key["model"]),
    "essay": lambda key: str(key["model"]),
}


def _more_of_blank(_item: Item, key: Any) -> Iterator[str]:
    folds = [key["gaps"][gap]["fold"] for gap in sorted(key["gaps"], key=int)]
    yield "匹配：" + "；".join("、".join(FOLD_WORDS[each] for each in fold) or NO_FOLD for fold in folds)


def _more_of_numeric(item: Item, _key: Any) -> Iterator[str]:
    if item.body.get("unit"):
        yield f"单位：{item.body['unit']}"
    if item.body.get("decimals") is not None:
        yield f"小数位：{item.body['decimals']}"


def _more_of_matching(item: Item, _key: Any) -> Iterator[str]:
    if item.body.get("reuse"):
        yield "可重复：是"


def _more_of_short_text(item: Item, key: Any) -> Iterator[str]:
    for element in key["elements"]:
        yield f"要点：{element['share']} {'/'.join(map(escaped, element['any']))}"
    yield f"字数：{item.body['most']}"


def _more_of_essay(item: Item, key: Any) -> Iterator[str]:
    for element in key["elements"]:
        yield f"要点：{element}"
    yield f"字数：{item.body['least']}-{item.body['most']}"


_MORE: dict[str, Callable[[Item, Any], Iterator[str]]] = {
    "blank": _more_of_blank,
    "numeric": _more_of_numeric,
    "matching": _more_of_matching,
    "short_text": _more_of_short_text,
    "essay": _more_of_essay,
}


def _number_written(key: dict[str, Any]) -> str:
    tolerance = Fraction(str(key["tolerance"]))
    if key["relative"]:
        return f"{key['value']}±{format(Decimal(key['tolerance']).scaleb(2), 'f')}%"
    return str(key["value"]) if not tolerance else f"{key['value']}±{key['tolerance']}"


def _table_line(item: Item) -> TableLine:
    body: Any = item.body
    key: Any = item.key
    rows = [tuple(body["columns"])]
    for number, row in enumerate(body["rows"], start=1):
        cells = [
            cell if isinstance(cell, str) else _cell_written(cell, key["cells"][f"{chr(ord('A') + place)}{number}"]) for place, cell in enumerate(row)
        ]
        rows.append(tuple(cells))
    return TableLine(tuple(rows))


def _cell_written(cell: dict[str, Any], right: Any) -> str:
    if cell["fill"] == "text":
        return f"【文:{'/'.join(escaped(each) for each in right['accepted'])}】"
    if cell["fill"] == "choice":
        return f"【选:{'/'.join(escaped(each) for each in cell['choices'])}={escaped(right)}】"
    return f"【{_number_written(right)}|{cell['unit']}】"
