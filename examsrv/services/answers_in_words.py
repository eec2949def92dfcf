"""What was answered, and what is right, in words: letters as somebody saw them, parts by their names. For those who mark, explain and approve."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from examsrv.domain.form import LETTERS
from examsrv.domain.steps import is_answer
from question_bank.message import N_, Message

RIGHT, WRONG, NO_ANSWER, UNREADABLE = Message(N_("True")), Message(N_("False")), Message(N_("No answer")), Message(N_("Not readable"))
BETWEEN_PARTS, BETWEEN_TEXTS = "; ", " / "


def answer_in_words(kind: str, value: object, options: Sequence[str]) -> Message:
    """Return a stored answer in words; `options` are the ids of the item's options in the order in which they were seen."""
    if not is_answer(value):
        return NO_ANSWER
    return _in_words(ANSWERS.get(kind, _letters), value, options)


def key_in_words(kind: str, key: object, options: Sequence[str]) -> Message:
    """Return the key of a paper's item in words."""
    return _in_words(KEYS.get(kind, _letters), key, options)


def _in_words(words: Callable[[Any, Sequence[str]], str], value: object, options: Sequence[str]) -> Message:
    if isinstance(value, bool):
        return RIGHT if value else WRONG
    try:
        text = words(value, options)
    except (TypeError, ValueError, KeyError, AttributeError):  # whatever a machine stored has to be shown
        return UNREADABLE
    return Message("%(text)s", {"text": text})


def _letters(value: str | Sequence[str], options: Sequence[str]) -> str:
    return "".join(sorted(_order(value, options)))


def _order(value: str | Sequence[str], options: Sequence[str]) -> str:
    return "".join(LETTERS[options.index(option)] for option in ([value] if isinstance(value, str) else value))


def _pairs(value: Mapping[str, str], options: Sequence[str]) -> str:
    return BETWEEN_PARTS.join(f"{part}–{_order(option, options)}" for part, option in sorted(value.items()))


def _parts(value: Mapping[str, str], _options: Sequence[str]) -> str:
    return BETWEEN_PARTS.join(f"{part}: {text}" for part, text in sorted(value.items()))


def _text(value: str, _options: Sequence[str]) -> str:
    return value + ""  # anything but a text raises


def _files(value: Sequence[Mapping[str, Any]], _options: Sequence[str]) -> str:
    return BETWEEN_TEXTS.join(str(file["name"]) for file in value)


def _right_part(key: Any) -> str:
    """Return what is right in one part: a number with its tolerance, accepted texts, or a choice."""
    if isinstance(key, str):
        return key
    if "accepted" in key:
        return BETWEEN_TEXTS.join(key["accepted"])
    tolerance = f"{key['tolerance']} × {key['value']}" if key.get("relative") else key.get("tolerance", "0")
    within = "" if key.get("tolerance", "0") == "0" else f" ± {tolerance}"
    return f"{key['value']}{within} {key.get('unit', '')}".strip()


def _right_parts(field: str) -> Callable[[Mapping[str, Any], Sequence[str]], str]:
    return lambda key, _options: BETWEEN_PARTS.join(f"{part}: {_right_part(right)}" for part, right in sorted(key[field].items()))


ANSWERS: Mapping[str, Callable[[Any, Sequence[str]], str]] = {
    "ordering": _order,
    "matching": _pairs,
    "blank": _parts,
    "table": _parts,
    "numeric": _text,
    "short_text": _text,
    "essay": _text,
    "upload": _files,
}
KEYS: Mapping[str, Callable[[Any, Sequence[str]], str]] = {
    "ordering": _order,
    "matching": lambda key, options: _pairs(key["pairs"], options),
    "blank": _right_parts("gaps"),
    "table": _right_parts("cells"),
    "numeric": lambda key, _options: _right_part(key),
    "short_text": lambda key, _options: str(key["model"]),
    "essay": lambda key, _options: str(key["model"]),
    "upload": lambda key, _options: str(key["model"]),
}
