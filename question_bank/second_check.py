"""Second checks: a person other than the author answered an item or solved a task set and looked up its facts. A check holds for one digest."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StringConstraints, ValidationError

from question_bank.formats.shape import Shape, shape_faults
from question_bank.formats.yaml_document import read_document
from question_bank.message import N_, Fault, Message


class Verdict(StrEnum):
    """What the second person found: nothing to change, or something that was then mended (the digest is that of what was mended)."""

    AGREED = "agreed"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class SecondCheck:
    """The second check of an item or a task set, named by its id, and what was looked up for it."""

    subject: str
    digest: str
    verdict: Verdict
    looked_up: str


class SecondCheckShape(Shape):
    """A second check as written: the subject stands under `item` or `task_set`."""

    subject: Annotated[str, StringConstraints(min_length=1), Field(validation_alias=AliasChoices("item", "task_set"))]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    verdict: Literal["agreed", "mended"]
    looked_up: Annotated[str, StringConstraints(min_length=1)]


def read_second_checks(text: str | bytes, place: str) -> tuple[list[SecondCheck], list[Fault]]:
    """Return the second checks that are whole and the faults of the others, with file, place and line."""
    document = read_document(text)
    if not document.faults and not isinstance(document.value, list):
        document.complain((), Message(N_("A list of second checks is wanted")))
    checks = []
    for index, raw in enumerate(document.value if isinstance(document.value, list) else []):
        try:
            read = SecondCheckShape.model_validate(raw)
            checks.append(SecondCheck(read.subject, read.digest, Verdict(read.verdict), read.looked_up))
        except ValidationError as error:
            for path, message in shape_faults(error):
                document.complain((index, *path), message)
    return checks, [Fault(f"{place}: {fault.place}", fault.message) for fault in document.faults]
