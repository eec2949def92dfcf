"""The instance on which methods of assembly are compared: a thousand calibrated items, a hundred in a form, three kinds worth different marks."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.requirements import Requirements
from examsrv.assembly.requirements_of_bank import BankSpecification, requirements_of
from examsrv.domain.specification import Target

CELLS = {"ethics": (2, 2, 1), "basics": (6, 6, 3), "credit": (16, 16, 8), "process": (6, 6, 3), "collection": (10, 10, 5)}
"""For each section how many items of each kind stand in ten per cent of the bank: exactly those of one form."""
KINDS = {"true_false": Decimal("0.5"), "single_choice": Decimal(1), "multiple_choice": Decimal(2)}
TRIPLES = 40
ABILITIES = (Decimal(-1), Decimal(0), Decimal(1))
SPECIFICATION = BankSpecification(
    items=100,
    sections={"ethics": Decimal(5), "basics": Decimal(15), "credit": Decimal(40), "process": Decimal(15), "collection": Decimal(25)},
    kinds={"true_false": 40, "single_choice": 40, "multiple_choice": 20},
    target=Target(ABILITIES, Decimal(1)),
)


def make_instance(seed: int, tenths: int = 10) -> list[BankItem]:
    """Return a bank for `tenths` forms: a ~ LogN(0, .3), b ~ N(0, 1), and forty triples of enemies if it has a thousand items."""
    generator = np.random.default_rng(seed)
    cells = [(section, kind) for section, counts in CELLS.items() for kind, count in zip(KINDS, counts, strict=True) for _ in range(count * tenths)]
    items = [
        BankItem(f"i{number:04}", section, kind, KINDS[kind], a=a, b=b, seconds=Decimal(40))
        for number, ((section, kind), a, b) in enumerate(
            zip(cells, generator.lognormal(0, 0.3, len(cells)).tolist(), generator.standard_normal(len(cells)).tolist(), strict=True)
        )
    ]
    chosen = generator.choice(len(items), size=(TRIPLES * tenths // 10, 3), replace=False).tolist()
    for one, two, three in chosen:
        items[one] = replace(items[one], enemies=(items[two].id, items[three].id))
        items[two] = replace(items[two], enemies=(items[three].id,))
    return items


def demands_of(bank: list[BankItem], forms: int, *, disjoint: bool = False, **changes: object) -> Requirements:
    """Return what `forms` forms of the instance must satisfy."""
    return requirements_of(replace(SPECIFICATION, **changes), forms, disjoint=disjoint)
