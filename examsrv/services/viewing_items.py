"""One item for those who keep the bank: as candidates see it, its key where that is asked for, its versions; and what waits for somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import WRITERS, Act, ItemState
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.banking import items_with_keys
from examsrv.services.browsing_bank import ItemLine, lines_of, point_names
from examsrv.services.comparing_versions import Difference, differences, record_of_draft, record_of_version
from examsrv.services.item_drafts import Draft, draft_of, drafted_cases, may
from examsrv.services.item_events import writers_of
from examsrv.services.item_faults import fault_of
from examsrv.services.previewing_items import shown_item
from examsrv.services.scoping import scope_of
from examsrv.services.signing_in import StaffMember
from examsrv.services.standards import standard_of
from examsrv.storage.tables import ItemDraftRow, ItemEventRow, ItemRow, ItemVersionRow
from question_bank.item import Item, Response, Sample
from question_bank.kinds import KINDS
from question_bank.kinds.blank import GAP
from question_bank.message import Fault
from question_bank.record import item_from
from question_bank.text import FOR_STAFF, rendered


@dataclass(frozen=True, slots=True)
class Preview:
    """What candidates see of an item: texts as sanitised HTML, everything else in the shapes of its kind."""

    kind: str
    stem: str
    options: tuple[tuple[str, str], ...]
    shown: Mapping[str, Any]
    case: tuple[str, str] | None
    on_paper: Mapping[str, Any]
    """The item as a paper has it, for the candidate's own scripts."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What only those who keep the bank see. `letters` are the options that the key names, `parts` what is right where, in words."""

    key: Response
    letters: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    rationale: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """An approved version of an item, `number` counting from 1. `approved` None: it came before events were kept."""

    number: int
    digest: str
    counts: bool
    approved: datetime | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item. `preview` is of the draft, or else of the version that counts or counted last; None: the draft is no whole item yet."""

    line: ItemLine
    point_name: str
    enemies: tuple[str, ...]
    digest: str | None
    preview: Preview | None
    faults: tuple[Fault, ...]
    draft: Draft | None
    versions: tuple[Version, ...]
    acts: frozenset[Act]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits: since when, by whom it was written, and whether somebody who asks may decide on it."""

    line: ItemLine
    since: datetime
    author: str
    is_mine_to_decide: bool


def item_view(session: Session, pack: str, item: str, by: StaffMember) -> ItemView:
    """Return an item as somebody sees it, without its key."""
    row = session.get_one(ItemRow, (pack, item))
    draft, versions = draft_of(session, pack, item), versions_of(session, pack, item)
    found, faults = _present(session, pack, item, draft, versions)
    points = point_names(standard_of(session, pack))
    enemies = draft.record.get("enemies") if draft is not None else None if found is None else found.enemies
    return ItemView(
        line=lines_of(session, pack, [item])[0],
        point_name=points.get(row.point, row.point),
        enemies=tuple(str(each) for each in enemies) if isinstance(enemies, (list, tuple)) else (),
        digest=row.digest,
        preview=None if found is None else preview_of(found),
        faults=tuple(faults),
        draft=draft,
        versions=versions,
        acts=frozenset(act for act in Act if may(session, pack, row, act, by)),
    )


def item_secret(session: Session, pack: str, item: str) -> Secret | None:
    """Return key, rationale and samples of what `item_view` shows: after `record_key_look` only. None: the draft is no whole item yet."""
    found, _faults = _present(session, pack, item, draft_of(session, pack, item), versions_of(session, pack, item))
    return None if found is None else secret_of(found)


def record_key_look(session: Session, pack: str, item: str, by: Actor, at: Moment) -> None:
    """Enter into the audit that somebody looks at an item's key."""
    record(session, "item.key_shown", f"pack/{pack}", by, at, item=item)


def versions_of(session: Session, pack: str, item: str) -> tuple[Version, ...]:
    """Return the approved versions of an item, newest first."""
    rows = session.scalars(
        select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.item_id == item).order_by(ItemVersionRow.number)
    ).all()
    made = select(ItemEventRow.digest, ItemEventRow.wall).where(
        ItemEventRow.pack == pack, ItemEventRow.item_id == item, ItemEventRow.digest.is_not(None)
    )
    walls: dict[str | None, datetime] = {}
    for event in session.execute(made.order_by(ItemEventRow.id)):
        walls.setdefault(event.digest, event.wall)
    found = [Version(number, row.digest, row.is_current, walls.get(row.digest)) for number, row in enumerate(rows, start=1)]
    return tuple(reversed(found))


def changes_of_draft(session: Session, pack: str, item: str, *, with_key: bool) -> list[Difference]:
    """Return what a draft changes of the version that counts, or counted last; everything where there is none."""
    draft, versions = draft_of(session, pack, item), versions_of(session, pack, item)
    if draft is None:
        return []
    before = record_of_version(session, _last(versions)) if versions else {}
    return differences(before, record_of_draft(draft), with_key=with_key)


def changes_between(session: Session, pack: str, item: str, old: str, new: str, *, with_key: bool) -> list[Difference]:
    """Return what differs between two versions of an item, by their digests; refuses digests of anything else."""
    known = {version.digest for version in versions_of(session, pack, item)}
    if not {old, new} <= known:
        raise KeyError(item)
    return differences(record_of_version(session, old), record_of_version(session, new), with_key=with_key)


def waiting_for_review(session: Session, pack: str, by: StaffMember) -> list[Waiting]:
    """Return the drafts in review that somebody may see, those to decide on first, the oldest first."""
    rows = _drafts(session, pack, by, [ItemState.IN_REVIEW])
    lines = {line.id: line for line in lines_of(session, pack, [row.item_id for row in rows])}
    found = [
        Waiting(lines[row.item_id], row.changed, lines[row.item_id].author, is_mine_to_decide=by.id not in writers_of(session, pack, row.item_id))
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.is_mine_to_decide, each.since))


def drafts_of(session: Session, pack: str, by: StaffMember) -> list[Waiting]:
    """Return the drafts that somebody has begun, those sent back first, then by their last change."""
    rows = [row for row in _drafts(session, pack, by, list(ItemState)) if row.author_id == by.id]
    lines = {line.id: line for line in lines_of(session, pack, [row.item_id for row in rows])}
    found = [Waiting(lines[row.item_id], row.changed, lines[row.item_id].author, is_mine_to_decide=False) for row in rows]
    return sorted(found, key=lambda each: (each.line.state is not ItemState.RETURNED, -each.since.timestamp()))


def may_write(by: StaffMember) -> bool:
    """Tell whether somebody may begin items."""
    return any(by.has(role) for role in WRITERS)


def preview_of(item: Item) -> Preview:
    """Return what candidates see of an item."""
    case = None if item.case is None else (item.case.title, rendered(item.case.text, FOR_STAFF))
    options = tuple((option.letter, option.text) for option in item.options)
    return Preview(item.kind, rendered(item.stem, FOR_STAFF), options, KINDS[item.kind].shown(item), case, shown_item(item))


def secret_of(item: Item) -> Secret:
    """Return what only those who keep the bank see of an item."""
    return Secret(item.key, _letters(item), tuple(parts_of_key(item.key)), item.rationale, item.samples)


def parts_of_key(key: Any) -> list[tuple[str, str]]:
    """Return what is right where, in words: gaps and cells with what is accepted, prompts with their letters, a model answer with its elements."""
    if not isinstance(key, Mapping):
        return []
    for name in ("gaps", "cells", "pairs"):
        if isinstance(key.get(name), Mapping):
            return [(str(part), _right(right)) for part, right in key[name].items()]
    if "model" in key:
        return [("", str(key["model"])), *((str(place), _right(each)) for place, each in enumerate(key.get("elements", ()), start=1))]
    return [("", _right(key))]


def stem_in_pieces(stem: str) -> list[str]:
    """Return the HTML of a stem cut at its gaps: texts and numbers of gaps by turns."""
    return GAP.split(stem)


def _right(right: Any) -> str:
    if not isinstance(right, Mapping):
        return str(right)
    if "value" in right:
        tolerance = str(right.get("tolerance", "0"))
        return str(right["value"]) if tolerance == "0" else f"{right['value']} ± {tolerance}{' ×' if right.get('relative') else ''}"
    texts = right.get("accepted") or right.get("any") or ()
    share = f" ({right['share']})" if "share" in right else ""
    return " / ".join(map(str, texts)) + share


def _letters(item: Item) -> tuple[str, ...]:
    known = [option.letter for option in item.options]
    return tuple(letter for letter in known if letter in item.key) if isinstance(item.key, (str, tuple)) else ()


def _present(session: Session, pack: str, item: str, draft: Draft | None, versions: Sequence[Version]) -> tuple[Item | None, list[Fault]]:
    """Return what an item is at present, if it is whole, and what is wrong with the shape of its draft."""
    if draft is not None:
        found, findings = item_from(draft.record, drafted_cases(session, pack, None if draft.case is None else draft.case.case))
        return found, [fault_of(item, finding) for finding in findings]
    return (items_with_keys(session, [_last(versions)])[0], []) if versions else (None, [])


def _last(versions: Sequence[Version]) -> str:
    """Return the digest of the version that counts, else of the newest."""
    return next((version.digest for version in versions if version.counts), versions[0].digest)


def _drafts(session: Session, pack: str, by: StaffMember, states: list[ItemState]) -> list[ItemDraftRow]:
    mine = scope_of(session, by).condition(pack)
    lines = select(ItemRow.item_id).where(ItemRow.pack == pack, mine)
    query = select(ItemDraftRow).where(ItemDraftRow.pack == pack, ItemDraftRow.state.in_(states), ItemDraftRow.item_id.in_(lines))
    return list(session.scalars(query.order_by(ItemDraftRow.changed, ItemDraftRow.item_id)))
