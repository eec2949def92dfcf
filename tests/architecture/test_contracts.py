"""Who may import whom: the contracts of pyproject.toml hold, and each is seen to notice a violation."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, Source, source, sources

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
PLANTED = {  # contract: (a new module, what it must not import)
    "layers": ("examsrv.domain.planted_layers", "examsrv.services"),
    "core": ("examsrv.assembly.planted_core", "sqlalchemy"),
    "numbers": ("examsrv.services.planted_numbers", "numpy"),
    "pages": ("blueprints.candidate.planted_pages", "examsrv.storage"),
    "services": ("examsrv.services.planted_services", "flask"),
    "roles": ("blueprints.candidate.planted_roles", "blueprints.proctor"),
    "config": ("examsrv.services.planted_config", "examsrv.config"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter on the project in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder)})


@pytest.fixture(scope="module")
def report_on_planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Plant a violation of every contract in a copy of the code and give what the linter says of it."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("question_bank", "examsrv", "blueprints"):
        shutil.copytree(ROOT / package, copy / package, ignore=lambda folder, names: [n for n in names if not _is_code(Path(folder, n))])
    for module, forbidden in PLANTED.values():
        file = copy.joinpath(*module.split(".")).with_suffix(".py")
        file.write_text(f"import {forbidden}\n")
    return lint_imports(copy).stdout


def _is_code(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")


def test_nobody_imports_what_the_contracts_forbid() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["id"])
def test_a_planted_violation_of_each_contract_is_reported(contract: dict[str, str], report_on_planted: str) -> None:
    module, forbidden = PLANTED[contract["id"]]
    assert f"{contract['name']} BROKEN" in report_on_planted
    assert f"{module} -> {forbidden}" in report_on_planted


def test_no_contract_is_gone() -> None:
    assert {contract["id"] for contract in CONTRACTS} == PLANTED.keys()


def test_every_part_of_examsrv_has_its_place_in_the_layers() -> None:
    layers = {name.strip() for layer in CONTRACTS[0]["layers"] for name in layer.split("|")}
    parts = {f"examsrv.{path.stem}" for path in (ROOT / "examsrv").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert parts - {"examsrv.__init__"} <= layers


def imports_of_rules_beyond_the_standard_library(file: Source) -> list[str]:
    """Return what a file of the rules imports that is neither Python's own nor of the rules or the question bank."""
    allowed = {*sys.stdlib_module_names, "question_bank"}
    found = []
    for node in ast.walk(file.tree):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [m for m in modules if m.split(".")[0] not in allowed and not f"{m}.".startswith("examsrv.rules.")]
    return found


def test_the_rules_need_python_alone() -> None:
    rules = [file for file in sources() if file.path.startswith("examsrv/rules/")]
    assert rules
    assert [name for file in rules for name in imports_of_rules_beyond_the_standard_library(file)] == []


@pytest.mark.parametrize("line", ["import yaml", "from pydantic import BaseModel", "from examsrv.domain import form", "import examsrv.rulesets"])
def test_a_planted_import_in_the_rules_is_reported(line: str) -> None:
    assert len(imports_of_rules_beyond_the_standard_library(source("examsrv/rules/planted.py", line))) == 1
