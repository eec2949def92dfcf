"""The static files, under an address that names their content: a browser asks for each once, and never again until it has changed."""

import hashlib
from pathlib import Path

PACKAGED = Path(__file__).parents[1] / "static"
CHECKOUT = Path(__file__).parents[2] / "static"
LETTERS = 16


def static_folder() -> Path:
    """Return the folder of the static files: inside the package in a wheel, beside it in a checkout."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


def static_address(folder: Path) -> str:
    """Return the path under which `folder` is served: another one whenever a file in it is another."""
    content = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return f"/static/{content.hexdigest()[:LETTERS]}"
