"""A roster as it stands in the file: each row read into an entry, with everything that is wrong with it seen alone."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from examsrv.domain.identity import normalised
from examsrv.services.portraits import Portraits, read_portraits
from examsrv.services.reading_tables import Cell, Table, TableRow, read_table
from examsrv.services.roster_columns import COLUMN_TITLES, NEEDED, TOLD, Column, places
from question_bank.message import N_, ExamError, Message

BLANKS = " \u3000\xa0"
LONGEST = {
    Column.TICKET: 32,
    Column.NAME: 60,
    Column.ID_NUMBER: 40,
    Column.ROOM: 60,
    Column.SEAT: 10,
    Column.PHOTO: 120,
    Column.EMPLOYER: 100,
    Column.TRAINING_CLASS: 100,
}
TICKET = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*", re.ASCII)
SEAT = re.compile(r"[0-9]{1,10}", re.ASCII)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories. Private use and unassigned code points stay allowed: rare characters of names are found there."""
NO_SEAT = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the file, its texts without blanks at the ends. `seat` is 0 when none can be read; None stands for columns that the file has not."""

    number: int
    ticket: str
    name: str
    id_number: str
    room: str
    seat_text: str
    seat: int
    photo: bytes | None
    faults: tuple[Message, ...]
    employer: str | None = None
    training_class: str | None = None


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster that was read. `faults` concern the file as a whole: then there are no entries. `digest` names file and photos by content."""

    digest: str
    entries: tuple[Entry, ...] = ()
    faults: tuple[Message, ...] = ()
    notices: tuple[Message, ...] = field(default=())


def read_roster(name: str, content: bytes, photos: bytes | None = None) -> RosterFile:
    """Read the roster `name`, with an optional zip of photos named by ticket or as the photo column says; needs no database.

    A file that cannot be read at all gives a RosterFile with its fault.
    """
    digest = hashlib.sha256(hashlib.sha256(content).digest() + hashlib.sha256(photos or b"").digest()).hexdigest()
    try:
        table = read_table(name, content)
        portraits = read_portraits(photos) if photos else Portraits({}, {})
    except ExamError as error:
        return RosterFile(digest, faults=(error.message,))
    at, faults = places(table.headings)
    if not faults and not table.rows:
        faults = (Message(N_("There is no candidate under the headings.")),)
    if faults:
        return RosterFile(digest, faults=faults)
    return _roster(digest, table, at, portraits, has_photos=bool(photos))


def _roster(digest: str, table: Table, at: Mapping[Column, int], portraits: Portraits, *, has_photos: bool) -> RosterFile:
    used: set[str] = set()
    entries = []
    for row in table.rows:
        cells = {column: row.cells[place] for column, place in at.items()}
        wanted = _photo_name(cells, portraits)
        used.add(wanted)
        strange = [Message(N_("The row has more cells than there are headings."))] if len(row.cells) > len(table.headings) else []
        lacking = _photo_faults(cells, wanted, portraits) if has_photos else []
        entries.append(_entry(row, cells, (*strange, *_shape_faults(cells), *lacking), portraits.images.get(wanted)))
    unused = len((portraits.images.keys() | portraits.faults.keys()) - used)
    notices = (Message(N_("Photos that belong to no row: %(count)d."), {"count": unused}),) if unused else ()
    return RosterFile(digest, tuple(entries), notices=notices)


def _entry(row: TableRow, cells: Mapping[Column, Cell], faults: tuple[Message, ...], photo: bytes | None) -> Entry:
    seat_text = plain(cells[Column.SEAT])
    return Entry(
        number=row.number,
        ticket=plain(cells[Column.TICKET]),
        name=cells[Column.NAME].text.strip(BLANKS),
        id_number=normalised(cells[Column.ID_NUMBER].text),
        room=cells[Column.ROOM].text.strip(BLANKS),
        seat_text=seat_text,
        seat=int(seat_text) if SEAT.fullmatch(seat_text) else NO_SEAT,
        photo=photo,
        faults=faults,
        employer=_told(cells, Column.EMPLOYER),
        training_class=_told(cells, Column.TRAINING_CLASS),
    )


def _told(cells: Mapping[Column, Cell], column: Column) -> str | None:
    return cells[column].text.strip(BLANKS) if column in cells else None


def plain(cell: Cell) -> str:
    """Return the text of a number or code: half-width, without blanks at the ends."""
    return unicodedata.normalize("NFKC", cell.text.strip(BLANKS))


def _shape_faults(cells: Mapping[Column, Cell]) -> Iterator[Message]:
    for column in NEEDED:
        yield from _text_faults(column, cells[column].text.strip(BLANKS))
    for column in TOLD:
        if text := _told(cells, column):
            yield from _text_faults(column, text)
    ticket, seat = plain(cells[Column.TICKET]), plain(cells[Column.SEAT])
    if ticket and not TICKET.fullmatch(ticket):
        yield Message(N_("A ticket number consists of letters, digits and hyphens; format the column as text."))
    if seat and not SEAT.fullmatch(seat):
        yield Message(N_("The seat is no number."))
    if cells[Column.ID_NUMBER].is_number:
        yield Message(N_("The ID number is kept as a number, which loses digits; format the column as text and enter it again."))


def _text_faults(column: Column, text: str) -> Iterator[Message]:
    title = COLUMN_TITLES[column]
    if not text:
        yield Message(N_("%(column)s is missing."), {"column": title})
    if len(text) > LONGEST[column]:
        yield Message(N_("%(column)s is longer than %(most)d characters."), {"column": title, "most": LONGEST[column]})
    if text.startswith(FORMULA_SIGNS):
        yield Message(N_("%(column)s begins like a formula."), {"column": title})
    hidden = next((character for character in text if unicodedata.category(character) in INVISIBLE), None)
    if hidden is not None:
        yield Message(
            N_("%(column)s holds an invisible character (U+%(code)04X); delete and enter it again."), {"column": title, "code": ord(hidden)}
        )


def _photo_name(cells: Mapping[Column, Cell], portraits: Portraits) -> str:
    """Return the photo's name: the one in the photo column, else the ticket with an ending that is there."""
    named = cells[Column.PHOTO].text.strip(BLANKS).casefold() if Column.PHOTO in cells else ""
    return named or portraits.name_for(plain(cells[Column.TICKET]))


def _photo_faults(cells: Mapping[Column, Cell], wanted: str, portraits: Portraits) -> Iterator[Message]:
    if wanted in portraits.faults:
        yield portraits.faults[wanted]
    elif wanted and wanted not in portraits.images:
        yield Message(
            N_("The photo %(file)s is not among the photos sent."), {"file": cells[Column.PHOTO].text.strip(BLANKS)[: LONGEST[Column.PHOTO]]}
        )
