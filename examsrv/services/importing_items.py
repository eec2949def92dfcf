"""Files of items on their way into the bank: read, kept aside, looked over, then brought in whole as drafts, or thrown away.

Nothing of a file counts before a reviewer has approved it. Reading and painting pictures anew take seconds: they are done before the database is
asked for anything (`prepared`); what follows are short transactions.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import WRITERS
from examsrv.domain.moment import Moment
from examsrv.services import media, writing_items
from examsrv.services.auditing import record
from examsrv.services.item_drafts import require_role
from examsrv.services.item_file_child import message_from, plain_fault
from examsrv.services.item_import_plan import Change, Plan, plan
from examsrv.services.looking import look
from examsrv.services.media import Picture
from examsrv.services.overseeing import running_sittings
from examsrv.services.reading_items import ItemFile, read_item_file
from examsrv.services.signing_in import StaffMember
from examsrv.storage.tables import ItemImportRow
from question_bank.formats import FORMATS, NO_DEFAULTS
from question_bank.formats.pictures import pictures_of
from question_bank.item import Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.record import record_of, record_of_case

NAME_LONGEST = 200
MOST_BESIDE_A_SITTING = 10
"""More items are not brought in while a sitting runs: it is one transaction, and the answers of candidates wait for it."""


class BankChangedError(ExamError):
    """The bank is another one than when the file was looked over."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read: its items as records, with its pictures as the bank keeps them."""

    name: str
    format: str
    digest: str
    content: dict[str, Any]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """A file that is looked over, or was brought in at `applied`."""

    id: int
    pack: str
    person: int
    name: str
    format: Message
    wall: datetime
    applied: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """How many items became drafts, and how many were as the file has them."""

    new: int
    changed: int
    same: int


def prepared(name: str, content: bytes, format_name: str | None = None, defaults: Mapping[str, object] = NO_DEFAULTS) -> Prepared:
    """Read a file without touching the database; raise `ExamError` where nothing can be made of it.

    `defaults` says of items what files of other makers do not: level, section, point, difficulty, importance.
    """
    return prepared_from(name, hashlib.sha256(content).hexdigest(), read_item_file(name, content, format_name, defaults))


def prepared_from(name: str, digest_of_file: str, read: ItemFile) -> Prepared:
    """Paint the pictures of a file that was read, and name them in its texts as the bank keeps them."""
    pictures: list[Picture] = []
    renamed: dict[str, str] = {}
    faults = list(read.reading.faults)
    for digest, picture in read.reading.media.items():
        try:
            painted = media.picture_from(picture)
        except ExamError as error:
            faults.append(Fault(f"{name}: {digest[:SHORT]}", error.message))
            continue
        pictures.append(painted)
        renamed[digest] = painted.digest
    if not read.reading.items and not faults:
        raise ExamError(Message(N_("The file holds no items.")))
    cases = {item.case.id: record_of_case(item.case) for item in read.reading.items if item.case is not None}
    held = {
        "cases": [_with_pictures(case, renamed) for case in cases.values()],
        "items": [_with_pictures(record_of(item), renamed if pictures_of(item) else {}) for item in read.reading.items],
        "faults": [plain_fault(fault) for fault in faults],
        "notes": [plain_fault(note) for note in read.reading.notes],
    }
    return Prepared(name[-NAME_LONGEST:], read.format, digest_of_file, held, tuple(pictures))


def keep(session: Session, pack: str, file: Prepared, by: StaffMember, at: Moment) -> int:
    """Keep a file aside to be looked over, and return its number; what the same person left aside before goes. Its pictures are kept before."""
    require_role(by, WRITERS)
    for row in session.scalars(select(ItemImportRow).where(ItemImportRow.person_id == by.id, ItemImportRow.applied.is_(None))):
        session.delete(row)
    session.flush()
    about = {"pack": pack, "person_id": by.id, "name": file.name, "format": file.format, "digest": file.digest}
    row = ItemImportRow(**about, content=file.content, wall=at.wall)
    session.add(row)
    session.flush()
    record(session, "items.import_read", f"pack/{pack}", by.actor, at, file=file.digest, items=len(file.content["items"]))
    return row.id


def import_of(session: Session, number: int) -> Import | None:
    """Return a file that was kept aside or brought in."""
    row = session.get(ItemImportRow, number)
    if row is None:
        return None
    label = FORMATS[row.format].label if row.format in FORMATS else Message(row.format)
    return Import(row.id, row.pack, row.person_id, row.name, label, row.wall, row.applied)


def planned(session: Session, number: int, by: StaffMember) -> Plan:
    """Return what bringing the file in would do to the bank as it is now."""
    row = _waiting(session, number)
    return plan(session, row.pack, row.content, _faults(row, "faults"), _faults(row, "notes"), by)


def look_at_changes(session: Session, number: int, found: Plan, by: StaffMember, at: Moment) -> None:
    """Enter that somebody is shown, key and all, what approved items are now."""
    changed = [each.id for each in found.items if each.differences]
    if changed:
        look(session, _waiting(session, number).pack, changed, by.actor, at, with_key=True)


def bring_in(session: Session, number: int, digest: str, by: StaffMember, at: Moment) -> Report:
    """Make drafts of all new and changed items, all or none; `digest` is that of the plan that was looked at.

    Refused: anything faulty, a plan that is another one now, and many items while a sitting runs.
    """
    require_role(by, WRITERS)
    row = _waiting(session, number)
    found = plan(session, row.pack, row.content, _faults(row, "faults"), _faults(row, "notes"), by)
    if found.faults or found.count(Change.FAULTY):
        raise ExamError(Message(N_("Nothing was brought in: some of the file is wrong. Mend it and choose it again.")))
    if found.digest != digest:
        raise BankChangedError(Message(N_("Nothing was brought in: the bank has changed since you looked. This is how it is now.")))
    coming = [each.item for each in found.items if each.item is not None and each.change in (Change.NEW, Change.CHANGED)]
    if len(coming) > MOST_BESIDE_A_SITTING and running_sittings(session):
        raise ExamError(Message(N_("A sitting is running. So many items are brought in when everybody is done.")))
    for item in coming:
        _put(session, row.pack, item, by, at)
    report = Report(found.count(Change.NEW), found.count(Change.CHANGED), found.count(Change.SAME))
    row.applied, row.content = at.wall, {}
    record(session, "items.imported", f"pack/{row.pack}", by.actor, at, file=row.digest, new=report.new, changed=report.changed, same=report.same)
    return report


def discard(session: Session, number: int) -> None:
    """Throw a file away that was not brought in."""
    session.delete(_waiting(session, number))
    session.flush()


SHORT = 8


def _put(session: Session, pack: str, item: Item, by: StaffMember, at: Moment) -> None:
    writing_items.put(session, pack, record_of(item), item.case, by, at)


def _waiting(session: Session, number: int) -> ItemImportRow:
    row = session.get(ItemImportRow, number)
    if row is None or row.applied is not None:
        raise ExamError(Message(N_("This file was brought in or thrown away already.")))
    return row


def _faults(row: ItemImportRow, name: str) -> list[Fault]:
    return [Fault(place, message_from(message)) for place, message in row.content[name]]


def _with_pictures(value: Any, renamed: dict[str, str]) -> Any:
    """Return JSON values with the pictures in their texts named as the bank keeps them."""
    if isinstance(value, dict):
        return {name: _with_pictures(each, renamed) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_pictures(each, renamed) for each in value]
    if isinstance(value, str):
        for old, new in renamed.items():
            value = value.replace(f"(media:{old})", f"(media:{new})")
    return value
