"""A rehearsal that has ended, as its files lie in the folder of rehearsals."""

import json
from pathlib import Path

REPORT = {
    "version": 1,
    "began": "2026-11-28T01:00:00+00:00",
    "seed": 5,
    "candidates": 2,
    "rooms": 1,
    "minutes": 2,
    "database": "sqlite",
    "machine": "x86_64",
    "acts": {"save": {"count": 3, "p50_ms": 4.0, "p95_ms": 8.5, "p99_ms": 12.3, "max_ms": 12_000.0}},
    "requests": 40,
    "unanswered": 1,
    "errors": {},
    "requests_per_cpu_s": 300.4,
    "saves_each_second": [1, 0, 2],
    "steps": {"sent": 7, "acknowledged": 6, "stored": 6},
    "marks_compared": 200,
    "abilities": [[-5.0, 20.0], [0.2, 61.0]],
    "expected": [[-1, 30.5], [0, 55.0], [1, 77.0]],
    "kills": [{"outage_s": 3.0, "given_back_least_s": None, "given_back_most_s": None, "is_exact": False}],
    "faults": {},
    "is_right": True,
}


def kept(folder: Path, name: str, report: object) -> None:
    """Put a rehearsal that has ended into the folder."""
    own = folder / name
    own.mkdir(parents=True)
    order = {"candidates": 2, "minutes": 2.0, "kills": 1, "by": "office", "began": "2026-11-28T01:00:00+00:00"}
    (own / "order.json").write_text(json.dumps(order))
    (own / "report.json").write_text(report if isinstance(report, str) else json.dumps(report))
