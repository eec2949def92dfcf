"""How much is tried, from which seed, and what came of it: told at the end of the run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import SERVER_SETTINGS, Cluster
from tests.faults.stage import Prepared, PreparedOnPostgreSQL, prepare, prepare_on_postgresql

KILLS_OF_A_ROUND = 20
TOLD = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=KILLS_OF_A_ROUND, help="how often the server is killed, in rounds of 20 with a seed each")
    parser.addoption("--seed", type=int, default=1, help="the seed of the first round; the others follow")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a trial that asks for a `seed` for each round."""
    if "seed" in metafunc.fixturenames:
        first = metafunc.config.getoption("--seed", default=1)
        kills = metafunc.config.getoption("--kills", default=KILLS_OF_A_ROUND)
        metafunc.parametrize("seed", range(first, first + -(-kills // KILLS_OF_A_ROUND)))


@pytest.fixture(scope="session")
def prepared(sqlite_template: Path) -> Prepared:
    """Give an installation that waits to be started; it is copied, never used itself."""
    return prepare(sqlite_template.with_name("faults"), sqlite_template)


@pytest.fixture(scope="session")
def cluster(quick_folder: Path) -> Iterator[Cluster]:
    """Give a PostgreSQL that keeps what it acknowledges, as it comes: for trials that kill it."""
    place = quick_folder / "durable"
    place.mkdir(mode=0o700)
    made = Cluster(place, SERVER_SETTINGS)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def prepared_on_postgresql(quick_folder: Path, cluster: Cluster) -> PreparedOnPostgreSQL:
    """Give the same installation on PostgreSQL."""
    return prepare_on_postgresql(quick_folder / "faults-postgresql", cluster)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an empty folder on the disk."""
    made = tmp_path / "installation"
    made.mkdir()
    return made


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give a function that keeps a sentence for the end of the run."""
    return request.config.stash.setdefault(TOLD, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what was tried."""
    if told := config.stash.get(TOLD, []):
        terminalreporter.section("faults that were tried")
        for sentence in told:
            terminalreporter.line(sentence)
