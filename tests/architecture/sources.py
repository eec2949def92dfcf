"""Our own Python files and their syntax trees, for the tests that read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ["question_bank", "examsrv", "blueprints", "deploy"]
CONTENT = "question_bank/packs/"
"""Scripts there make the files of cases, from figures of their own."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its path as seen from the root of the project, and its tree."""

    path: str
    tree: ast.Module


def sources(root: Path = ROOT) -> Iterator[Source]:
    """Give every Python file of ours under `root`, neither tests nor content among them."""
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            if not path.startswith(CONTENT):
                yield source(path, file.read_text())


def source(path: str, text: str) -> Source:
    """Read `text` as if it stood in the file `path`."""
    return Source(path, ast.parse(text, path))


def full_names(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name of the file stands for: `from datetime import datetime as d` gives d = datetime.datetime."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.AST, names: dict[str, str]) -> str | None:
    """Return the full name that an expression such as `datetime.now` refers to, or None for any other expression."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else None
    return None
