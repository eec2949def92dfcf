"""Texts held against those that are accepted, folded as the item says: gaps, and the text cells of tables."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from question_bank.formats.shape import Shape
from question_bank.normal_form import normalized

Fold = Literal["width", "case", "space"]
EVERY_FOLD: list[Fold] = ["width", "case", "space"]


class AcceptedTexts(Shape):
    """The answers that count as right. `fold` names the differences that do not matter: full or half width, capitals, blanks."""

    accepted: Annotated[list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1)]
    fold: list[Fold] = EVERY_FOLD

    def accepts(self, text: object) -> bool:
        """Tell whether `text` is one of the accepted answers. Blanks around it never matter."""
        given = folded(str(text), self.fold)
        return any(given == folded(each, self.fold) for each in self.accepted)


def folded(text: str, fold: list[Fold]) -> str:
    """Return `text` without the differences that `fold` names."""
    plain = normalized("NFKC" if "width" in fold else "NFC", text.strip())
    if "case" in fold:
        plain = plain.casefold()
    return "".join(plain.split()) if "space" in fold else plain
