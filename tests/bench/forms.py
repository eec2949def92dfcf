"""What assembling forms costs on the instance of a thousand items, by the command itself on one thread, beside a plain model of the same in HiGHS."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from examsrv.assembly.aim import PERCENT, aim_of
from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.bank_specification_file import read_bank_specification
from examsrv.assembly.checker import broken_demands
from examsrv.assembly.pool import pool_of
from examsrv.assembly.requirements_of_bank import requirements_of
from examsrv.domain.form import Form
from tests.assembly.made_up_instance import make_instance
from tests.bench.table import Goal, Line

HEADINGS = ("id", "section", "kind", "marks", "a", "b", "seconds", "enemies")
SPECIFICATION = {
    "items": 100,
    "sections": {"ethics": 5, "basics": 15, "credit": 40, "process": 15, "collection": 25},
    "kinds": {"true_false": 40, "single_choice": 40, "multiple_choice": 20},
    "target": {"theta": [-1, 0, 1], "relative": 1},
}
LIMITS = {"exposure_max": 0.12, "overlap_max": 25}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
KIBI = 1024
FEW, TEN, THOUSAND = 5, 10, 1000
GAP, NOTHING = Goal(most=0.1), Goal(most=0)
SECONDS = {FEW: Goal(most=0.2), TEN: Goal(most=0.5), THOUSAND: Goal(most=10)}
MEMORY = Goal(most=500)
EXPOSURE, OVERLAP = Goal(most=0.12), Goal(most=25)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one run of the command took and made; `violations` are counted by the checker in what it wrote."""

    seconds: float
    processor: float
    memory: float
    gap: float
    overlap: int
    exposure: float
    violations: int


def form_lines(folder: Path, seeds: Sequence[int], plain_seconds: float, many: int = THOUSAND) -> list[Line]:
    """Return the lines of the table; each seed makes a bank of its own."""
    lines: list[Line] = []
    for forms in (FEW, TEN, many):
        disjoint = forms != many
        runs = [drawn(folder, seed, forms, disjoint=disjoint) for seed in seeds]
        name = f"{forms:,} forms" + (", disjoint" if disjoint else "")
        cost = f"{runs[0].processor:.1f} / –"
        lines += [
            Line("i", f"{name}: time", tuple(run.seconds for run in runs), "s", SECONDS.get(forms), cost),
            Line("i", f"{name}: largest deviation", tuple(run.gap for run in runs), "%", GAP),
            Line("i", f"{name}: violations", tuple(run.violations for run in runs), "", NOTHING),
        ]
    lines += [
        Line("i", f"{many:,} forms: largest overlap", tuple(run.overlap for run in runs), "items", OVERLAP),
        Line("i", f"{many:,} forms: largest exposure", tuple(run.exposure for run in runs), "", EXPOSURE),
        Line("i", f"{many:,} forms: memory of the command", tuple(run.memory for run in runs), "MB", MEMORY),
    ]
    for forms in (FEW, TEN):
        gap = plain_gap(make_instance(seeds[0]), forms, plain_seconds)
        note = f"after {plain_seconds:g} s" + ("" if gap < inf else ": no forms found")
        lines.append(Line("i", f"{forms} forms by a plain model in HiGHS: largest deviation", (gap,), "%", note=note))
    return lines


def drawn(folder: Path, seed: int, forms: int, *, disjoint: bool) -> Drawn:
    """Run the command on the bank of `seed` and look at what it wrote."""
    bank = make_instance(seed)
    table, specification, output = folder / f"bank-{seed}.csv", folder / "form.json", folder / "forms.json"
    write_bank(bank, table)
    specification.write_text(json.dumps(SPECIFICATION | ({} if disjoint else LIMITS)), encoding="utf-8")
    line = [sys.executable, "-m", "examsrv.cli", "assemble", "--bank", table, "--specification", specification, "--forms", forms, "--seed", seed]
    command = [*map(str, line), "--json", str(output), *(["--disjoint"] if disjoint else [])]
    with subprocess.Popen(command, env=os.environ | ONE_THREAD, stdout=subprocess.DEVNULL) as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    written = json.loads(output.read_text(encoding="utf-8"))
    report = written["report"]
    demands = requirements_of(read_bank_specification(specification.read_bytes()), forms, disjoint=disjoint)
    faults = broken_demands([Form(form["name"], tuple(form["items"])) for form in written["forms"]], bank, demands)
    return Drawn(
        seconds=written["seconds"],
        processor=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / KIBI,
        gap=report["information_gap_max"],
        overlap=report["overlap_max"],
        exposure=report["exposure_max"],
        violations=len(faults),
    )


def write_bank(bank: Sequence[BankItem], file: Path) -> None:
    """Write a bank as the command reads it."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        writer.writerows([item.id, item.section, item.kind, item.marks, item.a, item.b, item.seconds, ";".join(item.enemies)] for item in bank)


def plain_gap(bank: Sequence[BankItem], forms: int, seconds: float) -> float:
    """Return the largest deviation, in percent, of the best disjoint forms that HiGHS finds in so many seconds; infinite if it finds none.

    One binary column for each item and form, one for the largest deviation, which is minimised (van der Linden 2005, chapter 5).
    """
    demands = requirements_of(read_bank_specification(json.dumps(SPECIFICATION).encode()), forms, disjoint=True)
    pool, aim = pool_of(bank, demands), aim_of(bank, demands)
    assert aim is not None
    shares, count = aim.shares(pool.items), len(pool.items)
    missed = count * forms
    rows: list[tuple[dict[int, float], float, float]] = []
    for form in range(forms):
        at = form * count
        for quota in demands.quotas:
            weights = [float(demands.weight(quota, pool.cells[cell])) for cell in pool.cell_of]
            rows.append(({at + item: weight for item, weight in enumerate(weights) if weight}, float(quota.least), float(quota.most)))
        rows += [({at + one: 1.0, at + other: 1.0}, -inf, 1) for one, other in pool.hostile_pairs]
        for place in range(len(aim.abilities)):
            brought = {at + item: share for item, share in enumerate(shares[:, place].tolist())}
            rows += [({**brought, missed: 1.0}, 1, inf), ({**brought, missed: -1.0}, -inf, 1)]
    rows += [({form * count + item: 1.0 for form in range(forms)}, -inf, 1) for item in range(count)]
    entries = [(row, column, value) for row, (line, _, _) in enumerate(rows) for column, value in line.items()]
    row, column, value = zip(*entries, strict=True)
    matrix = coo_array((value, (row, column)), shape=(len(rows), missed + 1)).tocsr()
    goal = np.zeros(missed + 1)
    goal[missed] = 1
    whole = np.ones(missed + 1)
    whole[missed] = 0
    limits = LinearConstraint(matrix, [line[1] for line in rows], [line[2] for line in rows])
    upper = np.ones(missed + 1)
    upper[missed] = inf
    answer = milp(goal, integrality=whole, bounds=Bounds(np.zeros(missed + 1), upper), constraints=limits, options={"time_limit": seconds})
    return inf if answer.x is None else float(answer.x[missed]) * PERCENT
