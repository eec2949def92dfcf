"""The results of a batch as they leave the house (成绩汇总表): on A4, and as one plain table for programs that take results in."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter import Workbook

from examsrv.exports.printed_form import Cell, Column, Grid, Number, PrintedForm, Sentences, Signs
from examsrv.exports.results import Translate
from examsrv.exports.results_xlsx import A4, AS_GIVEN, TEXT_FORMAT
from examsrv.exports.score_forms import Imprint
from question_bank.message import N_, Message

SHOWN = "0.0"
COLUMN_WIDTHS = (6, 12, 21, 18, 18, 14, 14, 10, 10, 12, 12, 18, 24, 14)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A candidate's line. `marks` are theory, skills and review: the mark as it is shown, a word instead of it, or nothing.

    `id_number` is masked unless the office chose otherwise.
    """

    name: str
    id_number: str
    ticket: str
    occupation: str
    code: str
    level: str
    marks: tuple[str | Message, str | Message, str | Message]
    decision: Message
    held: str


def level_list(lines: Sequence[LevelLine], batch: str, imprint: Imprint, translate: Translate) -> PrintedForm:
    """Return the list for A4, with the sums and what a mark means."""
    heads = (
        (N_("No."), 5, True),
        (N_("Name"), 10, True),
        (N_("ID number"), 17, True),
        (N_("Ticket number"), 14, True),
        (N_("Occupation and level"), 16, True),
        (N_("Theory mark"), 9, True),
        (N_("Skills mark"), 9, True),
        (N_("Review mark"), 9, True),
        (N_("Decision"), 11, True),
    )
    columns = [Column(translate(Message(text)), percent, is_centred=is_centred) for text, percent, is_centred in heads]
    rows = [
        (str(number), line.name, line.id_number, line.ticket, f"{line.occupation} {line.level}", *_marks(line, translate), translate(line.decision))
        for number, line in enumerate(lines, start=1)
    ]
    counted = Message(N_("%(count)d candidates"), {"count": len(lines)})
    note = Message(N_("Every component has to reach its pass mark; exact marks decide, one decimal is shown, never one on the other side of it."))
    return PrintedForm(
        name=translate(Message(N_("Results"))),
        over=imprint.institution,
        title=translate(Message(N_("Summary of results"))),
        beside=(batch, translate(counted)),
        blocks=(
            Grid("", columns, rows),
            Sentences("", (translate(note),)),
            Signs(
                [translate(Message(text)) for text in (N_("Added up by, date"), N_("Checked by, date"), N_("Head of the institution, stamp, date"))]
            ),
        ),
        foot=translate(Message(N_("Printed %(when)s by %(name)s"), {"when": imprint.printed, "name": imprint.by})),
        is_wide=True,
    )


def level_workbook(lines: Sequence[LevelLine], batch: str, imprint: Imprint, made: datetime, translate: Translate) -> bytes:
    """Return one plain table: a line for each candidate, ID numbers and codes as text, marks as the numbers that are shown."""
    titles = (
        *(N_("No."), N_("Name"), N_("ID number"), N_("Ticket number"), N_("Occupation"), N_("Occupation code"), N_("Level")),
        *(N_("Theory mark"), N_("Skills mark"), N_("Review mark"), N_("Decision"), N_("Batch"), N_("Institution"), N_("Day of the examination")),
    )
    out = io.BytesIO()
    with Workbook(out, AS_GIVEN) as book:
        book.set_properties({"title": batch, "created": made})
        sheet = book.add_worksheet(translate(Message(N_("Results"))))
        text, number = book.add_format({"num_format": TEXT_FORMAT}), book.add_format({"num_format": SHOWN})
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (title, width) in enumerate(zip(titles, COLUMN_WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, translate(Message(title)), bold)
        for row, line in enumerate(lines, start=1):
            for column, cell in enumerate(_cells(row, line, batch, imprint, translate)):
                if isinstance(cell, Number):
                    sheet.write_number(row, column, float(cell.text), number)
                elif cell:
                    sheet.write_string(row, column, cell, text)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _cells(row: int, line: LevelLine, batch: str, imprint: Imprint, translate: Translate) -> Iterator[Cell]:
    yield from (str(row), line.name, line.id_number, line.ticket, line.occupation, line.code, line.level)
    yield from _marks(line, translate)
    yield from (translate(line.decision), batch, imprint.institution, line.held)


def _marks(line: LevelLine, translate: Translate) -> Iterator[Cell]:
    for mark in line.marks:
        if isinstance(mark, Message):
            yield translate(mark)
        else:
            yield Number(mark) if mark else ""
