"""What the page of a script may send. Unknown fields are refused."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from examsrv.services.scoring import COMMENT_LONGEST, SECONDS_MOST, SheetContent

LONGEST_ID = 64
MOST_CRITERIA = 200
MOST_TASKS = 40
LARGEST_REVISION = 2**31 - 1

Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]
Mark = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$")]
Comment = Annotated[str, Field(max_length=COMMENT_LONGEST)]
Seconds = Annotated[int, Field(ge=0, le=SECONDS_MOST, strict=True)]


class SheetMessage(BaseModel):
    """A sheet as the page has it, filled in on top of `revision`."""

    model_config = ConfigDict(extra="forbid")

    revision: Annotated[int, Field(ge=0, lt=LARGEST_REVISION, strict=True)]
    marks: Annotated[dict[Id, Mark], Field(max_length=MOST_CRITERIA)]
    vetoes: Annotated[list[Id], Field(max_length=MOST_CRITERIA)]
    comments: Annotated[dict[Id, Comment], Field(max_length=MOST_CRITERIA)]
    seconds: Annotated[dict[Id, Seconds], Field(max_length=MOST_TASKS)]

    def as_content(self) -> SheetContent:
        """Return the sheet as the services know it."""
        marks = {name: Decimal(mark) for name, mark in self.marks.items()}
        return SheetContent(marks, frozenset(self.vetoes), self.comments, self.seconds)
