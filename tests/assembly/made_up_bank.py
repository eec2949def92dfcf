"""Made-up banks: items with what assembly looks at, and nothing worth reading."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from examsrv.domain.specification_file import load_specification
from question_bank.item import Item

SPECIFICATION = load_specification(Path(__file__).parents[2] / "question_bank" / "packs" / "4-05-06-02" / "specifications" / "theory-level-3.yaml")
SECTIONS = {
    "ethics": Decimal(5),
    "basic_knowledge": Decimal(15),
    "customer_credit_management": Decimal(40),
    "whole_process_control": Decimal(15),
    "collection": Decimal(25),
}
NAMES = {
    "ethics": "职业道德",
    "basic_knowledge": "基础知识",
    "customer_credit_management": "客户资信管理",
    "whole_process_control": "全程信控",
    "collection": "商账追收",
}
ITEMS_OF_A_SMALL_BANK = {
    "ethics": 20,
    "basic_knowledge": 30,
    "customer_credit_management": 80,
    "whole_process_control": 30,
    "collection": 50,
}
KINDS_OF_TEN = ("single_choice",) * 6 + ("multiple_choice",) * 2 + ("true_false",) * 2
DIFFICULTIES_OF_TWENTY = (1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5)


def make_item(
    id: str,
    section: str = "ethics",
    kind: str = "single_choice",
    difficulty: int = 3,
    point: str = "P1",
    level: str = "L3",
    enemies: tuple[str, ...] = (),
) -> Item:
    """Return an item with what assembly looks at."""
    return Item(
        id=id,
        kind=kind,
        level=level,
        section=section,
        point=point,
        difficulty=difficulty,
        importance="X",
        stem="",
        options=(),
        key="A",
        rationale="",
        samples=(),
        enemies=enemies,
    )


def make_bank(
    counts: Mapping[str, int] = ITEMS_OF_A_SMALL_BANK, level: str = "L3", enemies: int = 0, kinds: Sequence[str] = KINDS_OF_TEN
) -> list[Item]:
    """Return a bank with `counts` items by section, of `kinds` in turn, difficulties 10/30/35/20/5, and `enemies` pairs of enemies."""
    bank = [
        make_item(
            f"{level}-{section}-{number:03}",
            section,
            kinds[number % len(kinds)],
            DIFFICULTIES_OF_TWENTY[(number * 7 + number // 20) % 20],
            point=f"{section}.{number % 17}",
            level=level,
        )
        for section, count in counts.items()
        for number in range(count)
    ]
    for pair in range(enemies):
        place = pair * 7 % (len(bank) - 3)
        one, other = bank[place], bank[place + 3]
        bank[place] = make_item(one.id, one.section, one.kind, one.difficulty, one.point, level, (*one.enemies, other.id))
    return bank
