"""The specifications of a pack: what was changed in this installation stays as it is, whatever the pack says (DECISIONS 7)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.specification_file import read_specification
from examsrv.services.specifying import read
from examsrv.storage.tables import SpecificationRow, SpecificationVersionRow


def import_specifications(session: Session, pack: str, files: Mapping[str, str], by: Actor, at: Moment) -> int:
    """Bring the texts of a pack's files in, by name; return how many are new or another now.

    The first of a level's component is the usual one. A file that cannot be read is left out: the check of the bank tells of it.
    """
    rows = session.scalars(select(SpecificationRow).where(SpecificationRow.pack == pack)).all()
    known = {row.origin: row for row in rows}
    usual = {(row.level, row.component) for row in rows if row.is_usual}
    changed = 0
    for name, text in sorted(files.items()):
        specification, _faults = read_specification(text)
        if specification is None:
            continue
        of = (specification.level, specification.component)
        row = known.get(name)
        if row is None:
            row = SpecificationRow(pack=pack, level=of[0], component=of[1], name=specification.name, version=0, origin=name, is_usual=of not in usual)
            usual.add(of)
            session.add(row)
        elif _is_ruled_here(session, row) or of != (row.level, row.component) or specification == _newest(session, row):
            continue
        row.version, row.name = row.version + 1, specification.name
        session.flush()
        kept = {"text": text, "is_imported": True, "person_id": by.person, "wall": at.wall}
        session.add(SpecificationVersionRow(specification_id=row.id, version=row.version, **kept))
        changed += 1
    session.flush()
    return changed


def _is_ruled_here(session: Session, row: SpecificationRow) -> bool:
    """Tell whether somebody saved a version here, or retired it."""
    of_row = SpecificationVersionRow.specification_id == row.id
    saved = session.scalars(select(SpecificationVersionRow.version).where(of_row, SpecificationVersionRow.is_imported.is_(False)).limit(1)).first()
    return row.retired is not None or saved is not None


def _newest(session: Session, row: SpecificationRow) -> object:
    return read(session.get_one(SpecificationVersionRow, (row.id, row.version)).text)
