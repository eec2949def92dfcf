"""A wheel holds everything that a server needs beside the code."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.architecture.translations import LANGUAGE

PARTS = (".gitignore", "pyproject.toml", "README.md", "question_bank", "examsrv", "blueprints", "static", "deploy")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build a wheel from a copy of the project, without network, and give the names of its files."""
    copy = tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, copy / part)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", copy, copy]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next(copy.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def files_of(folder: str, suffix: str) -> set[str]:
    """Return the names that the files of a kind in `folder` have in the work tree."""
    return {path.relative_to(ROOT).as_posix() for path in Path(ROOT, folder).rglob(f"*{suffix}")}


@pytest.mark.parametrize(("folder", "suffix"), [("blueprints", ".html"), ("question_bank/packs", ".yaml"), ("examsrv", ".py"), ("examsrv", ".po")])
def test_code_templates_and_packs_are_in_the_wheel(names: set[str], folder: str, suffix: str) -> None:
    assert files_of(folder, suffix)
    assert files_of(folder, suffix) <= names


def test_what_browsers_are_sent_lies_in_the_package(names: set[str]) -> None:
    assert {f"examsrv/{name}" for name in files_of("static", ".js") | files_of("static", ".css")} <= names


def test_the_translations_are_compiled(names: set[str]) -> None:
    assert f"examsrv/translations/{LANGUAGE}/LC_MESSAGES/messages.mo" in names


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"question_bank", "examsrv", "blueprints"}
