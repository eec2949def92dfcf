"""The tests' own promises: nothing is skipped in CI, nothing talks to the outside, each database is fresh."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.architecture.sources import ROOT
from tests.no_outside import OutsideRefused, is_local

SKIPPED_TEST = "import pytest\ndef test_one(): pytest.skip('no browser')\n"
SKIPPED_FILE = "import pytest\npytest.skip('no server', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_one(): assert 0\n"


def run_pytest(folder: Path, test: str, ci: str) -> tuple[int, str]:
    """Run one test file with the plugin alone; return the exit and what was printed."""
    (folder / "test_planted.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", "--rootdir", folder, folder]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("test", "reason"), [(SKIPPED_TEST, "no browser"), (SKIPPED_FILE, "no server")])
def test_a_skip_is_a_failure_in_ci_and_tells_its_reason(tmp_path: Path, test: str, reason: str) -> None:
    code, output = run_pytest(tmp_path, test, ci="true")
    assert code != 0
    assert f"CI skips nothing, but this was skipped: Skipped: {reason}" in output


def test_a_skip_by_hand_and_an_expected_failure_stay_what_they_are(tmp_path: Path) -> None:
    assert "1 skipped" in run_pytest(tmp_path, SKIPPED_TEST, ci="")[1]
    assert "1 xfailed" in run_pytest(tmp_path, EXPECTED_FAILURE, ci="true")[1]


@pytest.mark.parametrize("host", ["10.0.0.1", "example.org", "2001:db8::1"])
def test_the_outside_is_refused(host: str) -> None:
    with pytest.raises(OutsideRefused):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "", None, "board.localhost", b"127.0.0.1"])
def test_the_machine_itself_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_gets_an_empty_database_of_its_own(empty_database_url: str, time: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE once (number integer)"))
    engine.dispose()
