"""Items on their way out of the bank, keys and all: a selection as a file of any format. Who takes what is on record before anything is handed out.

The file is written and read back in a process of its own: that takes processor time, and what does not come back the same is told as a loss.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services import media
from examsrv.services.auditing import record
from examsrv.services.banking import items_with_keys
from examsrv.services.looking import look
from examsrv.services.placing import on_any_core
from examsrv.services.scoping import scope_of
from examsrv.services.signing_in import StaffMember
from examsrv.services.standards import standard_of
from examsrv.storage.tables import ItemRow
from question_bank.formats import FORMATS
from question_bank.formats.pictures import pictures_of
from question_bank.formats.reading import Names
from question_bank.item import Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.standard import Standard

MOST_ITEMS = 5000
READ_BACK = "read-back"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: items with their keys, pictures by digest, the names behind ids, and the format."""

    format: str
    items: tuple[Item, ...]
    media: Mapping[str, bytes]
    names: Names
    missing: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A file, how many items it holds, and what of them it does not hold."""

    content: bytes
    suffix: str
    count: int
    losses: tuple[Fault, ...]


def order(session: Session, pack: str, items: Sequence[str], format_name: str, by: StaffMember) -> Order:
    """Gather the versions that count of `items`, in their order, of those that somebody works on. An item without such a version is missing."""
    if format_name not in FORMATS:
        raise ExamError(Message(N_("There is no format %(format)s."), {"format": format_name}))
    scope = scope_of(session, by)
    query = select(ItemRow).where(ItemRow.pack == pack, ItemRow.item_id.in_(items), scope.condition(pack))
    lines = {row.item_id: row for row in session.scalars(query)}
    wanted = [each for each in dict.fromkeys(items) if each in lines]
    digests = [digest for each in wanted if (digest := lines[each].digest) is not None]
    if not digests:
        raise ExamError(Message(N_("None of these items has an approved version: there is nothing to export.")))
    if len(digests) > MOST_ITEMS:
        raise ExamError(Message(N_("These are more than %(most)d items. Export them in parts."), {"most": MOST_ITEMS}))
    text = Message(N_("It has no approved version and is not in the file"))
    missing = tuple(Fault(each, text) for each in wanted if lines[each].digest is None)
    return _order(session, pack, digests, format_name, missing)


def whole_order(session: Session, pack: str, format_name: str) -> Order:
    """Gather all versions of a pack that count, by the items' ids."""
    query = select(ItemRow.digest).where(ItemRow.pack == pack, ItemRow.digest.is_not(None)).order_by(ItemRow.item_id)
    digests = [digest for digest in session.scalars(query) if digest is not None]
    if not digests:
        raise ExamError(Message(N_("The bank of %(pack)s has no approved items."), {"pack": pack}))
    return _order(session, pack, digests, format_name)


def _order(session: Session, pack: str, digests: Sequence[str], format_name: str, missing: tuple[Fault, ...] = ()) -> Order:
    found = items_with_keys(session, digests)
    pictures = {digest: content for item in found for digest in pictures_of(item) if (content := media.picture(session, digest)) is not None}
    return Order(format_name, tuple(found), pictures, names_of(standard_of(session, pack)), missing)


def written(asked: Order) -> Export:
    """Write a file in a process of its own, which never opens the database."""
    with on_any_core(), ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(written_here, asked).result()
        except BrokenProcessPool as error:
            raise ExamError(Message(N_("The writing of the file was cut off by the machine. Please try again."))) from error


def written_here(asked: Order) -> Export:
    """Write a file in this process, and tell what does not come back from it the same."""
    made = FORMATS[asked.format]
    file = made.write(asked.items, asked.media, asked.names)
    told = {loss.place for loss in file.losses}
    back = {item.id: item.digest for item in made.read(file.content, READ_BACK + made.suffixes[0]).items}
    text = Message(N_("It would not come back from this file just as it is"))
    changed = tuple(Fault(item.id, text) for item in asked.items if back.get(item.id) != item.digest and item.id not in told)
    return Export(file.content, made.suffixes[0], len(asked.items), (*asked.missing, *file.losses, *changed))


def enter_export(session: Session, pack: str, asked: Order, by: Actor, at: Moment) -> None:
    """Enter who takes which items out, with their keys: before the file is handed out."""
    look(session, pack, [item.id for item in asked.items], by, at, with_key=True)
    record(session, "items.exported", f"pack/{pack}", by, at, format=asked.format, items=len(asked.items))


def names_of(standard: Standard) -> Names:
    """Return the names of what items are tagged with."""
    levels = {level.id: level.name or level.id for level in standard.levels}
    sections = {section.key: section.name for table in standard.weights for section in table.sections}
    points = {point.id: point.name for level in standard.levels for point in standard.points(level.id)}
    return Names(levels, sections, points)


def empty_workbook(standard: Standard) -> bytes:
    """Return the workbook that an office fills in, with what the standard has for choice and an example of every kind."""
    from question_bank.formats.excel import template

    return template(names_of(standard))
