"""The one door to the keys of papers for those who mark and explain. Nothing that delivers a paper may come through it (tests/architecture)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.paper import KeyLine
from examsrv.storage.tables import PaperKeyRow


@dataclass(frozen=True, slots=True)
class PaperKey:
    """A paper's key by item number, and its digest."""

    digest: str
    lines: Mapping[int, KeyLine]


def paper_keys(session: Session, papers: Collection[str]) -> dict[str, PaperKey]:
    """Return the keys of papers, by the papers' digests; items in order."""
    rows = session.scalars(select(PaperKeyRow).where(PaperKeyRow.paper.in_(papers)))
    return {row.paper: PaperKey(row.digest, _lines(row.secret)) for row in rows}


def key_digests(session: Session, papers: Collection[str]) -> list[list[str]]:
    """Return paper and digest of its key, sorted: what the keys in use are, in short."""
    query = select(PaperKeyRow.paper, PaperKeyRow.digest).where(PaperKeyRow.paper.in_(papers)).order_by(PaperKeyRow.paper)
    return [[row.paper, row.digest] for row in session.execute(query)]


def _lines(secret: Mapping[str, Mapping[str, object]]) -> dict[int, KeyLine]:
    numbers = sorted(secret, key=int)
    return {int(number): KeyLine(**secret[number]) for number in numbers}  # type: ignore[arg-type]  # as stored
