"""The locked requirements name versions and digests, never where to fetch them from."""

import json
import re
import tomllib

import pytest

from tests.architecture.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = {"requirements.txt": PROJECT["project"]["dependencies"]}
NEEDED["requirements-dev.txt"] = NEEDED["requirements.txt"] + PROJECT["dependency-groups"]["dev"]
ADDRESS_OR_PATH = re.compile(r"://|--(?:extra-)?index-url|--find-links|(?:^|\s)/\w")


def name(requirement: str) -> str:
    """Return the name of a requirement as locks spell it."""
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", NEEDED)
def test_every_requirement_of_the_project_is_locked_by_digest(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / "deploy" / lock).read_text())
    locked = {name(entry) for entry in entries if "==" in entry and "--hash=sha256:" in entry}
    assert {name(requirement) for requirement in NEEDED[lock]} - locked == set()


def test_what_is_tried_is_what_is_served() -> None:
    served, tried = ({line for line in (ROOT / "deploy" / lock).read_text().splitlines() if "==" in line} for lock in NEEDED)
    assert served <= tried


@pytest.mark.parametrize("lock", NEEDED)
def test_a_lock_names_no_address_and_no_path(lock: str) -> None:
    assert not ADDRESS_OR_PATH.search((ROOT / "deploy" / lock).read_text())


def test_the_linter_is_locked_by_digest_without_an_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry and ("integrity" in entry or place == "") for place, entry in packages.items())
