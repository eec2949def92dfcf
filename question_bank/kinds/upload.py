"""提交文件: files worked out with other programs, such as a spreadsheet, scored by examiners."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.kind import NOTHING, Kind, PartialCredit, Scoring, not_an_answer
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message

MOST_MEGABYTES = 20
MOST_FILES = 5
LONGEST_NAME = 120

FileType = Literal["xlsx", "docx", "pdf", "png", "jpg", "csv", "txt"]
Text = Annotated[str, StringConstraints(min_length=1)]


class UploadBody(Shape):
    """Which files are taken, how large each and how many."""

    types: Annotated[list[FileType], Field(min_length=1)]
    megabytes: Annotated[int, Field(ge=1, le=MOST_MEGABYTES)] = 10
    files: Annotated[int, Field(ge=1, le=MOST_FILES)] = 1


class UploadKey(Shape):
    """What a good file holds, for examiners."""

    model: Text


class UploadedFile(Shape):
    """A file of a response: the name it had, its content by digest, its size in bytes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1)]


class Upload(Kind):
    """A response names the files; their contents lie in the content store."""

    name = "upload"
    label = Message(N_("File upload"))
    scoring = Scoring.EXAMINER
    Body = UploadBody
    Key = UploadKey

    def validate(self, item: Item) -> list[Fault]:
        """There are no options, and no type stands twice."""
        types = item.body.get("types")
        faults = faults_of_options(item, None)
        if isinstance(types, list) and len(set(types)) < len(types):
            faults.append(Fault(f"{item.id}.body.types", Message(N_("A type of file is named twice"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction | None:
        """No file earns nothing; everything else is for examiners."""
        return None if response else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON list of files as `UploadedFile`; it may be empty."""
        if not isinstance(raw, list) or len(raw) > MOST_FILES:
            raise not_an_answer()
        try:
            return tuple(UploadedFile.model_validate(each).model_dump() for each in raw)
        except ValidationError as error:
            raise not_an_answer() from error


UPLOAD = Upload()
