"""The packs that come with the program: one folder per occupation with its standard, items, second checks, specifications and task sets.

Packs lie beside this file, in a checkout as in a wheel.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from question_bank.formats.yaml_bank import read_items
from question_bank.formats.yaml_tasks import read_task_set
from question_bank.item import Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.second_check import SecondCheck, read_second_checks
from question_bank.standard import Standard
from question_bank.standard_reading import read_standard
from question_bank.task import TaskSet

PACKS = Path(__file__).parent / "packs"
STANDARD_FILE = "standard.yaml"
TASK_SET_FILE = "set.yaml"


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
    task_sets: tuple[TaskSet, ...] = ()
    case_files: Mapping[str, Path] = field(default_factory=dict)
    """The files of the task sets' cases, by the SHA-256 of their content."""

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
    for name, content in _contents(root, root.glob("items/**/*.yaml"), faults):
        items, found = read_items(content, name)
        files.append(ItemFile(name, tuple(items)))
        faults += found
    for name, content in _contents(root, root.glob("second_checks/**/*.yaml"), faults):
        read, found = read_second_checks(content, name)
        checks += read
        faults += found
    specifications = tuple(sorted(root.glob("specifications/**/*.yaml")))
    media = {path.stem: path for path in sorted(root.glob("media/*.png"))}
    task_sets, case_files = _read_task_sets(root, faults)
    return Pack(root.name, standard, tuple(files), tuple(checks), specifications, tuple(faults), media, task_sets, case_files)


def _read_task_sets(root: Path, faults: list[Fault]) -> tuple[tuple[TaskSet, ...], dict[str, Path]]:
    """Return the task sets of the pack, one a folder that is named after it, and the files of their cases; faults are added to `faults`."""
    task_sets: list[TaskSet] = []
    case_files: dict[str, Path] = {}
    for folder in sorted(path for path in root.glob("tasks/*") if path.is_dir()):
        inside = f"{folder.relative_to(root).as_posix()}/files/"
        files = {name.removeprefix(inside): content for name, content in _contents(root, folder.glob("files/**/*"), faults)}
        for name, content in _contents(root, [folder / TASK_SET_FILE], faults):
            task_set, found = read_task_set(content, name, files)
            faults += found
            if task_set is not None:
                task_sets.append(task_set)
                case_files |= {file.digest: root / inside / file.name for task in task_set.tasks for file in task.files}
                faults += _faults_of_folder(name, folder.name, task_set)
    return tuple(task_sets), case_files


def _faults_of_folder(name: str, folder: str, task_set: TaskSet) -> list[Fault]:
    if task_set.id == folder:
        return []
    return [Fault(name, Message(N_("The set is called %(id)s, its folder must be called so too"), {"id": task_set.id}))]


def _contents(root: Path, paths: Iterable[Path], faults: list[Fault]) -> Iterator[tuple[str, bytes]]:
    """Give the contents of files of the pack with their names inside the pack, sorted; what cannot be read is added to `faults`."""
    for path in sorted(paths):
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
