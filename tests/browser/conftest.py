"""Chromium, the server on the stage, and a machine for each person. Run with `--shots DIR` to keep a picture of every page."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from examsrv.services import signing_in
from examsrv.services.demonstrating import Demonstration
from tests.browser.installation import Installation
from tests.browser.stage import PATIENCE_MS, Machine, Stage, demonstration
from tests.builders import QUICK_HASHER

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREEN = {"width": 1366, "height": 768}
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shots", metavar="DIR", type=Path, default=None, help="keep pictures of the pages in DIR")


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Give the folder for pictures, or None."""
    folder: Path | None = request.config.getoption("--shots", default=None)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a file's Chromium. Playwright keeps a loop running in this thread meanwhile, so it ends before other tests run loops of their own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Make passwords cheap: guessing is not what is tried here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
        yield


@pytest.fixture(scope="session")
def prepared(sqlite_template: Path) -> tuple[Path, Demonstration]:
    """Make the demonstration's examination once; tests copy the file."""
    file = sqlite_template.with_name("demonstration.db")
    shutil.copyfile(sqlite_template, file)
    return file, demonstration(f"sqlite:///{file}")


@pytest.fixture
def stage(prepared: tuple[Path, Demonstration]) -> Iterator[Stage]:
    """Give a server with a sitting that waits to be started."""
    file, people = prepared
    copy = file.with_name(f"stage_{next(_numbers)}.db")
    shutil.copyfile(file, copy)
    yield from _served(f"sqlite:///{copy}", people)


@pytest.fixture
def empty_stage(sqlite_url: str) -> Iterator[Stage]:
    """Give a server on an empty database."""
    yield from _served(sqlite_url, None)


@pytest.fixture
def machine(browser: Browser, request: pytest.FixtureRequest, shots: Path | None) -> Iterator[Callable[[], Machine]]:
    """Give a function that sets up one more machine; what went wrong on any of them fails the test."""
    name = "empty_stage" if "empty_stage" in request.fixturenames else "stage"
    served: Stage = request.getfixturevalue(name)
    machines: list[Machine] = []

    def set_up() -> Machine:
        machines.append(Machine(browser.new_context(viewport=SCREEN, accept_downloads=True), served.address, shots))
        return machines[-1]

    yield set_up
    for each in machines:
        each.context.close()
    faults = [*served.faults, *(fault for each in machines for fault in each.faults)]
    assert faults == []


@pytest.fixture
def installation(tmp_path: Path, prepared: tuple[Path, Demonstration]) -> Iterator[Installation]:
    """Give an installation with the demonstration's sitting, held today; its server is not started yet."""
    made = Installation(tmp_path / "installation", prepared[0])
    yield made
    made.kill()
    made.log.close()


def _served(url: str, people: Demonstration | None) -> Iterator[Stage]:
    served = Stage(url, people)
    yield served
    served.close()
