"""The heart of matching: of many possible swaps the pair whose changes together come nearest to what is wanted, found in a KD-tree.

A swap takes an item out of a form and one of the same cell in, so it breaks no quota. A thousand swaps make half a million pairs, single
swaps get stuck far from the target, pairs do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from examsrv.assembly.pool import Integers
from examsrv.measurement.item_response import Figures

SWAPS = 400
"""Swaps that are looked at in one round: few at first, more where that leads nowhere."""

ABILITIES = 3

BEST = 60
"""Pairs that are offered, the nearest first."""


@dataclass(frozen=True)
class Swaps:
    """Items out and items in, one swap after another."""

    out: Integers
    into: Integers


def times_for(shares: Figures) -> int:
    """Return how many times the usual number of swaps is worth looking at for so many abilities: beyond three there is more to hit."""
    return 1 + 2 * max(0, int(shares.shape[1]) - ABILITIES)


def sampled(held: Integers, free: Integers, cells: Integers, generator: np.random.Generator, times: int = 1) -> Swaps:
    """Return swaps by lot, so many times the usual number, of an item `held` for a `free` one of its cell, in both ascending order of items."""
    order = free[np.argsort(cells[free], kind="stable")]
    sizes = np.bincount(cells[free], minlength=int(cells.max()) + 1)
    starts = np.cumsum(sizes) - sizes
    movable = held[sizes[cells[held]] > 0]
    if not len(movable):
        return Swaps(movable, movable)
    count = SWAPS * times
    out = movable[generator.integers(len(movable), size=count)]
    chosen = (generator.random(count) * sizes[cells[out]]).astype(np.int64)
    return Swaps(out, order[starts[cells[out]] + chosen])


def nearest_pairs(swaps: Swaps, shares: Figures, wanted: Figures, within: float) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], Figures]]:
    """Yield pairs of swaps, and single ones, as (out, into, change), those first whose change is nearest to `wanted`, none further than `within`."""
    changes = np.vstack([shares[swaps.into] - shares[swaps.out], np.zeros((1, shares.shape[1]))])
    alone = len(changes) - 1
    tree = cKDTree(changes, balanced_tree=False, compact_nodes=False)
    far, partner = tree.query(wanted - changes[:alone], p=np.inf, distance_upper_bound=within)
    best = np.argpartition(far, BEST)[:BEST] if alone > BEST else np.arange(alone)
    for one in best[np.argsort(far[best], kind="stable")].tolist():
        if not np.isfinite(far[one]):
            return
        other = int(partner[one])
        out: tuple[int, ...] = (int(swaps.out[one]),)
        into: tuple[int, ...] = (int(swaps.into[one]),)
        if other != alone:
            if swaps.out[other] == out[0] or swaps.into[other] == into[0]:
                continue
            out, into = (*out, int(swaps.out[other])), (*into, int(swaps.into[other]))
        yield out, into, changes[one] + changes[other]
