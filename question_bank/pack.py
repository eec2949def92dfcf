"""The packs that come with the program: one folder per occupation with its standard, items, second checks and specifications.

Packs lie beside this file, in a checkout as in a wheel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from question_bank.formats.yaml_bank import read_items
from question_bank.item import Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.second_check import SecondCheck, read_second_checks
from question_bank.standard import Standard
from question_bank.standard_reading import read_standard

PACKS = Path(__file__).parent / "packs"
STANDARD_FILE = "standard.yaml"


class UnknownPackError(ExamError):
    """No pack of this occupation is installed."""


class FaultyStandardError(ExamError):
    """A standard cannot be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Message(N_("The standard has %(count)d faults"), {"count": len(faults)}))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class ItemFile:
    """The items of one file, named by its path inside the pack."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """What is known of one occupation. `faults` are those of files that could not be read whole."""

    code: str
    standard: Standard
    files: tuple[ItemFile, ...]
    second_checks: tuple[SecondCheck, ...]
    specifications: tuple[Path, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, file by file."""
        return tuple(item for file in self.files for item in file.items)


def installed_packs(folder: Path = PACKS) -> tuple[str, ...]:
    """Return the codes of the packs in `folder`, sorted."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{STANDARD_FILE}")))


def load_pack(code: str, folder: Path = PACKS) -> Pack:
    """Return the pack of an occupation; raise `UnknownPackError` if there is none, `FaultyStandardError` if its standard has faults."""
    if code not in installed_packs(folder):
        raise UnknownPackError(Message(N_("No pack %(code)s is installed"), {"code": code}))
    return _read_pack(folder / code)


@cache
def load_standard(code: str) -> Standard:
    """Return the standard of an installed pack without its items; the same errors as `load_pack`."""
    if code not in installed_packs():
        raise UnknownPackError(Message(N_("No pack %(code)s is installed"), {"code": code}))
    return _read_standard_file(PACKS / code / STANDARD_FILE)


def _read_pack(root: Path) -> Pack:
    standard = _read_standard_file(root / STANDARD_FILE)
    files, checks, faults = [], [], []
    for path in sorted(root.glob("items/**/*.yaml")):
        items, found = read_items(path.read_bytes(), path.relative_to(root).as_posix())
        files.append(ItemFile(path.relative_to(root).as_posix(), tuple(items)))
        faults += found
    for path in sorted(root.glob("second_checks/**/*.yaml")):
        read, found = read_second_checks(path.read_bytes(), path.relative_to(root).as_posix())
        checks += read
        faults += found
    specifications = tuple(sorted(root.glob("specifications/**/*.yaml")))
    return Pack(root.name, standard, tuple(files), tuple(checks), specifications, tuple(faults))


def _read_standard_file(path: Path) -> Standard:
    standard, faults = read_standard(path.read_bytes())
    if standard is None:
        raise FaultyStandardError(faults)
    return standard
