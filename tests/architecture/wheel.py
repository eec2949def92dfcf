"""A wheel built from the work tree, and an environment that holds it with the locked requirements and nothing else. Nothing is fetched."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import Marker

from tests.architecture.sources import ROOT

PARTS = (".gitignore", "pyproject.toml", "README.md", "question_bank", "examsrv", "blueprints", "static", "deploy")
LOCKED = re.compile(r"^([\w.-]+)==[^\s;]+(?:\s*;\s*(.+?))?\s*\\?$", re.MULTILINE)
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))


def build_wheel(folder: Path) -> Path:
    """Build from a copy of the project, without network; return the wheel."""
    for part in PARTS:
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, folder]
    subprocess.run(build, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def make_environment(folder: Path, wheel: Path) -> Path:
    """Return the folder of programs of a new environment: the locked requirements of a server, as this run has them, and the wheel."""
    venv.create(folder, symlinks=True)
    site_packages = folder / SITE_PACKAGES.relative_to(sys.prefix)
    for place in {place for name in locked() for place in places(name)}:
        (site_packages / place).symlink_to(SITE_PACKAGES / place)
    install = [sys.executable, "-m", "pip", "--python", folder / "bin/python", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    return folder / "bin"


def locked() -> list[str]:
    """Return the names of the requirements that a server needs on this machine."""
    text = (ROOT / "deploy/requirements.txt").read_text()
    return [name for name, marker in LOCKED.findall(text) if not marker or Marker(marker).evaluate()]


def places(name: str) -> set[str]:
    """Return the files and folders of a distribution at the top of the folder of packages; programs lie elsewhere."""
    files = distribution(name).files or []
    return {file.parts[0] for file in files} - {"..", "__pycache__"}
