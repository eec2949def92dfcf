"""What a candidate's page may send. Unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from examsrv.domain.steps import Step, StepKind
from question_bank.kinds.upload import LONGEST_NAME, MOST_FILES

MOST_STEPS = 200
LONGEST_DEVICE = 64
LONGEST_TEXT = 20_000
LONGEST_OPTION = 32
MOST_OPTIONS = 16
LONGEST_PART = 8
MOST_PARTS = 400
LARGEST_NUMBER = 2**53  # what JavaScript counts exactly
LARGEST_PLACE = 2**31 - 1  # what the columns for epoch, seq and item hold

Device = Annotated[str, Field(min_length=1, max_length=LONGEST_DEVICE, pattern=r"^[!-~]+$")]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER, strict=True)]
Place = Annotated[int, Field(ge=0, le=LARGEST_PLACE, strict=True)]
OptionId = Annotated[str, Field(max_length=LONGEST_OPTION)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
PartName = Annotated[str, Field(max_length=LONGEST_PART)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FileMessage(_Message):
    """A file of an answer, by the digest of its content."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1, le=LARGEST_NUMBER, strict=True)]


Chosen = Annotated[list[OptionId], Field(max_length=MOST_OPTIONS)]
Files = Annotated[list[Annotated[FileMessage, AfterValidator(FileMessage.model_dump)]], Field(max_length=MOST_FILES)]
Parts = Annotated[dict[PartName, Text], Field(max_length=MOST_PARTS)]
Value = Annotated[
    Annotated[bool, Field(strict=True)] | Text | Chosen | Files | Parts | None,
    Field(union_mode="left_to_right"),
]
"""What an answer may be, whatever the kind of its item: see `Kind.response_from`."""


class Open(_Message):
    """Open the paper on a device."""

    device: Device


class StepMessage(_Message):
    """One step of the page."""

    seq: Place
    kind: Literal["answered", "marked"]
    item: Place
    value: Value
    client_ms: Number


class Steps(_Message):
    """Steps of one epoch."""

    device: Device
    epoch: Place
    steps: Annotated[list[StepMessage], Field(max_length=MOST_STEPS)]

    def as_steps(self) -> list[Step]:
        """Return the steps as the core knows them, in order."""
        found = [Step(self.epoch, each.seq, StepKind(each.kind), each.item, each.value, each.client_ms) for each in self.steps]
        return sorted(found, key=lambda step: step.seq)


class HandIn(Steps):
    """Hand in: what was not sent yet, and all answers as the page has them."""

    answers: dict[int, Value]


class Beat(_Message):
    """The page lives."""

    device: Device
    epoch: Place
    unsaved: Number
    remaining_ms: int | None = None
