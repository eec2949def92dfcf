"""Which examiners have marked which scripts: the complete tables in marks that have gaps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks in long form: value, number of the script and number of the examiner, each in the same place; the names in the order of their numbers."""

    values: NDArray[np.float64]
    scripts: NDArray[np.int64]
    examiners: NDArray[np.int64]
    script_names: tuple[str, ...]
    examiner_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Some examiners and the scripts that all of them have marked, by number, with the table of marks, scripts x examiners."""

    examiners: tuple[int, ...]
    scripts: tuple[int, ...]
    table: NDArray[np.float64]


def panels_of(marks: Marks) -> list[Panel]:
    """Return a panel for each set of examiners that has marked a script, the one with the most scripts first.

    A panel has all scripts that its examiners have marked, also those that others have marked too: without the scripts for which
    reserves were called, agreement would seem better than it is.
    """
    members: dict[int, list[int]] = {}
    scripts_of: list[set[int]] = [set() for _ in marks.examiner_names]
    value_of: dict[tuple[int, int], float] = {}
    for script, examiner, value in zip(marks.scripts.tolist(), marks.examiners.tolist(), marks.values.tolist(), strict=True):
        members.setdefault(script, []).append(examiner)
        scripts_of[examiner].add(script)
        value_of[script, examiner] = value
    panels = []
    for examiners in sorted({tuple(sorted(each)) for each in members.values()}):
        few, *more = sorted((scripts_of[examiner] for examiner in examiners), key=len)
        scripts = tuple(sorted(few.intersection(*more)))
        table = np.array([[value_of[script, examiner] for examiner in examiners] for script in scripts])
        panels.append(Panel(examiners, scripts, table))
    return sorted(panels, key=lambda panel: -len(panel.scripts))
