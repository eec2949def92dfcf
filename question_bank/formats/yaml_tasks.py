"""A task set as its author writes it: a YAML file with the files that its cases name beside it."""

import hashlib
from collections.abc import Collection, Iterator, Mapping

from question_bank.formats.picture_types import BEGINNINGS
from question_bank.formats.yaml_document import Document, read_document
from question_bank.message import N_, Fault, Message
from question_bank.raw_document import mappings
from question_bank.task import CaseFile, TaskSet
from question_bank.task_record import task_set_from

FAULTS_MOST = 2000
"""A person stops reading long before; a file of nothing but faults must not fill the memory."""
PACKAGE = b"PK\x03\x04"
FILE_BEGINNINGS = {"png": BEGINNINGS["png"], "jpg": BEGINNINGS["jpg"], "xlsx": PACKAGE, "docx": PACKAGE, "pdf": b"%PDF-"}
"""How the bytes of a type begin; texts begin in any way."""


def read_task_set(content: bytes, name: str, files: Mapping[str, bytes]) -> tuple[TaskSet | None, list[Fault]]:
    """Return the task set of a file called `name`, None if it is not whole, and all faults, each with the file, the place inside and its line.

    `files` are all that lie beside it, by name: each must be named by a case.
    """
    document = read_document(content)
    if not isinstance(document.value, dict):
        if not document.faults:
            document.complain((), Message(N_("A task set is wanted")))
        return None, _in_file(name, document)
    there = {each: CaseFile(each, "", hashlib.sha256(data).hexdigest(), len(data)) for each, data in files.items()}
    task_set, findings = task_set_from(document.value, there)
    for place, message in findings[:FAULTS_MOST]:
        document.complain(place, message)
    if len(findings) > FAULTS_MOST:
        document.complain((), Message(N_("The file has more faults than are told; it is not read further")))
    faults = [*_in_file(name, document), *_faults_of_files(name, _named(document.value), files)]
    if task_set is not None:  # otherwise it was told with its line
        lost = sorted({file.name for task in task_set.tasks for file in task.files} - files.keys())
        faults += [Fault(f"{name}: {each}", Message(N_("The file %(name)s is not there"), {"name": each})) for each in lost]
    return task_set, faults


def _in_file(name: str, document: Document) -> list[Fault]:
    return [Fault(f"{name}: {fault.place}", fault.message) for fault in document.faults]


def _named(raw: object) -> set[str]:
    """Return the names of the files that tasks name, also those of tasks that are not whole."""
    files = (file for place, _task in mappings(raw, "tasks") for _place, file in mappings(raw, *place, "files"))
    return {name for file in files if isinstance(name := file.get("name"), str)}


def _faults_of_files(name: str, named: Collection[str], files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Give what is wrong with the files beside a set: that they are not what their names say, or that no task names them."""
    for each, data in sorted(files.items()):
        suffix = each.rpartition(".")[2]
        if not data.startswith(FILE_BEGINNINGS.get(suffix, b"")):
            yield Fault(f"{name}: {each}", Message(N_("The content is not that of a file of the type %(type)s"), {"type": suffix}))
        if each not in named:
            yield Fault(f"{name}: {each}", Message(N_("No task names this file")))
