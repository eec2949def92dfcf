"""A wheel holds everything that a server needs beside the code, and serves from it in an empty environment outside the checkout."""

import http.client
import os
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from examsrv.web.static_files import static_address, static_folder
from tests.architecture.sources import ROOT
from tests.architecture.translations import LANGUAGE
from tests.architecture.wheel import build_wheel, make_environment

SERVING_WITHIN_SECONDS, STOPPED_WITHIN_SECONDS = 60, 20


STATIC = static_address(static_folder())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Give the names of the wheel's files."""
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def files_of(folder: str, suffix: str) -> set[str]:
    """Return the names that the files of a kind in `folder` have in the work tree."""
    return {path.relative_to(ROOT).as_posix() for path in Path(ROOT, folder).rglob(f"*{suffix}")}


@pytest.mark.parametrize(("folder", "suffix"), [("blueprints", ".html"), ("question_bank/packs", ".yaml"), ("examsrv", ".py"), ("examsrv", ".po")])
def test_code_templates_and_packs_are_in_the_wheel(names: set[str], folder: str, suffix: str) -> None:
    assert files_of(folder, suffix)
    assert files_of(folder, suffix) <= names


def test_the_files_of_cases_are_in_the_wheel(names: set[str]) -> None:
    assert {path.relative_to(ROOT).as_posix() for path in Path(ROOT, "question_bank/packs").glob("*/tasks/*/files/*")} <= names


def test_what_browsers_are_sent_lies_in_the_package(names: set[str]) -> None:
    assert {f"examsrv/{name}" for suffix in (".js", ".css", ".html", ".svg") for name in files_of("static", suffix)} <= names


def test_the_translations_are_compiled(names: set[str]) -> None:
    assert f"examsrv/translations/{LANGUAGE}/LC_MESSAGES/messages.mo" in names


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"question_bank", "examsrv", "blueprints"}


# ---- served from the wheel


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder outside the checkout."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def programs(wheel: Path, elsewhere: Path) -> Path:
    """Give the programs of an environment that holds the wheel."""
    return make_environment(elsewhere / "environment", wheel)


@pytest.fixture(scope="module")
def demo(programs: Path, elsewhere: Path) -> Iterator[int]:
    """Give the port of the demonstration that the wheel serves; it stops in order when told."""
    port = free_port()
    command = [programs / "examsrv", "demo", "--port", str(port)]
    with subprocess.Popen(command, cwd=elsewhere, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        else:
            raise AssertionError(printed)
        wait_for(port)
        yield port
        process.send_signal(signal.SIGINT)
        assert process.wait(STOPPED_WITHIN_SECONDS) == 0


def test_the_environment_knows_nothing_of_the_checkout(programs: Path, elsewhere: Path) -> None:
    code = "import sys, examsrv, question_bank, blueprints as b; print(*sys.path, examsrv.__file__, question_bank.__file__, b.__file__, sep='\\n')"
    done = subprocess.run([programs / "python", "-c", code], cwd=elsewhere, env=clean(), capture_output=True, text=True, check=True)
    assert str(ROOT) not in done.stdout
    assert done.stdout.count(str(elsewhere / "environment")) >= 3
    tests = subprocess.run([programs / "python", "-c", "import pytest"], cwd=elsewhere, env=clean(), capture_output=True)
    assert tests.returncode == 1


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/", "text/html", "示例评价机构"),
        ("/exam/seat", "text/html", "绑定座位"),
        ("/sign-in", "text/html", "登录名"),
        (f"{STATIC}/css/tokens.css", "text/css", "--"),
        (f"{STATIC}/js/board.js", "text/javascript", "fetch"),
    ],
)
def test_the_wheel_serves_chinese_pages_and_static_files(demo: int, path: str, kind: str, words: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", demo, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    assert (answer.status, answer.headers.get_content_type()) == (200, kind)
    assert words in content


def test_the_demonstrations_data_lies_where_it_was_started(demo: int, elsewhere: Path) -> None:
    assert (elsewhere / "var/demo/examsrv.db").is_file()


def clean() -> dict[str, str]:
    """Return this run's environment without what leads Python back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "EXAMSRV", "VIRTUAL_ENV"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + SERVING_WITHIN_SECONDS
    while time.monotonic() < until:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(port)
