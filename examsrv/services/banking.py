"""The bank in the database: a pack comes in once, as item versions by digest; importing it again changes nothing. Keys go to their own table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.item_life import Act
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.importing_specifications import import_specifications
from examsrv.services.importing_task_sets import import_task_sets
from examsrv.services.listing_items import counts_now, first_line
from examsrv.services.media import keep_picture, picture_from
from examsrv.storage.tables import CaseVersionRow, ItemEventRow, ItemKeyRow, ItemRow, ItemVersionRow, PackRow
from question_bank.item import Case, Item, Option, Response, Sample
from question_bank.kinds import KINDS
from question_bank.pack import PACKS, STANDARD_FILE, Pack
from question_bank.record import plain_response, response_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed: item versions that are new, items whose content is another now, items unchanged."""

    new: int
    changed: int
    same: int


def import_pack(session: Session, pack: Pack, by: Actor, at: Moment, folder: Path = PACKS) -> ImportReport:
    """Bring a pack into the database. Content that is there already is left as it is; a changed item becomes a new version.

    Items that were approved or retired in this installation meanwhile, and specifications that were changed in it, are left as they are, whatever
    the pack says.
    """
    standard = (folder / pack.code / STANDARD_FILE).read_text(encoding="utf-8")
    session.merge(PackRow(code=pack.code, name=pack.standard.occupation.name, standard=standard, standard_digest=digest(standard)))
    session.flush()
    files = {path.name: path.read_text(encoding="utf-8") for path in pack.specifications}
    specifications = import_specifications(session, pack.code, files, by, at)
    for path in pack.media.values():
        keep_picture(session, picture_from(path.read_bytes()), by, at)
    import_task_sets(session, pack, by, at)
    report = _import_items(session, pack, by, at)
    if report.new or report.changed or specifications:
        counts = {"new": report.new, "changed": report.changed, "specifications": specifications}
        record(session, "pack.imported", f"pack/{pack.code}", by, at, bank=bank_digest(session, pack.code), **counts)
    return report


def current_items(session: Session, pack: str, level: str | None = None) -> list[Item]:
    """Return the items of a pack that count now, by id, without their keys: fit for choosing, not for marking."""
    query = select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).order_by(ItemVersionRow.item_id)
    if level is not None:
        query = query.where(ItemVersionRow.level == level)
    rows = session.scalars(query).all()
    cases = _cases(session, rows)
    return [_item(row, cases) for row in rows]


def bank_digest(session: Session, pack: str) -> str:
    """Return the digest of what the bank of a pack holds now."""
    query = select(ItemVersionRow.digest).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).order_by(ItemVersionRow.digest)
    return digest(list(session.scalars(query)))


def items_with_keys(session: Session, digests: Sequence[str]) -> list[Item]:
    """Return item versions with key, rationale and samples, in the order asked: for composing a paper's key and for reviewers only."""
    rows = {row.digest: row for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.digest.in_(digests)))}
    keys = {row.digest: row.secret for row in session.scalars(select(ItemKeyRow).where(ItemKeyRow.digest.in_(digests)))}
    cases = _cases(session, list(rows.values()))
    return [_item(rows[each], cases, keys[each]) for each in digests]


def approve_version(session: Session, pack: str, item: Item, author: int | None, at: Moment) -> None:
    """Make `item` the version of its id that counts, frozen from now on; content that was approved before counts again."""
    superseded = update(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.item_id == item.id, ItemVersionRow.is_current)
    session.execute(superseded.values(is_current=False))
    kept = session.get(ItemVersionRow, item.digest)
    if kept is None:
        number = session.scalar(select(func.max(ItemVersionRow.number))) or 0
        _keep_case(session, item.case)
        session.add(_version(item, pack, number + 1))
        session.add(ItemKeyRow(digest=item.digest, secret=_secret(item)))
    else:
        kept.is_current = True
    session.flush()
    counts_now(session, pack, item, author, at)


def case_of_version(session: Session, pack: str, case: str) -> Case | None:
    """Return a case as the items that count have it; where none does, as those had it that counted last."""
    query = select(CaseVersionRow).join(ItemVersionRow, ItemVersionRow.case_digest == CaseVersionRow.digest)
    of_case = query.where(CaseVersionRow.case_id == case, ItemVersionRow.pack == pack)
    row = session.scalars(of_case.order_by(ItemVersionRow.is_current.desc(), ItemVersionRow.number.desc()).limit(1)).first()
    return None if row is None else Case(row.case_id, row.title, row.text)


def case_digest(case: Case) -> str:
    """Return the digest under which a case's text is kept."""
    return digest([case.id, case.title, case.text])


def _import_items(session: Session, pack: Pack, by: Actor, at: Moment) -> ImportReport:
    known = {row.item_id: row for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.pack == pack.code, ItemVersionRow.is_current))}
    ruled, strangers = _ruled_here(session, pack.code), _strangers(session, pack)
    _add_strangers(session, pack.code, strangers, by, at)
    new, changed, same = len(strangers), 0, 0
    added = {item.id for item in strangers}
    for item in (each for each in pack.items if each.id not in added):
        before = known.get(item.id)
        if item.id in ruled or (before is not None and before.digest == item.digest):
            same += 1
            continue
        new, changed = new + (before is None), changed + (before is not None)
        approve_version(session, pack.code, item, None, at)
        session.add(_imported(pack.code, item, by, at))
    session.flush()
    return ImportReport(new, changed, same)


def _strangers(session: Session, pack: Pack) -> list[Item]:
    """Return the items of which the database has heard nothing yet, neither their ids nor their contents."""
    ids = set(session.scalars(select(ItemRow.item_id).where(ItemRow.pack == pack.code)))
    digests = set(session.scalars(select(ItemVersionRow.digest)))
    return [item for item in pack.items if item.id not in ids and item.digest not in digests]


def _add_strangers(session: Session, pack: str, items: Sequence[Item], by: Actor, at: Moment) -> None:
    """Add new items all at once: a first import is hundreds of them."""
    number = session.scalar(select(func.max(ItemVersionRow.number))) or 0
    for case in dict.fromkeys(item.case for item in items):
        _keep_case(session, case)
    session.add_all(_version(item, pack, number + place) for place, item in enumerate(items, start=1))
    session.add_all(ItemKeyRow(digest=item.digest, secret=_secret(item)) for item in items)
    session.flush()
    session.add_all(first_line(pack, item, at) for item in items)
    session.add_all(_imported(pack, item, by, at) for item in items)
    session.flush()


def _ruled_here(session: Session, pack: str) -> set[str]:
    """Return the items that were approved or retired in this installation since they came: from then on the database rules (DECISIONS 7)."""
    acts = {Act.APPROVE, Act.RETIRE, Act.REVIVE}
    return set(session.scalars(select(ItemEventRow.item_id).where(ItemEventRow.pack == pack, ItemEventRow.act.in_(acts)).distinct()))


def _imported(pack: str, item: Item, by: Actor, at: Moment) -> ItemEventRow:
    return ItemEventRow(pack=pack, item_id=item.id, act="imported", digest=item.digest, person_id=by.person, note="", wall=at.wall)


def _keep_case(session: Session, case: Case | None) -> None:
    if case is not None and session.get(CaseVersionRow, case_digest(case)) is None:
        session.add(CaseVersionRow(digest=case_digest(case), case_id=case.id, title=case.title, text=case.text))
        session.flush()


def _cases(session: Session, rows: Sequence[ItemVersionRow]) -> dict[str, Case]:
    wanted = {row.case_digest for row in rows if row.case_digest is not None}
    found = session.scalars(select(CaseVersionRow).where(CaseVersionRow.digest.in_(wanted))) if wanted else ()
    return {row.digest: Case(row.case_id, row.title, row.text) for row in found}


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
        body=dict(item.body),
        case_digest=None if item.case is None else case_digest(item.case),
        enemies=list(item.enemies),
    )


def _secret(item: Item) -> dict[str, object]:
    samples = [[plain_response(sample.answer), str(sample.fraction)] for sample in item.samples]
    return {"key": plain_response(item.key), "rationale": item.rationale, "samples": samples}


def _item(row: ItemVersionRow, cases: Mapping[str, Case], secret: Mapping[str, Any] | None = None) -> Item:
    raw: Mapping[str, Any] = secret or {"key": "", "rationale": "", "samples": []}
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
        key=_key(raw["key"]),
        rationale=str(raw["rationale"]),
        samples=tuple(Sample(response_of(KINDS[row.kind], answer), Fraction(fraction)) for answer, fraction in raw["samples"]),
        enemies=tuple(row.enemies),
        body=row.body or {},
        case=None if row.case_digest is None else cases[row.case_digest],
    )


def _key(stored: Any) -> Response:
    """Return a key as the item has it: the list of letters that JSON gives back is a tuple again."""
    found: Response = tuple(stored) if isinstance(stored, list) else stored
    return found
