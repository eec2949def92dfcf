"""What assembly knows of an item: a small value of its own, made of an item of a pack or of a row of anybody's table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item with what it is worth in this paper. None and "" say that something is not known; two items without a point share none."""

    id: str
    section: str
    kind: str
    marks: Decimal
    level: str = ""
    point: str = ""
    difficulty: int | None = None
    """From 1 (easy) to 5 (hard), as its author thinks."""
    a: float | None = None
    b: float | None = None
    seconds: Decimal | None = None
    enemies: tuple[str, ...] = ()
    case: str | None = None


def bank_items(items: Iterable[Item], marks: Mapping[str, Decimal]) -> list[BankItem]:
    """Return the items of a pack for a paper that gives an item of each kind so many `marks`; one of another kind is worth nothing."""
    return [
        BankItem(
            id=item.id,
            section=item.section,
            kind=item.kind,
            marks=marks.get(item.kind, Decimal(0)),
            level=item.level,
            point=item.point,
            difficulty=item.difficulty,
            enemies=item.enemies,
            case=None if item.case is None else item.case.id,
        )
        for item in items
    ]
