"""The bench in small. What a machine does in a second is not judged here, only what holds on any: ratios within one run, and that nothing is lost."""

import pytest

from tests.bench.installation import Installation, installed
from tests.bench.load import apart, closed_loops, steady
from tests.bench.scenarios import per_cpu
from tests.bench.stored import compared
from tests.bench.stores import sqlite_store
from tests.bench.table import Goal, Line, markdown

CANDIDATES, RATE, SECONDS, TURNS = 40, 60, 2.5, 6
SLACK = 0.25
WITHOUT_STORE = Goal(least=0.8)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("bench")
    with sqlite_store(folder) as store:
        yield installed(folder / "installation", store, CANDIDATES)


def test_saving_costs_little_more_than_the_same_route_without_a_store_and_loses_nothing(installation: Installation) -> None:
    with installation.served() as writing, installation.served("no_store") as forgetting:
        durable, bare = apart(closed_loops, [writing, forgetting], CANDIDATES, TURNS)
        kept, forgotten = compared(writing.database, durable.logs), compared(forgetting.database, bare.logs)
    assert durable.errors == bare.errors == {}
    assert (kept.is_right, kept.acknowledged) == (True, kept.stored)
    assert forgotten.lost == forgotten.acknowledged > 0  # the comparison finds a server that only says so
    assert WITHOUT_STORE.is_met(per_cpu(durable) / per_cpu(bare), SLACK)


def test_saves_at_a_steady_rate_are_all_answered_and_stored_while_a_board_is_looked_at(installation: Installation) -> None:
    with installation.served() as target:
        alone, beside = apart(steady, target, RATE, SECONDS, 1)
        kept = compared(target.database, beside.logs)
    assert alone.errors == beside.errors == {}
    assert len(alone.latencies["save"]) == len(beside.latencies["save"]) == RATE * SECONDS
    assert beside.latencies["board"]
    assert (kept.is_right, kept.acknowledged) == (True, kept.stored)


@pytest.mark.parametrize(
    ("goal", "value", "slack", "is_met"),
    [
        (Goal(most=50), 50, 0, True),
        (Goal(most=50), 50.1, 0, False),
        (Goal(most=50), 62.5, 0.25, True),
        (Goal(most=50), 62.6, 0.25, False),
        (Goal(least=0.8), 0.8, 0, True),
        (Goal(least=0.8), 0.79, 0, False),
        (Goal(least=8), 6, 0.25, True),
        (Goal(least=8), 5.99, 0.25, False),
    ],
)
def test_a_goal_is_missed_beyond_its_slack_only(goal: Goal, value: float, slack: float, is_met: bool) -> None:
    assert goal.is_met(value, slack) is is_met


def test_the_median_of_the_runs_counts_and_the_table_shows_them_all() -> None:
    line = Line("c", "p99", (70.0, 10.0, 49.0), "ms", Goal(most=50))
    assert line.is_met()
    assert "| c | p99 | ≤ 50 ms | 49.0 ms | 10.0 / 49.0 / 70.0 | met |" in markdown([line])
