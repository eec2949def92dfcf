"""From the bank to sealed papers."""

import gzip
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.domain.paper import read_paper
from examsrv.services import drawing, papers, reviewing_papers, specifying
from examsrv.services.banking import current_items, import_pack
from examsrv.services.drawing_child import Order, ShortBankError, drawn_apart, drawn_here
from examsrv.storage.database import Database
from examsrv.storage.tables import FormRow, FormSetRow, PaperKeyRow, PaperRow
from question_bank.message import ExamError
from tests.builders import make_items
from tests.question_bank.builders import make_pack
from tests.services.shipped_bank import FORMS, OFFICE, SEED, add_bank, add_forms, drawn
from tests.services.sittings_to_mark import BEGIN, COMPONENT, LEVEL, PACK, add_administrator


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with database.writing() as opened:
        yield opened
    database.close()


@pytest.fixture
def two(session: Session) -> tuple[Actor, Actor]:
    return add_administrator(session, "first"), add_administrator(session, "second")


def test_drawn_forms_are_stored_with_seed_digests_and_report(session: Session) -> None:
    view = papers.form_set(session, add_forms(session))
    assert (view.seed, [form.name for form in view.forms], [form.items for form in view.forms], view.is_sealed) == (
        SEED,
        ["A", "B"],
        [100, 100],
        False,
    )
    assert len({form.paper for form in view.forms}) == FORMS


def test_marks_of_each_section_are_exactly_the_weights(session: Session) -> None:
    report = reviewing_papers.report_of(session, add_forms(session))
    assert [(section.weight, section.is_exact) for section in report.sections] == [(5, True), (15, True), (40, True), (15, True), (25, True)]
    assert report.largest_overlap <= report.allowed_overlap == 20
    assert sum(times * items for times, items in report.exposure) == 200


def test_the_same_bank_and_seed_give_the_same_papers(session: Session) -> None:
    add_bank(session)
    again = drawing.draw(session, PACK, LEVEL, COMPONENT, FORMS, SEED)
    assert [each.paper.digest for each in again.papers] == [each.paper.digest for each in drawn(session).papers]


def test_no_key_goes_to_the_process_that_draws(session: Session) -> None:
    add_bank(session)
    assert {(item.key, item.rationale, item.samples) for item in current_items(session, PACK)} == {("", "", ())}


def test_a_poor_bank_is_refused_with_every_reason(session: Session) -> None:
    add_bank(session)
    specification = specifying.specification_for(session, PACK, LEVEL, COMPONENT)
    few = tuple(item for item in current_items(session, PACK) if item.kind == "single_choice")
    weights = {"ethics": Decimal(5), "basic_knowledge": Decimal(15), "customer_credit_management": Decimal(40)}
    weights |= {"whole_process_control": Decimal(15), "collection": Decimal(25)}
    order = Order(few, specification, weights, {}, frozenset(), 1, 1)
    with pytest.raises(ShortBankError) as refusal:
        drawn_apart(order)
    assert len(refusal.value.reasons) > 1
    assert [str(reason) for reason in refusal.value.reasons] == [str(reason) for reason in drawn_here(order).refused]


def test_forms_drawn_from_an_older_bank_are_not_kept(session: Session) -> None:
    add_bank(session)
    made = drawn(session)
    import_pack(session, make_pack(*make_items()), OFFICE, BEGIN)
    with pytest.raises(ExamError, match="bank was changed"):
        drawing.keep_forms(session, made, OFFICE, BEGIN)


def test_a_paper_holds_nothing_of_its_key(session: Session) -> None:
    add_forms(session)
    paper = session.scalars(select(PaperRow)).first()
    content = read_paper(gzip.decompress(paper.content))
    assert {name for group in content["groups"] for item in group["items"] for name in item} == {"stem", "options"}
    assert "rationale" not in gzip.decompress(paper.content).decode()


def test_two_persons_seal_exactly_what_was_shown(session: Session, two: tuple[Actor, Actor]) -> None:
    number = add_forms(session)
    papers.propose_seal(session, number, two[0], BEGIN)
    papers.seal(session, number, papers.form_set(session, number).digest, two[1], BEGIN)
    assert papers.form_set(session, number).is_sealed
    assert len(papers.sealed_papers(session, number)) == FORMS


def test_one_person_alone_seals_nothing(session: Session, two: tuple[Actor, Actor]) -> None:
    number = add_forms(session)
    papers.propose_seal(session, number, two[0], BEGIN)
    with pytest.raises(ExamError, match="Another person"):
        papers.seal(session, number, papers.form_set(session, number).digest, two[0], BEGIN)
    with pytest.raises(ExamError, match="not sealed"):
        papers.sealed_papers(session, number)


def test_a_key_that_changed_after_the_proposal_is_not_sealed(session: Session, two: tuple[Actor, Actor]) -> None:
    number = add_forms(session)
    shown = papers.form_set(session, number).digest
    papers.propose_seal(session, number, two[0], BEGIN)
    session.scalars(select(PaperKeyRow)).first().digest = "another"
    session.flush()
    with pytest.raises(ExamError, match="changed since it was shown"):
        papers.seal(session, number, shown, two[1], BEGIN)
    with pytest.raises(ExamError, match="proposed anew"):
        papers.seal(session, number, papers.form_set(session, number).digest, two[1], BEGIN)


def test_a_set_that_is_not_sealed_is_removed_whole(session: Session) -> None:
    number = add_forms(session)
    papers.discard_forms(session, number, OFFICE, BEGIN)
    assert not papers.form_set_exists(session, number)
    assert [papers.remove_piece(session, number, 1) for _paper in range(FORMS + 1)] == [True] * FORMS + [False]
    assert [session.scalars(select(table)).all() for table in (FormSetRow, FormRow, PaperRow, PaperKeyRow)] == [[], [], [], []]


def test_sealed_papers_stay(session: Session, two: tuple[Actor, Actor]) -> None:
    number = add_forms(session)
    papers.propose_seal(session, number, two[0], BEGIN)
    papers.seal(session, number, papers.form_set(session, number).digest, two[1], BEGIN)
    with pytest.raises(ExamError, match="cannot be removed"):
        papers.discard_forms(session, number, OFFICE, BEGIN)


def test_a_preview_shows_no_key_and_the_key_page_shows_the_banks(session: Session) -> None:
    number = add_forms(session)
    form = papers.form_set(session, number).forms[0].id
    plain, keyed = reviewing_papers.paper_preview(session, number, form), reviewing_papers.paper_with_key(session, number, form)
    assert {(option.is_key, item.right, item.item) for group in plain.groups for item in group.items for option in item.options} == {
        (None, None, None)
    }
    assert all(sum(option.is_key for option in item.options) == 1 for item in keyed.groups[0].items)
    assert all(sum(option.is_key for option in item.options) > 1 for item in keyed.groups[1].items)
    assert {str(item.right) for item in keyed.groups[2].items} <= {"True", "False"}
