"""How a key or a response of each kind is written in a cell of a workbook, and read again: short enough to type, exact enough to come back the same.

Several texts stand behind each other with `|`, parts on lines of their own with their names before a colon. Reading raises `NotUnderstoodError`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from question_bank.formats.cell_text import guarded, halves, lines_of, plain, split
from question_bank.formats.yaml_document import shorten
from question_bank.kinds.accepted import EVERY_FOLD
from question_bank.kinds.numbers import NotANumberError, number_from
from question_bank.kinds.table import COLUMN_LETTERS
from question_bank.message import N_, Message

TRUE_WORDS = ("正确", "对", "是", "√", "✓", "T", "TRUE", "Y", "YES", "1")
FALSE_WORDS = ("错误", "错", "否", "×", "✗", "X", "F", "FALSE", "N", "NO", "0")
TRUTH = {True: TRUE_WORDS[0], False: FALSE_WORDS[0]}
EMPTY = "（空）"
FOLD_WORDS = {"width": "区分全半角", "case": "区分大小写", "space": "区分空格"}
"""Said of a gap where a difference matters that usually does not."""
FILL_WORDS = {"number": "数字", "text": "文字", "choice": "选择"}
ANY_OF, CHOICES, PARTS, COLONS = "|｜", "/／", ";；", ":："
RELATIVE = "相对"
PLUS_MINUS = "±"
PERCENT_DIGITS = 2
BETWEEN = re.compile(r"[\s,、;→>＞-]+")
PAIR = re.compile(r"([0-9]{1,2})[-–—→:=]*([A-Z])")
NAMED = re.compile(r"\s*([0-9A-Za-z]{1,4})\s*(?:[（(]([^（()）]*)[）)])?\s*[:：](.*)", re.DOTALL)
NUMBERED = re.compile(r"\s*([0-9]{1,2})\s*[.．、)）]\s*(.*)", re.DOTALL)
FILLED = re.compile(r"\s*【(.*)】\s*", re.DOTALL)
UNIT = re.compile(r"\s*(\w+)\s*(?:（(.*)）)?\s*", re.DOTALL)


class NotUnderstoodError(Exception):
    """What stands in a cell cannot be read as what it should be."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def letters_in(text: str) -> list[str]:
    """Return the letters of options in their order: `ACD`, `A、C、D` and `a,c,d` are the same."""
    bare = BETWEEN.sub("", unicodedata.normalize("NFKC", text).upper())
    if not all("A" <= letter <= "Z" for letter in bare):
        raise NotUnderstoodError(Message(N_("Letters of options such as ACD are wanted, not %(given)s"), {"given": shorten(text)}))
    return list(bare)


def letter_in(text: str) -> str:
    """Return the one letter."""
    found = letters_in(text)
    if len(found) != 1:
        raise NotUnderstoodError(Message(N_("One letter such as B is wanted, not %(given)s"), {"given": shorten(text)}))
    return found[0]


def truth_in(text: str) -> bool:
    """Return what 正确, 错误 and their usual other words say."""
    bare = unicodedata.normalize("NFKC", text).strip().upper()
    if bare in TRUE_WORDS or bare in FALSE_WORDS:
        return bare in TRUE_WORDS
    raise NotUnderstoodError(Message(N_("正确 or 错误 is wanted, not %(given)s"), {"given": shorten(text)}))


def accepted_line(name: str, accepted: Mapping[str, Any]) -> str:
    """Return a gap or a cell with the texts that are right there: `1（区分大小写）：甲 | 乙`."""
    matters = [word for fold, word in FOLD_WORDS.items() if fold not in accepted["fold"]]
    said = f"（{'、'.join(matters)}）" if matters else ""
    return f"{name}{said}：{texts_line(accepted['accepted'])}"


def accepted_in(matters: str | None, text: str) -> dict[str, Any]:
    """Return the accepted texts and the differences that do not matter."""
    unknown = [word for word in re.split(r"[\s、,，;；]+", matters or "") if word and word not in FOLD_WORDS.values()]
    if unknown:
        raise NotUnderstoodError(
            Message(N_("%(given)s is not one of %(expected)s"), {"given": unknown[0], "expected": "、".join(FOLD_WORDS.values())})
        )
    return {"accepted": texts_in(text), "fold": [fold for fold in EVERY_FOLD if FOLD_WORDS[fold] not in (matters or "")]}


def texts_line(texts: list[str]) -> str:
    """Return several wordings on one line."""
    return " | ".join(guarded(text, ANY_OF) for text in texts)


def texts_in(line: str) -> list[str]:
    """Return the wordings that are not blank."""
    return [text for piece in split(line, ANY_OF) if (text := plain(piece))]


def gaps_text(gaps: Mapping[str, Any]) -> str:
    """Return the key of a 填空题, one gap a line."""
    return "\n".join(accepted_line(gap, accepted) for gap, accepted in sorted(gaps.items(), key=lambda pair: int(pair[0])))


def gaps_in(text: str) -> dict[str, Any]:
    """Return the key by gap; where no gap is named, the lines are the gaps in their order."""
    lines = lines_of(text)
    named = [NAMED.fullmatch(line) for line in lines]
    if all(found is not None and found[1].isdigit() for found in named):
        return {found[1]: accepted_in(found[2], found[3]) for found in named if found is not None}
    return {str(place): accepted_in(None, line) for place, line in enumerate(lines, start=1)}


def tolerance_text(number: Mapping[str, Any]) -> str:
    """Return a tolerance: nothing for none, `0.5`, or `1%` of the value."""
    tolerance = str(number["tolerance"])
    if not number["relative"]:
        return "" if tolerance == "0" else tolerance
    percent = format(Decimal(tolerance).scaleb(PERCENT_DIGITS), "f")
    return f"{percent}%" if _share(percent) == tolerance else f"{RELATIVE} {tolerance}"


def tolerance_in(text: str) -> dict[str, Any]:
    """Return tolerance and whether it is a share of the value."""
    bare = unicodedata.normalize("NFKC", text).strip().removeprefix(PLUS_MINUS).strip()
    is_percent, is_relative = bare.endswith("%"), bare.startswith(RELATIVE)
    digits = bare.removesuffix("%").removeprefix(RELATIVE).strip() or "0"
    try:
        number_from(digits)
    except NotANumberError as error:
        raise NotUnderstoodError(Message(N_("A tolerance such as 0.5 or 1%% is wanted, not %(given)s"), {"given": shorten(text)})) from error
    return {"tolerance": _share(digits) if is_percent else digits, "relative": is_percent or is_relative}


def prompts_text(prompts: list[str]) -> str:
    """Return the left side of a 匹配题, one line each with its number."""
    return "\n".join(f"{place}. {guarded(prompt, '')}" for place, prompt in enumerate(prompts, start=1))


def prompts_in(text: str) -> list[str]:
    """Return the prompts; their numbers may be left out."""
    lines = lines_of(text)
    numbered = [NUMBERED.fullmatch(line) for line in lines]
    if [found and found[1] for found in numbered] == [str(place) for place in range(1, len(lines) + 1)]:
        return [plain(found[2]) for found in numbered if found]
    return [plain(line) for line in lines]


def pairs_text(pairs: Mapping[str, str]) -> str:
    """Return which letter belongs to which prompt: `1-C 2-A`."""
    return " ".join(f"{prompt}-{letter}" for prompt, letter in sorted(pairs.items(), key=lambda pair: int(pair[0])))


def pairs_in(text: str) -> dict[str, str]:
    """Return the letters by prompt."""
    pieces = [piece for piece in re.split(r"[\s,、;]+", unicodedata.normalize("NFKC", text).upper()) if piece]
    found = [PAIR.fullmatch(piece) for piece in pieces]
    if not all(found):
        raise NotUnderstoodError(Message(N_("Pairs such as 1-C 2-A are wanted, not %(given)s"), {"given": shorten(text)}))
    return {pair[1]: pair[2] for pair in found if pair is not None}


def table_text(body: Mapping[str, Any]) -> str:
    """Return a table, a line for each row with the heads first; `【数字（元）】` is filled in, `【选择：甲/乙】` is chosen."""
    rows = [body["columns"], *body["rows"]]
    return "\n".join(" | ".join(_cell_text(cell) for cell in row) for row in rows)


def table_in(text: str) -> dict[str, Any]:
    """Return the body of a 表格题."""
    rows = [[_cell_in(piece) for piece in split(line, ANY_OF)] for line in lines_of(text)]
    return {"columns": rows[0] if rows else [], "rows": rows[1:]}


def cells_text(cells: Mapping[str, Any]) -> str:
    """Return what is right in the cells of a table, one a line: `B1：64.00 ±0.5`, `B2：甲 | 乙`."""
    return "\n".join(_right_text(name, right) for name, right in sorted(cells.items()))


def cells_in(text: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key by cell, each as the table says it is filled."""
    cells: dict[str, Any] = {}
    for line in lines_of(text):
        found = NAMED.fullmatch(line)
        if found is None:
            raise NotUnderstoodError(
                Message(N_("A cell and what is right there, such as B1：64.00, is wanted, not %(given)s"), {"given": shorten(line)})
            )
        name = found[1].upper()
        cells[name] = _right_in(_fill_of(body, name), found[2], found[3])
    return cells


def elements_text(elements: list[Mapping[str, Any]]) -> str:
    """Return the elements of a 简答题, one a line: `1/4：甲 | 乙`."""
    return "\n".join(f"{element['share']}：{texts_line(element['any'])}" for element in elements)


def elements_in(text: str) -> list[dict[str, Any]]:
    """Return the elements with their shares."""
    found = [halves(line, COLONS) for line in lines_of(text)]
    if not all(found):
        raise NotUnderstoodError(Message(N_("A share and its wordings, such as 1/4：甲 | 乙, is wanted, not %(given)s"), {"given": shorten(text)}))
    return [{"any": texts_in(pair[1]), "share": unicodedata.normalize("NFKC", pair[0]).strip()} for pair in found if pair is not None]


def response_text(kind: str, response: Any) -> str:
    """Return a sample response on one line."""
    if response in ("", [], {}):
        return EMPTY
    if isinstance(response, bool):
        return TRUTH[response]
    if isinstance(response, dict):
        return "；".join(f"{part}={guarded(str(text), PARTS)}" for part, text in response.items())
    if isinstance(response, list):
        return "".join(map(str, response))
    return response if kind == "single_choice" else guarded(str(response), "（" if str(response).startswith("（") else "")


def response_in(kind: str, text: str) -> Any:
    """Return the response that `response_text` wrote."""
    is_empty = text.strip() == EMPTY
    if kind in RESPONSES:
        return RESPONSES[kind]("" if is_empty else text)
    return "" if is_empty else plain(text)


def _parts_in(text: str) -> dict[str, str]:
    found = [halves(piece, "=＝") for piece in split(text, PARTS) if piece.strip()]
    if not all(found):
        raise NotUnderstoodError(Message(N_("Parts such as 1=甲；2=乙 are wanted, not %(given)s"), {"given": shorten(text)}))
    return {unicodedata.normalize("NFKC", pair[0]).strip(): plain(pair[1]) for pair in found if pair is not None}


RESPONSES: Mapping[str, Callable[[str], Any]] = {
    "single_choice": letter_in,
    "multiple_choice": letters_in,
    "ordering": letters_in,
    "true_false": truth_in,
    "blank": _parts_in,
    "matching": _parts_in,
    "table": _parts_in,
}
"""How a response is read that is more than a text."""


def _share(percent: str) -> str:
    return format(Decimal(percent).scaleb(-PERCENT_DIGITS), "f")


def _cell_text(cell: Any) -> str:
    if isinstance(cell, str):
        text = guarded(cell, ANY_OF)
        return f"\\{text}" if text.startswith("【") else text
    unit = f"（{guarded(cell['unit'], '（）()【】' + ANY_OF + COLONS)}）" if cell["unit"] else ""
    choices = "/".join(guarded(choice, CHOICES + ANY_OF + "【】") for choice in cell["choices"])
    return f"【{FILL_WORDS[cell['fill']]}{unit}{'：' + choices if choices else ''}】"


def _cell_in(piece: str) -> str | dict[str, Any]:
    found = FILLED.fullmatch(piece)
    if found is None:
        return plain(piece)
    head, choices = halves(found[1], COLONS) or (found[1], "")
    named = UNIT.fullmatch(head)
    fills = {word: fill for fill, word in FILL_WORDS.items()}
    if named is None or named[1] not in fills:
        expected = "、".join(f"【{word}】" for word in fills)
        raise NotUnderstoodError(Message(N_("%(given)s is not one of %(expected)s"), {"given": shorten(piece.strip()), "expected": expected}))
    cell: dict[str, Any] = {"fill": fills[named[1]], "unit": plain(named[2] or "")}
    return {**cell, "choices": [text for each in split(choices, CHOICES) if (text := plain(each))]}


def _fill_of(body: Mapping[str, Any], name: str) -> str:
    """Return how a cell is filled; `text` where there is none of the name (the kind says so)."""
    column, row = COLUMN_LETTERS.find(name[:1]), int(name[1:]) - 1 if name[1:].isdigit() else -1
    rows = body.get("rows", [])
    if 0 <= row < len(rows) and 0 <= column < len(rows[row]) and isinstance(rows[row][column], dict):
        return str(rows[row][column]["fill"])
    return "text"


def _right_text(name: str, right: Any) -> str:
    if isinstance(right, str):
        return f"{name}：{guarded(right, '')}"
    if "accepted" in right:
        return accepted_line(name, right)
    tolerance = tolerance_text(right)
    return f"{name}：{right['value']}{f' {PLUS_MINUS}{tolerance}' if tolerance else ''}"


def _right_in(fill: str, matters: str | None, text: str) -> Any:
    if fill == "choice":
        return plain(text)
    if fill == "text":
        return accepted_in(matters, text)
    value, _, tolerance = text.partition(PLUS_MINUS)
    return {"value": value.strip(), **tolerance_in(tolerance)}
