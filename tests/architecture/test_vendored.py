"""Files of others in the tree are exactly those that a manifest names, with version, licence and digest."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TEXTS = ("name", "version", "licence", "from")


def vendored_faults(folder: Path) -> list[str]:
    """Return what is wrong with the manifest.json of `folder` and the files it names."""
    faults = []
    for entry in json.loads((folder / "manifest.json").read_text()):
        faults += [f"{entry.get('name')}: no {text}" for text in TEXTS if not entry.get(text)]
        if not any("LICEN" in name.upper() for name in entry["files"]):
            faults.append(f"{entry.get('name')}: no licence file")
        for name, digest in entry["files"].items():
            file = folder / name
            if not file.is_file():
                faults.append(f"{name}: missing")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                faults.append(f"{name}: changed")
    return faults


def unnamed_files(folder: Path) -> list[str]:
    """Return the files in `folder` that its manifest.json does not name."""
    named = {name for entry in json.loads((folder / "manifest.json").read_text()) for name in entry["files"]}
    return sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - named - {"manifest.json"})


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser"])
def test_vendored_files_are_what_their_manifest_says(folder: str) -> None:
    assert vendored_faults(ROOT / folder) == []


def test_nothing_else_lies_among_the_vendored_files() -> None:
    assert unnamed_files(ROOT / "static/vendor") == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of a folder with a sound manifest."""
    for name in ("manifest.json", "axe.min.js", "axe.LICENSE.txt"):
        shutil.copy(ROOT / "tests/browser" / name, tmp_path)
    return tmp_path


def test_a_changed_a_missing_and_an_unnamed_file_are_reported(copy: Path) -> None:
    with (copy / "axe.min.js").open("a") as script:
        script.write(" ")
    (copy / "axe.LICENSE.txt").unlink()
    (copy / "other.js").touch()
    assert vendored_faults(copy) == ["axe.min.js: changed", "axe.LICENSE.txt: missing"]
    assert unnamed_files(copy) == ["other.js"]


def test_an_entry_without_licence_is_reported(copy: Path) -> None:
    (copy / "manifest.json").write_text(json.dumps([{"name": "x", "version": "1", "from": "y", "files": {}}]))
    assert vendored_faults(copy) == ["x: no licence", "x: no licence file"]
