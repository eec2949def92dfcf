"""The columns of a roster: how their headings may be written, in any order, in Chinese or English."""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from question_bank.message import N_, Message


class Column(StrEnum):
    """What a column of a roster holds."""

    TICKET = "ticket"
    NAME = "name"
    ID_NUMBER = "id_number"
    ROOM = "room"
    SEAT = "seat"
    PHOTO = "photo"
    EMPLOYER = "employer"
    TRAINING_CLASS = "training_class"


COLUMN_TITLES = {
    Column.TICKET: Message(N_("Ticket number")),
    Column.NAME: Message(N_("Name")),
    Column.ID_NUMBER: Message(N_("ID number")),
    Column.ROOM: Message(N_("Room")),
    Column.SEAT: Message(N_("Seat")),
    Column.PHOTO: Message(N_("Photo")),
    Column.EMPLOYER: Message(N_("Employer")),
    Column.TRAINING_CLASS: Message(N_("Training class")),
}
HEADINGS = {
    Column.TICKET: {"准考证号", "准考证号码", "准考证", "ticket", "ticketnumber"},
    Column.NAME: {"姓名", "考生姓名", "name"},
    Column.ID_NUMBER: {"证件号码", "证件号", "身份证号", "身份证号码", "公民身份号码", "idnumber", "id"},
    Column.ROOM: {"考场", "考场名称", "room"},
    Column.SEAT: {"座位", "座位号", "机位", "seat", "seatnumber"},
    Column.PHOTO: {"照片", "photo"},
    Column.EMPLOYER: {"工作单位", "单位", "单位名称", "employer"},
    Column.TRAINING_CLASS: {"培训班", "培训班级", "培训班次", "班级", "trainingclass", "class"},
}
NEEDED = (Column.TICKET, Column.NAME, Column.ID_NUMBER, Column.ROOM, Column.SEAT)
TOLD = (Column.EMPLOYER, Column.TRAINING_CLASS)
"""What may be left out; where it is told, it says which examiners may not score a candidate."""


def column_of(heading: str) -> Column | None:
    """Return the column that a heading stands for; other headings are nobody's."""
    folded = "".join(character for character in unicodedata.normalize("NFKC", heading).casefold() if character.isalnum())
    return next((column for column, spellings in HEADINGS.items() if folded in spellings), None)


def places(headings: Sequence[str]) -> tuple[Mapping[Column, int], tuple[Message, ...]]:
    """Return where each column stands, and a sentence for each column that is missing or stands twice."""
    found: dict[Column, int] = {}
    faults: list[Message] = []
    for place, heading in enumerate(headings):
        column = column_of(heading)
        if column in found:
            faults.append(Message(N_("The column “%(column)s” stands there twice."), {"column": COLUMN_TITLES[column]}))
        elif column is not None:
            found[column] = place
    missing = [Message(N_("The column “%(column)s” is missing."), {"column": COLUMN_TITLES[column]}) for column in NEEDED if column not in found]
    return found, (*faults, *missing)
