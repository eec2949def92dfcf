"""The bank in the database: a pack comes in once, as item versions by digest; importing it again changes nothing. Keys go to their own table."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import ItemKeyRow, ItemVersionRow, PackRow
from question_bank.item import Item, Option, Sample
from question_bank.pack import PACKS, STANDARD_FILE, Pack


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed: item versions that are new, items whose content is another now, items unchanged."""

    new: int
    changed: int
    same: int


def import_pack(session: Session, pack: Pack, by: Actor, at: Moment, folder: Path = PACKS) -> ImportReport:
    """Bring a pack into the database. Content that is there already is left as it is; a changed item becomes a new version."""
    standard = (folder / pack.code / STANDARD_FILE).read_text(encoding="utf-8")
    specifications = {path.name: path.read_text(encoding="utf-8") for path in pack.specifications}
    session.merge(
        PackRow(
            code=pack.code,
            name=pack.standard.occupation.name,
            standard=standard,
            standard_digest=digest(standard),
            specifications=specifications,
        )
    )
    session.flush()
    report = _import_items(session, pack)
    if report.new or report.changed:
        record(session, "pack.imported", f"pack/{pack.code}", by, at, new=report.new, changed=report.changed, bank=bank_digest(session, pack.code))
    return report


def current_items(session: Session, pack: str, level: str | None = None) -> list[Item]:
    """Return the items of a pack that count now, by id, without their keys: fit for choosing, not for marking."""
    query = select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).order_by(ItemVersionRow.item_id)
    if level is not None:
        query = query.where(ItemVersionRow.level == level)
    return [_item(row) for row in session.scalars(query)]


def bank_digest(session: Session, pack: str) -> str:
    """Return the digest of what the bank of a pack holds now."""
    query = select(ItemVersionRow.digest).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).order_by(ItemVersionRow.digest)
    return digest(list(session.scalars(query)))


def items_with_keys(session: Session, digests: Sequence[str]) -> list[Item]:
    """Return item versions with key, rationale and samples, in the order asked: for composing a paper's key and for reviewers only."""
    rows = {row.digest: row for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.digest.in_(digests)))}
    keys = {row.digest: row.secret for row in session.scalars(select(ItemKeyRow).where(ItemKeyRow.digest.in_(digests)))}
    return [_item(rows[each], keys[each]) for each in digests]


def _import_items(session: Session, pack: Pack) -> ImportReport:
    known = {row.item_id: row for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.pack == pack.code, ItemVersionRow.is_current))}
    kept = set(session.scalars(select(ItemVersionRow.digest)))
    number = session.scalar(select(func.max(ItemVersionRow.number))) or 0
    new = changed = same = 0
    for item in pack.items:
        before = known.get(item.id)
        if before is not None and before.digest == item.digest:
            same += 1
            continue
        if before is not None:
            before.is_current = False
        new, changed = new + (before is None), changed + (before is not None)
        if item.digest in kept:
            session.execute(update(ItemVersionRow).where(ItemVersionRow.digest == item.digest).values(is_current=True))
            continue
        number += 1
        session.add(_version(item, pack.code, number))
        session.add(ItemKeyRow(digest=item.digest, secret=_secret(item)))
    session.flush()
    return ImportReport(new, changed, same)


def _version(item: Item, pack: str, number: int) -> ItemVersionRow:
    return ItemVersionRow(
        digest=item.digest,
        number=number,
        item_id=item.id,
        pack=pack,
        kind=item.kind,
        level=item.level,
        section=item.section,
        point=item.point,
        difficulty=item.difficulty,
        importance=item.importance,
        stem=item.stem,
        options=[[option.letter, option.text] for option in item.options],
        enemies=list(item.enemies),
    )


def _secret(item: Item) -> dict[str, object]:
    samples = [[sample.answer, str(sample.fraction)] for sample in item.samples]
    return {"key": item.key, "rationale": item.rationale, "samples": samples}


def _item(row: ItemVersionRow, secret: dict[str, object] | None = None) -> Item:
    raw = secret or {"key": "", "rationale": "", "samples": []}
    key = raw["key"]
    return Item(
        id=row.item_id,
        kind=row.kind,
        level=row.level,
        section=row.section,
        point=row.point,
        difficulty=row.difficulty,
        importance=row.importance,
        stem=row.stem,
        options=tuple(Option(letter, text) for letter, text in row.options),
        key=tuple(key) if isinstance(key, list) else key,  # type: ignore[arg-type]  # what JSON gives back of a response
        rationale=str(raw["rationale"]),
        samples=_samples(raw["samples"]),
        enemies=tuple(row.enemies),
    )


def _samples(raw: object) -> tuple[Sample, ...]:
    rows = raw if isinstance(raw, list) else []
    return tuple(Sample(tuple(answer) if isinstance(answer, list) else answer, Fraction(fraction)) for answer, fraction in rows)
