"""From the bank to sealed papers: forms are drawn and checked, composed into papers, and sealed by two persons."""

import gzip
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.paper import Composed, compose
from examsrv.domain.specification import Specification, plain
from examsrv.domain.specification_file import read_specification
from examsrv.services import approving
from examsrv.services.auditing import record
from examsrv.services.banking import bank_digest, current_items, items_with_keys
from examsrv.services.drawing_child import Order, drawn_apart
from examsrv.services.listing_items import used_now
from examsrv.services.standards import standard_of
from examsrv.storage.tables import FormRow, FormSetRow, ItemVersionRow, PackRow, PaperKeyRow, PaperRow, SittingRow
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey, Standard

SEAL = "paper.seal"
BEST_COMPRESSION = 9


@dataclass(frozen=True, slots=True)
class PackedPaper:
    """A composed paper as it is stored: compressed content and, apart, its key by item number."""

    digest: str
    content: bytes = field(repr=False)
    items: int
    secret: dict[str, dict[str, object]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A form with the digests of its item versions in order, and the paper composed of them."""

    name: str
    items: tuple[str, ...]
    paper: PackedPaper


@dataclass(frozen=True, slots=True)
class Drawn:
    """Forms that were drawn and checked, with their papers; nothing of it is stored yet."""

    specification: Specification
    seed: int
    papers: tuple[DrawnPaper, ...]
    report: dict[str, object]
    bank_digest: str


def specifications(session: Session, pack: str) -> list[Specification]:
    """Return the specifications that came with a pack, by level and component."""
    row = session.get_one(PackRow, pack)
    found = [read_specification(text)[0] for _name, text in sorted(row.specifications.items())]
    return [specification for specification in found if specification is not None]


def specification_for(session: Session, pack: str, level: str, component: str) -> Specification:
    """Return the specification of a level's component."""
    for specification in specifications(session, pack):
        if (specification.level, specification.component) == (level, component):
            return specification
    raise ExamError(Message(N_("There is no specification for %(level)s, %(component)s."), {"level": level, "component": component}))


def draw(session: Session, pack: str, level: str, component: str, forms: int, seed: int) -> Drawn:
    """Draw `forms` forms from the bank as it is now, checked, and compose their papers. Reads only; takes up to a few seconds.

    Choosing runs in a process of its own. Raises `ShortBankError` with all reasons when the bank cannot give such forms.
    """
    from examsrv.assembly.terms import terms_of

    specification = specification_for(session, pack, level, component)
    terms = terms_of(standard_of(session, pack), specification)
    items = tuple(current_items(session, pack))
    outcome = drawn_apart(Order(items, specification, terms.sections, terms.section_names, terms.lower_levels, forms, seed))
    title = paper_title(session, pack, level, component)
    versions = _versions(session, pack)
    papers = []
    for place, form in enumerate(outcome.forms):
        digests = tuple(versions[item] for item in form.items)
        papers.append(DrawnPaper(form.name, digests, _packed(session, digests, specification, title, seed + place)))
    return Drawn(specification, seed, tuple(papers), outcome.report, bank_digest(session, pack))


def keep_forms(session: Session, pack: str, drawn: Drawn, by: Actor, at: Moment) -> int:
    """Store drawn forms with their papers, not yet sealed; return the number of the set. Refused: the bank has changed since the drawing."""
    if bank_digest(session, pack) != drawn.bank_digest:
        raise ExamError(Message(N_("The bank was changed while the forms were drawn. Please draw them again.")))
    specification = drawn.specification
    stored = FormSetRow(
        pack=pack,
        level=specification.level,
        component=specification.component,
        specification={name: plain(value) for name, value in asdict(specification).items()},
        seed=drawn.seed,
        bank_digest=drawn.bank_digest,
        report=drawn.report,
        wall=at.wall,
        person_id=by.person,
    )
    session.add(stored)
    session.flush()
    for paper in drawn.papers:
        _keep_paper(session, stored.id, paper)
    record(session, "forms.drawn", f"form_set/{stored.id}", by, at, seed=str(drawn.seed), forms=len(drawn.papers), bank=stored.bank_digest)
    return stored.id


def paper_title(session: Session, pack: str, level: str, component: str) -> str:
    """Return what stands over a paper, in the words of the standard."""
    return title_of(standard_of(session, pack), level, component)


def title_of(standard: Standard, level: str, component: str) -> str:
    """Return what stands over a paper, in the words of `standard`."""
    name = standard.level(level).name
    part = standard.component(ComponentKey(component)).name
    return f"{standard.occupation.name} {name} · {part}" if name else f"{standard.occupation.name} · {part}"


def composed(title: str, items: Sequence[Item], specification: Specification, seed: int) -> Composed:
    """Return the paper of a form's items with the marks and policies of a specification."""
    marks = {kind: format(mark, "f") for kind, mark in specification.marks_per_item.items()}
    policies = {kind: str(specification.policy(kind)) for kind in marks}
    return compose(title, items, marks, policies, seed)


def _versions(session: Session, pack: str) -> dict[str, str]:
    query = select(ItemVersionRow.item_id, ItemVersionRow.digest).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current)
    return {row.item_id: row.digest for row in session.execute(query)}


def _packed(session: Session, items: Sequence[str], specification: Specification, title: str, seed: int) -> PackedPaper:
    paper = composed(title, items_with_keys(session, items), specification, seed)
    secret = {str(number): asdict(line) for number, line in paper.key.items()}
    return PackedPaper(paper.digest, gzip.compress(paper.content, compresslevel=BEST_COMPRESSION, mtime=0), len(paper.key), secret)


def _keep_paper(session: Session, form_set: int, drawn: DrawnPaper) -> None:
    row = FormRow(form_set_id=form_set, name=drawn.name, items=list(drawn.items))
    session.add(row)
    session.flush()
    paper = drawn.paper
    session.add(PaperRow(digest=paper.digest, form_id=row.id, content=paper.content, item_count=paper.items))
    session.add(PaperKeyRow(paper=paper.digest, digest=digest(paper.secret), secret=paper.secret))
    session.flush()


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with its paper's digest and whether it is sealed."""

    id: int
    name: str
    items: int
    paper: str
    sealed: datetime | None


@dataclass(frozen=True, slots=True)
class FormSetView:
    """A set of forms as the administrator sees it."""

    id: int
    pack: str
    level: str
    component: str
    title: str
    seed: int
    made: datetime
    forms: tuple[FormView, ...]
    report: dict[str, object]
    digest: str
    is_sealed: bool


def form_sets(session: Session) -> list[FormSetView]:
    """Return all sets of forms, newest first."""
    numbers = session.scalars(select(FormSetRow.id).order_by(FormSetRow.id.desc())).all()
    return [form_set(session, number) for number in numbers]


def form_set(session: Session, number: int) -> FormSetView:
    """Return one set of forms; its digest is over the papers and their keys' digests, in order."""
    row = session.get(FormSetRow, number)
    if row is None:
        raise ExamError(Message(N_("There is no such set of forms.")))
    papers = session.execute(
        select(FormRow.id, FormRow.name, PaperRow.item_count, PaperRow.digest, PaperRow.sealed, PaperKeyRow.digest.label("key"))
        .join(PaperRow, PaperRow.form_id == FormRow.id)
        .join(PaperKeyRow, PaperKeyRow.paper == PaperRow.digest)
        .where(FormRow.form_set_id == number)
        .order_by(FormRow.id)
    ).all()
    forms = tuple(FormView(paper.id, paper.name, paper.item_count, paper.digest, paper.sealed) for paper in papers)
    whole = digest([[paper.digest, paper.key] for paper in papers])
    title = paper_title(session, row.pack, row.level, row.component)
    is_sealed = bool(forms) and all(form.sealed is not None for form in forms)
    return FormSetView(row.id, row.pack, row.level, row.component, title, row.seed, row.wall, forms, row.report, whole, is_sealed)


def form_set_exists(session: Session, number: int) -> bool:
    """Tell whether there is such a set."""
    return session.get(FormSetRow, number) is not None


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
    view = form_set(session, number)
    if view.digest != shown_digest:
        raise ExamError(Message(N_("The content has changed since it was shown.")))
    approving.approve(session, SEAL, f"form_set/{number}", view.digest, by, at)
    for paper in session.scalars(select(PaperRow).where(PaperRow.digest.in_([form.paper for form in view.forms]))):
        paper.sealed = at.wall
    used_now(session, number, at.wall)


def discard_forms(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Remove a set that is neither sealed nor used by a sitting."""
    view = form_set(session, number)
    if view.is_sealed or is_used(session, number):
        raise ExamError(Message(N_("Sealed papers, and papers that a sitting uses, cannot be removed.")))
    approving.withdraw(session, SEAL, f"form_set/{number}", by, at)
    _delete_papers(session, number, [form.paper for form in view.forms])
    record(session, "forms.discarded", f"form_set/{number}", by, at, digest=view.digest)


def paper_content(session: Session, paper: str) -> bytes:
    """Return a paper's content, compressed with gzip."""
    return session.get_one(PaperRow, paper).content


def sealed_papers(session: Session, number: int) -> list[str]:
    """Return the digests of the sealed papers of a set, in the order of their forms; refuses a set that is not sealed whole."""
    view = form_set(session, number)
    if not view.is_sealed:
        raise ExamError(Message(N_("The papers are not sealed yet.")))
    return [form.paper for form in view.forms]


def _delete_papers(session: Session, number: int, papers: Sequence[str]) -> None:
    for paper in papers:
        session.delete(session.get_one(PaperKeyRow, paper))
        session.delete(session.get_one(PaperRow, paper))
    session.flush()
    for form in session.scalars(select(FormRow).where(FormRow.form_set_id == number)):
        session.delete(form)
    session.flush()
    session.delete(session.get_one(FormSetRow, number))
