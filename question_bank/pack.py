"""The packs that come with the program: one folder per occupation with its standard, items, second checks and specifications.

Packs lie beside this file, in a checkout as in a wheel.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    media: Mapping[str, Path] = field(default_factory=dict)
    """The pictures of the items' texts, by the SHA-256 of their content, after which the files are named."""

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


def unreadable(name: str, error: OSError) -> Fault:
    """Return the fault of a file that cannot be read."""
    return Fault(name, Message(N_("The file cannot be read: %(reason)s"), {"reason": error.strerror}))


def _read_pack(root: Path) -> Pack:
    standard = _read_standard_file(root / STANDARD_FILE)
    files: list[ItemFile] = []
    checks: list[SecondCheck] = []
    faults: list[Fault] = []
    for name, content in _contents(root, "items", faults):
        items, found = read_items(content, name)
        files.append(ItemFile(name, tuple(items)))
        faults += found
    for name, content in _contents(root, "second_checks", faults):
        read, found = read_second_checks(content, name)
        checks += read
        faults += found
    specifications = tuple(sorted(root.glob("specifications/**/*.yaml")))
    media = {path.stem: path for path in sorted(root.glob("media/*.png"))}
    return Pack(root.name, standard, tuple(files), tuple(checks), specifications, tuple(faults), media)


def _contents(root: Path, folder: str, faults: list[Fault]) -> Iterator[tuple[str, bytes]]:
    """Give every file of a folder of the pack with its name inside the pack; what cannot be read is added to `faults`."""
    for path in sorted(root.glob(f"{folder}/**/*.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            yield name, path.read_bytes()
        except OSError as error:
            faults.append(unreadable(name, error))


def _read_standard_file(path: Path) -> Standard:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FaultyStandardError([unreadable(path.name, error)]) from error
    standard, faults = read_standard(content)
    if standard is None:
        raise FaultyStandardError(faults)
    return standard
