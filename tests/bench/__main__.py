"""`python -m tests.bench [SCENARIO …]`: measure the hot paths and print the table. Exit 1 when a goal is missed by more than the slack."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.bench.costs import prefer
from tests.bench.forms import form_lines
from tests.bench.installation import ROOT, installed, require_disk
from tests.bench.machine import machine
from tests.bench.scenarios import SCENARIOS, Bench
from tests.bench.slow_disk import compiler
from tests.bench.stores import PASSABLE, STORES
from tests.bench.table import Line, markdown

FORMS, FORM_TITLE = "i", "### assembling forms"
"""No server, no database."""

BARE, NGINX = "bare", "nginx"
FRONTS = (BARE, NGINX)
BARE_ONLY = frozenset({"b", "g", "h"})
"""What says nothing more behind nginx."""


@click.command(help="Measure the hot paths (default: all), each in RUNS runs of which the median counts, and print a Markdown table.")
@click.argument("scenarios", nargs=-1, type=click.Choice([*sorted(SCENARIOS), FORMS]))
@click.option("--runs", default=3, show_default=True, help="How often each is measured.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each is measured.")
@click.option("--candidates", default=1000, show_default=True, help="How many candidates are connected.")
@click.option("--slack", default=0.0, show_default=True, help="By how much of itself a goal may be missed: 0.25 is a quarter.")
@click.option("--patience", default=10.0, show_default=True, help="How many seconds to wait for a quiet machine before each run.")
@click.option("--nice", default=0, show_default=True, help="Let server and generator go before others on this machine (below zero; needs root).")
@click.option("--store", "stores", multiple=True, type=click.Choice(sorted(STORES)), help="Kind of database; default: both.")
@click.option("--front", "fronts", multiple=True, type=click.Choice(FRONTS), help="Bare, or behind nginx as deployed; default: both.")
@click.option("--plain", default=120.0, show_default=True, help="How many seconds the plain model that forms are compared with is given, for i.")
@click.option("--rate", default=1000, show_default=True, help="Saves a second of all candidates together, for c and f.")
@click.option("--most", default=10_000, show_default=True, help="How many candidates are stored for g.")
@click.option("--folder", type=click.Path(path_type=Path), default=ROOT / "var" / "bench", help="Where the databases lie: a real disk.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the tables to a file too.")
def bench(
    scenarios: tuple[str, ...],
    stores: tuple[str, ...],
    fronts: tuple[str, ...],
    slack: float,
    folder: Path,
    output: Path | None,
    plain: float,
    **how: Any,
) -> None:
    """Measure, print, and tell by the exit whether the goals are met."""
    folder.mkdir(parents=True, exist_ok=True)
    is_forms_only = scenarios == (FORMS,)
    if not is_forms_only:
        require_disk(folder)
        compiler()  # missed now rather than after half an hour
    prefer(os.getpid(), how["nice"])
    own = Path(tempfile.mkdtemp(dir=folder))
    own.chmod(PASSABLE)
    tables: dict[str, list[Line]] = {}
    try:
        if not scenarios or FORMS in scenarios:
            tables[FORM_TITLE] = form_lines(own, range(1, how["runs"] + 1), plain)
            click.echo(f"{FORM_TITLE}\n\n{markdown(tables[FORM_TITLE])}")
        for store in () if is_forms_only else stores or STORES:
            for front in fronts or FRONTS:
                wanted = tuple(name for name in scenarios if name != FORMS) or tuple(
                    name for name in SCENARIOS if front == BARE or name not in BARE_ONLY
                )
                tables[title(store, front)] = measured(own, store, front, wanted, **how)
                click.echo(f"{title(store, front)}\n\n{markdown(tables[title(store, front)])}")
    finally:
        shutil.rmtree(own)
    if output is not None:
        output.write_text("\n".join([heading(), *(f"{name}\n\n{markdown(lines)}" for name, lines in tables.items())]), encoding="utf-8")
    click.echo(heading())
    sys.exit(0 if all(line.is_met(slack) for lines in tables.values() for line in lines) else 1)


def measured(
    folder: Path,
    store: str,
    front: str,
    scenarios: tuple[str, ...],
    runs: int,
    seconds: float,
    candidates: int,
    rate: int,
    most: int,
    patience: float,
    nice: int,
) -> list[Line]:
    """Return the lines of scenarios on one kind of database, bare or behind nginx."""
    own = folder / f"{store}-{front}"
    own.mkdir()
    with STORES[store](own) as place:
        made = installed(own / "installation", place, candidates, is_behind_nginx=front != BARE, nice=nice)
        ready = Bench(made, runs, seconds, patience, rate, most, own, lambda text: click.echo(f"  {text}", err=True))
        lines: list[Line] = []
        for name in scenarios:
            if name == "c" and "f" in scenarios:  # f measures c on the way
                continue
            lines += SCENARIOS[name](ready)
        return lines


def title(store: str, front: str) -> str:
    """Return what stands over a table."""
    return f"### {store}, {front}"


def heading() -> str:
    """Return what was measured where, when and how."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, `python -m tests.bench {' '.join(sys.argv[1:])}`, {machine()}\n"


if __name__ == "__main__":
    bench()
