"""The target information as figures, and what each item brings to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.requirements import Requirements
from examsrv.measurement.item_response import Figures, information, parameters_of

PERCENT = 100


@dataclass(frozen=True)
class Aim:
    """Test information wanted at each ability; a form may miss it by the share `tolerance`."""

    abilities: tuple[float, ...]
    figures: Figures
    tolerance: float

    def shares(self, items: Sequence[BankItem]) -> Figures:
        """Return what each item (rows) brings at each ability (columns), as a share of what is wanted there."""
        return information_of(items, self.abilities) / self.figures


def information_of(items: Sequence[BankItem], abilities: Sequence[float]) -> Figures:
    """Return the information of each item (rows) at each ability (columns)."""
    parameters = np.array([parameters_of(item) for item in items], dtype=float).reshape(-1, 2)
    return information(parameters[:, :1], parameters[:, 1:], np.array(abilities, dtype=float))


def aim_of(bank: Iterable[BankItem], demands: Requirements) -> Aim | None:
    """Return what the target asks for; a relative one is a multiple of as many items as a form has, each as good as the mean of those admitted."""
    if demands.target is None:
        return None
    abilities = tuple(float(ability) for ability in demands.target.abilities)
    tolerance = float(demands.target.tolerance) / PERCENT
    if demands.target.information is not None:
        return Aim(abilities, np.array([float(figure) for figure in demands.target.information]), tolerance)
    admitted = [item for item in bank if demands.admits(item)]
    mean = information_of(admitted, abilities).mean(axis=0) if admitted else np.ones(len(abilities))
    return Aim(abilities, mean * demands.items * float(demands.target.relative or 0), tolerance)
