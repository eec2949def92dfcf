"""`python -m tests.bench [SCENARIO …]`: measure the hot paths and print the table. Exit 1 when a goal is missed by more than the slack."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from tests.bench.costs import prefer
from tests.bench.installation import ROOT, installed, require_disk, sqlite_store
from tests.bench.machine import machine
from tests.bench.scenarios import SCENARIOS, Bench
from tests.bench.table import Line, markdown


@click.command(help="Measure the hot paths (default: all), each in RUNS runs of which the median counts, and print a Markdown table.")
@click.argument("scenarios", nargs=-1, type=click.Choice(sorted(SCENARIOS)))
@click.option("--runs", default=3, show_default=True, help="How often each is measured.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each is measured.")
@click.option("--candidates", default=1000, show_default=True, help="How many candidates are connected.")
@click.option("--slack", default=0.0, show_default=True, help="By how much of itself a goal may be missed: 0.25 is a quarter.")
@click.option("--patience", default=30.0, show_default=True, help="How many seconds to wait for a quiet machine before each run.")
@click.option("--nice", default=0, show_default=True, help="Let server and generator go before others on this machine (below zero; needs root).")
@click.option("--folder", type=click.Path(path_type=Path), default=ROOT / "var" / "bench", help="Where the databases lie: a real disk.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the table to a file too.")
def bench(
    scenarios: tuple[str, ...],
    runs: int,
    seconds: float,
    candidates: int,
    slack: float,
    patience: float,
    nice: int,
    folder: Path,
    output: Path | None,
) -> None:
    """Measure, print, and tell by the exit whether the goals are met."""
    folder.mkdir(parents=True, exist_ok=True)
    require_disk(folder)
    prefer(os.getpid(), nice)
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        lines = measured(own, scenarios or tuple(SCENARIOS), runs, seconds, candidates, patience, nice)
    finally:
        shutil.rmtree(own)
    text = f"{heading()}\n\n{markdown(lines)}"
    click.echo(text)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    missed = [line for line in lines if not line.is_met(slack)]
    sys.exit(1 if missed else 0)


def measured(folder: Path, scenarios: tuple[str, ...], runs: int, seconds: float, candidates: int, patience: float, nice: int) -> list[Line]:
    """Return the lines of all scenarios."""
    told = lambda text: click.echo(f"  {text}", err=True)  # noqa: E731
    click.echo(f"setting up {candidates} candidates", err=True)
    ready = Bench(installed(folder, sqlite_store(folder), candidates, nice), runs, seconds, patience, folder, told)
    lines: list[Line] = []
    for name in scenarios:
        if name == "c" and "f" in scenarios:  # f measures c on the way
            continue
        lines += SCENARIOS[name](ready)
    return lines


def heading() -> str:
    """Return what was measured where, when and how."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, `python -m tests.bench {' '.join(sys.argv[1:])}`, {machine()}"


if __name__ == "__main__":
    bench()
