"""Sets of forms with their papers: looked at, sealed by two persons, used by sittings, or removed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.services import approving
from examsrv.services.auditing import record
from examsrv.services.listing_items import used_now
from examsrv.services.standards import standard_of
from examsrv.storage.tables import DrawingRow, FormRow, FormSetRow, PaperKeyRow, PaperRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey, Standard

SEAL = "paper.seal"


def paper_title(session: Session, pack: str, level: str, component: str) -> str:
    """Return what stands over a paper, in the words of the standard."""
    return title_of(standard_of(session, pack), level, component)


def title_of(standard: Standard, level: str, component: str) -> str:
    """Return what stands over a paper, in the words of `standard`."""
    name = standard.level(level).name
    part = standard.component(ComponentKey(component)).name
    return f"{standard.occupation.name} {name} · {part}" if name else f"{standard.occupation.name} · {part}"


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with its paper's digest."""

    id: int
    name: str
    items: int
    paper: str


@dataclass(frozen=True, slots=True)
class FormSetView:
    """A set of forms as the administrator sees it. `reserves`: the sets of forms drawn beside it."""

    id: int
    pack: str
    level: str
    component: str
    title: str
    seed: int
    made: datetime
    forms: tuple[FormView, ...]
    digest: str
    sealed: datetime | None
    specification: str
    specification_id: int | None
    specification_version: int | None
    beside: int | None
    reserves: tuple[int, ...]

    @property
    def is_sealed(self) -> bool:
        """Tell whether two persons have sealed its papers."""
        return self.sealed is not None


@dataclass(frozen=True, slots=True)
class FormSetLine:
    """A set of forms as lists show it: how many forms, the names of the first and the last."""

    id: int
    pack: str
    level: str
    component: str
    title: str
    specification: str
    seed: int
    made: datetime
    forms: int
    first: str
    last: str
    is_sealed: bool
    beside: int | None


def form_sets(session: Session) -> list[FormSetLine]:
    """Return all sets of forms that are whole, newest first."""
    counted = select(
        FormRow.form_set_id,
        func.count().label("forms"),
        func.min(FormRow.id).label("first"),
        func.max(FormRow.id).label("last"),
    )
    counts = {row.form_set_id: row for row in session.execute(counted.group_by(FormRow.form_set_id))}
    ends = [number for row in counts.values() for number in (row.first, row.last)]
    names = {row.id: row.name for row in session.execute(select(FormRow.id, FormRow.name).where(FormRow.id.in_(ends)))}
    rows = session.scalars(select(FormSetRow).where(FormSetRow.unfinished.is_(None)).order_by(FormSetRow.id.desc())).all()
    return [_line(session, row, counts[row.id], names) for row in rows if row.id in counts]


def form_set(session: Session, number: int) -> FormSetView:
    """Return one set of forms."""
    if not form_set_exists(session, number):
        raise ExamError(Message(N_("There is no such set of forms.")))
    row = session.get_one(FormSetRow, number)
    papers = session.execute(
        select(FormRow.id, FormRow.name, PaperRow.item_count, PaperRow.digest)
        .join(PaperRow, PaperRow.form_id == FormRow.id)
        .where(FormRow.form_set_id == number)
        .order_by(FormRow.id)
    ).all()
    forms = tuple(FormView(paper.id, paper.name, paper.item_count, paper.digest) for paper in papers)
    reserves = session.scalars(select(FormSetRow.id).where(FormSetRow.beside_id == number, FormSetRow.unfinished.is_(None)).order_by(FormSetRow.id))
    return FormSetView(
        id=row.id,
        pack=row.pack,
        level=row.level,
        component=row.component,
        title=paper_title(session, row.pack, row.level, row.component),
        seed=row.seed,
        made=row.wall,
        forms=forms,
        digest=digest_of_set(session, number),
        sealed=row.sealed,
        specification=str(row.specification.get("name", "")),
        specification_id=row.specification_id,
        specification_version=row.specification_version,
        beside=row.beside_id,
        reserves=tuple(reserves),
    )


def digest_of_set(session: Session, number: int) -> str:
    """Return the digest of a set: over the papers and their keys' digests, in order."""
    query = select(PaperRow.digest, PaperKeyRow.digest.label("key")).join(FormRow, FormRow.id == PaperRow.form_id)
    rows = session.execute(query.join(PaperKeyRow, PaperKeyRow.paper == PaperRow.digest).where(FormRow.form_set_id == number).order_by(FormRow.id))
    return digest([[row.digest, row.key] for row in rows])


def form_set_exists(session: Session, number: int) -> bool:
    """Tell whether there is such a set, stored whole."""
    return session.scalars(select(FormSetRow.id).where(FormSetRow.id == number, FormSetRow.unfinished.is_(None))).first() is not None


def is_used(session: Session, number: int) -> bool:
    """Tell whether a sitting uses the set."""
    return bool(session.scalar(select(func.count()).where(SittingRow.form_set_id == number)))


def propose_seal(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Propose to seal a set of forms as it stands."""
    view = form_set(session, number)
    if view.is_sealed:
        raise ExamError(Message(N_("These papers are sealed already.")))
    approving.propose(session, SEAL, f"form_set/{number}", view.digest, by, at)


def seal(session: Session, number: int, shown_digest: str, by: Actor, at: Moment) -> None:
    """Seal the papers of a set: the second person's act, on exactly the content that was shown."""
    found = digest_of_set(session, number)
    if found != shown_digest:
        raise ExamError(Message(N_("The content has changed since it was shown.")))
    approving.approve(session, SEAL, f"form_set/{number}", found, by, at)
    session.get_one(FormSetRow, number).sealed = at.wall
    used_now(session, number, at.wall)


def discard_forms(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Take a set away that is neither sealed nor used by a sitting: from now on nobody sees it. `remove_piece` removes what is stored of it."""
    view = form_set(session, number)
    if view.is_sealed or is_used(session, number):
        raise ExamError(Message(N_("Sealed papers, and papers that a sitting uses, cannot be removed.")))
    if view.reserves:
        raise ExamError(Message(N_("Reserve forms were drawn beside this set. Remove them first.")))
    approving.withdraw(session, SEAL, f"form_set/{number}", by, at)
    session.get_one(FormSetRow, number).unfinished = at.wall
    record(session, "forms.discarded", f"form_set/{number}", by, at, digest=view.digest)


def unfinished_sets(session: Session) -> list[int]:
    """Return the sets that are not whole: being stored, being removed, or left behind by a server that ended meanwhile."""
    return list(session.scalars(select(FormSetRow.id).where(FormSetRow.unfinished.is_not(None)).order_by(FormSetRow.id)))


def remove_piece(session: Session, number: int, papers: int) -> bool:
    """Remove up to so many papers of a set that is not whole; tell whether anything of it is left, else the set itself is gone."""
    forms = session.execute(
        select(FormRow.id, PaperRow.digest).join(PaperRow, PaperRow.form_id == FormRow.id).where(FormRow.form_set_id == number).limit(papers)
    ).all()
    for table, of_piece in (
        (PaperKeyRow, PaperKeyRow.paper.in_([row.digest for row in forms])),
        (PaperRow, PaperRow.digest.in_([row.digest for row in forms])),
        (FormRow, FormRow.id.in_([row.id for row in forms])),
    ):
        session.execute(delete(table).where(of_piece))
    if len(forms) == papers:
        return True
    session.execute(update(DrawingRow).where(DrawingRow.beside_id == number).values(beside_id=None))
    session.execute(update(DrawingRow).where(DrawingRow.form_set_id == number).values(form_set_id=None))
    session.execute(delete(FormSetRow).where(FormSetRow.id == number))
    return False


def paper_content(session: Session, paper: str) -> bytes:
    """Return a paper's content, compressed with gzip."""
    return session.get_one(PaperRow, paper).content


def sealed_papers(session: Session, number: int) -> list[str]:
    """Return the digests of the sealed papers of a set, in the order of their forms; refuses a set that is not sealed whole."""
    view = form_set(session, number)
    if not view.is_sealed:
        raise ExamError(Message(N_("The papers are not sealed yet.")))
    return [form.paper for form in view.forms]


def _line(session: Session, row: FormSetRow, counts: Any, names: Mapping[int, str]) -> FormSetLine:
    return FormSetLine(
        id=row.id,
        pack=row.pack,
        level=row.level,
        component=row.component,
        title=paper_title(session, row.pack, row.level, row.component),
        specification=str(row.specification.get("name", "")),
        seed=row.seed,
        made=row.wall,
        forms=counts.forms,
        first=names[counts.first],
        last=names[counts.last],
        is_sealed=row.sealed is not None,
        beside=row.beside_id,
    )
