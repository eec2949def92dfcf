"""What a build adds to the wheel: the compiled translations, and static/ as examsrv/static.

Run as a script it only compiles the translations, which is what `make` does in a work tree.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TRANSLATIONS = "examsrv/translations"


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own example leaves the argument out
    """Compile the translations; map static/ into the package unless the install is editable (there the work tree is used)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Do it before the files are gathered."""
        root = Path(self.root)
        compile_translations(root)
        static = root / "static"
        if self.target_name == "wheel" and version == "standard" and static.is_dir():
            build_data["force_include"][str(static)] = "examsrv/static"


def compile_translations(root: Path) -> list[Path]:
    """Write an .mo beside every .po that is newer or has none; fuzzy entries are left out. Return what was written."""
    written = []
    for source in sorted((root / TRANSLATIONS).rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalog = read_po(text, locale=source.parts[-3])
        with compiled.open("wb") as binary:
            write_mo(binary, catalog, use_fuzzy=False)
        written.append(compiled)
    return written


if __name__ == "__main__":
    compile_translations(Path(__file__).resolve().parent.parent)
