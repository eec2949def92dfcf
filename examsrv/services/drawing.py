"""From the bank to papers: forms are drawn for a specification and checked, composed into papers, and stored, not yet sealed."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.form import Form
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.paper import Composed, KeyLine, compose
from examsrv.domain.specification import Specification, plain
from examsrv.services.auditing import record
from examsrv.services.banking import bank_digest, current_items, items_with_keys
from examsrv.services.drawing_child import Order, drawn_apart
from examsrv.services.papers import paper_title
from examsrv.services.specifying import SpecificationLine, usual_specification
from examsrv.services.standards import standard_of
from examsrv.storage.tables import FormRow, FormSetRow, ItemVersionRow, PaperKeyRow, PaperRow, table_of
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message

BEST_COMPRESSION = 9
OF_A_LINE = tuple(each.name for each in fields(KeyLine))


@dataclass(frozen=True, slots=True)
class PackedPaper:
    """A composed paper as it is stored: compressed content and, apart, its key by item number."""

    digest: str
    content: bytes = field(repr=False)
    items: int
    secret: dict[str, dict[str, object]] = field(repr=False)
    secret_digest: str


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A form with the digests of its item versions in order, and the paper composed of them."""

    name: str
    items: tuple[str, ...]
    paper: PackedPaper


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: how many forms for which specification as it stands now, from which seed.

    `beside`: the set for which they are reserve forms; what they share with its forms, and with those of its earlier reserves, counts too.
    `is_disjoint`: no item stands in two of all these forms.
    """

    specification: int
    forms: int
    seed: int
    is_disjoint: bool = False
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Forms that were drawn and checked, with their papers; nothing of it is stored yet."""

    line: SpecificationLine
    seed: int
    papers: tuple[DrawnPaper, ...]
    report: dict[str, object]
    bank_digest: str


def draw(session: Session, pack: str, level: str, component: str, forms: int, seed: int) -> Drawn:
    """Draw `forms` forms for the usual specification from the bank as it is now, checked, and compose their papers. Reads only.

    Choosing runs in a process of its own and takes seconds. Raises `ShortBankError` with all reasons when the bank cannot give such forms.
    """
    line = usual_specification(session, pack, level, component)
    outcome = drawn_apart(order_for(session, line, Wanted(line.id, forms, seed)))
    return Drawn(line, seed, tuple(papers_of(session, line, outcome.forms, seed)), outcome.report, bank_digest(session, pack))


def order_for(session: Session, line: SpecificationLine, wanted: Wanted) -> Order:
    """Return what goes to the process that draws: the bank's items that count now, without keys, and all else that the choice depends on."""
    from examsrv.assembly.terms import terms_of

    terms = terms_of(standard_of(session, line.pack), line.specification)
    items = tuple(current_items(session, line.pack))
    beside = () if wanted.beside is None else _items_beside(session, wanted.beside)
    of_terms = (terms.sections, terms.section_names, terms.lower_levels)
    return Order(items, line.specification, *of_terms, wanted.forms, wanted.seed, wanted.is_disjoint, beside)


def papers_of(session: Session, line: SpecificationLine, forms: Sequence[Form], seed: int) -> Iterator[DrawnPaper]:
    """Return the papers of drawn forms, composed one after the other as they are asked for. The session is needed until this returns."""
    title = paper_title(session, line.pack, line.specification.level, line.specification.component)
    versions = _versions(session, line.pack)
    digests = sorted({versions[item] for form in forms for item in form.items})
    items = dict(zip(digests, items_with_keys(session, digests), strict=True))

    def made(place: int, form: Form) -> DrawnPaper:
        of_form = tuple(versions[item] for item in form.items)
        return DrawnPaper(form.name, of_form, packed(composed(title, [items[each] for each in of_form], line.specification, seed + place)))

    return (made(place, form) for place, form in enumerate(forms))


def keep_forms(session: Session, drawn: Drawn, by: Actor, at: Moment) -> int:
    """Store drawn forms with their papers, not yet sealed; return the number of the set. Refused: the bank has changed since the drawing."""
    number = begin_set(session, drawn.line, Wanted(drawn.line.id, len(drawn.papers), drawn.seed), drawn.report, drawn.bank_digest, by, at)
    for paper in drawn.papers:
        keep_paper(session, number, paper)
    finish_set(session, number, by, at)
    return number


def begin_set(session: Session, line: SpecificationLine, wanted: Wanted, report: Mapping[str, object], bank: str, by: Actor, at: Moment) -> int:
    """Begin to store a set: nobody sees it before `finish_set`. Refused: the bank is not `bank` any more, from which it was drawn."""
    _require_same_bank(session, line.pack, bank)
    specification = line.specification
    stored = FormSetRow(
        pack=line.pack,
        level=specification.level,
        component=specification.component,
        specification={name: plain(value) for name, value in asdict(specification).items()},
        seed=wanted.seed,
        bank_digest=bank,
        report=dict(report),
        wall=at.wall,
        person_id=by.person,
        unfinished=at.wall,
        specification_id=line.id,
        specification_version=line.version,
        overlap_max=0 if wanted.is_disjoint else specification.largest_overlap(wanted.forms + forms_beside(session, wanted.beside)),
        beside_id=wanted.beside,
    )
    session.add(stored)
    session.flush()
    return stored.id


def keep_paper(session: Session, number: int, drawn: DrawnPaper) -> None:
    """Store one form of a set with its paper and, apart, its key. One of a thousand: it is quick. Refused: the paper is there already."""
    _require_new(session, drawn.paper.digest)
    values = {"form_set_id": number, "name": drawn.name, "items": list(drawn.items)}
    form = session.execute(insert(table_of(FormRow)).values(values).returning(FormRow.id)).scalar_one()
    paper = drawn.paper
    values = {"digest": paper.digest, "form_id": form, "content": paper.content, "item_count": paper.items}
    session.execute(insert(table_of(PaperRow)).values(values))
    session.execute(insert(table_of(PaperKeyRow)).values(paper=paper.digest, digest=paper.secret_digest, secret=paper.secret))


def finish_set(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Let a set be seen whose forms are stored. Refused: the bank has changed since the drawing."""
    row = session.get_one(FormSetRow, number)
    _require_same_bank(session, row.pack, row.bank_digest)
    row.unfinished = None
    session.flush()
    forms = session.scalar(select(func.count()).where(FormRow.form_set_id == number)) or 0
    detail = {"specification": row.specification_id, "version": row.specification_version, "beside": row.beside_id}
    record(session, "forms.drawn", f"form_set/{number}", by, at, seed=str(row.seed), forms=forms, bank=row.bank_digest, **detail)


def forms_beside(session: Session, beside: int | None) -> int:
    """Return how many forms count for the overlap of reserve forms beside a set: its own, and those of its earlier reserves."""
    return 0 if beside is None else session.scalar(select(func.count()).where(FormRow.form_set_id.in_(_family(beside)))) or 0


def composed(title: str, items: Sequence[Item], specification: Specification, seed: int) -> Composed:
    """Return the paper of a form's items with the marks and policies of a specification."""
    marks = {kind: format(mark, "f") for kind, mark in specification.marks_per_item.items()}
    policies = {kind: str(specification.policy(kind)) for kind in marks}
    return compose(title, items, marks, policies, seed)


def _versions(session: Session, pack: str) -> dict[str, str]:
    query = select(ItemVersionRow.item_id, ItemVersionRow.digest).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current)
    return {row.item_id: row.digest for row in session.execute(query)}


def packed(paper: Composed) -> PackedPaper:
    """Return a composed paper as it is stored."""
    secret = {str(number): {name: getattr(line, name) for name in OF_A_LINE} for number, line in paper.key.items()}
    content = gzip.compress(paper.content, compresslevel=BEST_COMPRESSION, mtime=0)
    return PackedPaper(paper.digest, content, len(paper.key), secret, digest(secret))


def _require_same_bank(session: Session, pack: str, bank: str) -> None:
    if bank_digest(session, pack) != bank:
        raise ExamError(Message(N_("The bank was changed while the forms were drawn. Please draw them again.")))


def _require_new(session: Session, paper: str) -> None:
    twin = session.scalar(select(FormRow.form_set_id).join(PaperRow, PaperRow.form_id == FormRow.id).where(PaperRow.digest == paper))
    if twin is not None:
        text = N_("Set %(number)d holds one of these papers already: the same bank and seed give the same forms. Enter another seed, or none.")
        raise ExamError(Message(text, {"number": twin}))


def _family(number: int) -> Select[int]:
    """Ask for a set and the sets of its reserve forms."""
    return select(FormSetRow.id).where((FormSetRow.id == number) | (FormSetRow.beside_id == number), FormSetRow.unfinished.is_(None))


def _items_beside(session: Session, number: int) -> tuple[tuple[str, ...], ...]:
    """Return the ids of the items of each form beside which reserve forms are drawn, whatever versions it holds."""
    forms = session.scalars(select(FormRow.items).where(FormRow.form_set_id.in_(_family(number))).order_by(FormRow.id)).all()
    digests = {each for items in forms for each in items}
    query = select(ItemVersionRow.digest, ItemVersionRow.item_id).where(ItemVersionRow.digest.in_(digests))
    ids = {row.digest: row.item_id for row in session.execute(query)}
    return tuple(tuple(ids[each] for each in items) for items in forms)
