"""What a candidate's page may send. Unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from examsrv.domain.steps import Step, StepKind

MOST_STEPS = 200
LONGEST_DEVICE = 64
LONGEST_OPTION = 32
MOST_OPTIONS = 16
LARGEST_NUMBER = 2**53  # what JavaScript counts exactly
LARGEST_PLACE = 2**31 - 1  # what the columns for epoch, seq and item hold

Device = Annotated[str, Field(min_length=1, max_length=LONGEST_DEVICE, pattern=r"^[!-~]+$")]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER, strict=True)]
Place = Annotated[int, Field(ge=0, le=LARGEST_PLACE, strict=True)]
OptionId = Annotated[str, Field(max_length=LONGEST_OPTION)]
Value = Annotated[bool, Field(strict=True)] | OptionId | Annotated[list[OptionId], Field(max_length=MOST_OPTIONS)] | None


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")


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
