"""Several texts in one cell, as a person edits them: a backslash before a mark takes the mark for itself, `⏎` is a line break within one of them.

A backslash before anything else is a backslash, so that formulas can be typed as they are.
"""

from collections.abc import Callable, Iterator

ESCAPE = "\\"
BREAK = "⏎"
MARKS = frozenset("|｜/／;；:：=＝()（）【】" + BREAK + ESCAPE)
"""What a backslash can take for itself, besides blanks."""


def guarded(text: str, marks: str) -> str:
    """Return `text` so that none of `marks`, line breaks or blanks at its ends is taken for more than itself."""
    inside = []
    for place, (character, following) in enumerate(zip(text, [*text[1:], ""], strict=False)):
        is_at_end = place in (0, len(text) - 1)
        if character == "\n":
            inside.append(BREAK)
        elif character in marks or character == BREAK or (character.isspace() and is_at_end) or (character == ESCAPE and _is_taken(following)):
            inside.append(ESCAPE + character)
        else:
            inside.append(character)
    return "".join(inside)


def plain(piece: str) -> str:
    """Return what `guarded` was given; blanks at the ends are none of it."""
    text, is_guarded = [], False
    for character in _stripped(piece):
        if is_guarded:
            text += [character] if _is_taken(character) else [ESCAPE, character]
            is_guarded = False
        elif character == ESCAPE:
            is_guarded = True
        else:
            text.append("\n" if character == BREAK else character)
    return "".join(text) + (ESCAPE if is_guarded else "")


def split(piece: str, marks: str) -> list[str]:
    """Return the pieces of a text between `marks`, each still guarded; a mark behind a backslash is a character like others."""
    pieces, start = [], 0
    for place in _places(piece, lambda character: character in marks):
        pieces.append(piece[start:place])
        start = place + 1
    return [*pieces, piece[start:]]


def halves(piece: str, marks: str) -> tuple[str, str] | None:
    """Return what stands before and behind the first of `marks`, both still guarded; None if none stands there."""
    place = next(_places(piece, lambda character: character in marks), None)
    return None if place is None else (piece[:place], piece[place + 1 :])


def lines_of(text: str) -> list[str]:
    """Return the lines of a cell that are not blank, still guarded."""
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _is_taken(character: str) -> bool:
    """Tell whether a backslash before `character` takes it for itself; at the end of a text it has to be taken for itself too."""
    return not character or character in MARKS or character.isspace()


def _places(piece: str, is_wanted: Callable[[str], bool]) -> Iterator[int]:
    is_guarded = False
    for place, character in enumerate(piece):
        if not is_guarded and is_wanted(character):
            yield place
        is_guarded = character == ESCAPE and not is_guarded


def _stripped(piece: str) -> str:
    left = piece.lstrip()
    right = left.rstrip()
    backslashes = len(right) - len(right.rstrip(ESCAPE))
    return left[: len(right) + 1] if backslashes & 1 and len(right) < len(left) else right
