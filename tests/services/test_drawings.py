"""Drawings beside the requests: from the asking to the set, refused, stopped, cut off; nothing stays that is not whole."""

import gzip
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from examsrv.domain.moment import Actor
from examsrv.domain.paper import read_paper
from examsrv.services import drawing_child, drawings, papers, reviewing_papers, specifying
from examsrv.services.drawing import DrawnPaper, PackedPaper, Wanted, keep_paper
from examsrv.services.drawings import DrawingState
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow, DrawingRow, FormRow, FormSetRow, ItemVersionRow, PaperKeyRow, PaperRow
from examsrv.web.server import Server
from question_bank.message import ExamError
from tests.builders import make_server
from tests.services.shipped_bank import add_bank
from tests.services.sittings_to_mark import BEGIN, COMPONENT, LEVEL, PACK, add_administrator

LONG = 60.0
BY = Actor(1, "first")
"""The only person of the database."""


def filled(database: Database) -> Iterator[Server]:
    made = make_server(database)
    with made.database.writing() as session:
        add_bank(session)
        add_administrator(session, "first")
    yield made
    made.drawings.close()


@pytest.fixture
def server(database: Database) -> Iterator[Server]:
    """Give a server with the shipped bank, on each kind of database."""
    yield from filled(database)


@pytest.fixture
def one_server(sqlite_url: str) -> Iterator[Server]:
    """Give one where the kind of database makes no difference."""
    database = Database(sqlite_url)
    yield from filled(database)
    database.close()


def ask(server: Server, forms: int = 2, **more: object) -> tuple[int, Wanted]:
    with server.database.writing() as session:
        wanted = Wanted(specifying.usual_specification(session, PACK, LEVEL, COMPONENT).id, forms, 7, **more)
        return drawings.ask_for(session, wanted, BY, server.now()), wanted


def draw(server: Server, forms: int = 2, **more: object) -> drawings.DrawingView:
    number, wanted = ask(server, forms, **more)
    server.drawings.begin(number, wanted, BY)
    server.drawings.wait(number, LONG)
    return seen(server, number)


def seen(server: Server, number: int) -> drawings.DrawingView:
    with server.database.reading() as session:
        return drawings.drawing(session, number)


def stored(server: Server) -> list[int]:
    with server.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in (FormSetRow, FormRow, PaperRow, PaperKeyRow)]


def items_of(server: Server, number: int) -> list[set[str]]:
    with server.database.reading() as session:
        return [set(items) for items in session.scalars(select(FormRow.items).where(FormRow.form_set_id == number).order_by(FormRow.id))]


def test_drawn_forms_are_stored_whole_with_what_they_were_drawn_for(server: Server) -> None:
    view = draw(server)
    assert (view.state, view.is_running, stored(server)) == (DrawingState.STORED, False, [1, 2, 2, 2])
    with server.database.reading() as session:
        found = papers.form_set(session, view.form_set)
        content = read_paper(gzip.decompress(papers.paper_content(session, found.forms[0].paper)))
        assert session.scalars(select(AuditRow.act).order_by(AuditRow.number.desc())).first() == "forms.drawn"
    assert (found.seed, found.specification_version, [form.name for form in found.forms]) == (7, 1, ["A", "B"])
    assert sum(len(group["items"]) for group in content["groups"]) == 100
    twin = DrawnPaper("C", (), PackedPaper(found.forms[0].paper, b"", 0, {}, ""))
    with server.database.writing() as session, pytest.raises(ExamError, match=f"Set {found.id} holds one of these papers already"):
        keep_paper(session, found.id, twin)


def test_reserve_forms_share_nothing_with_their_set_when_that_is_asked(one_server: Server) -> None:
    first = draw(one_server, 1).form_set
    view = draw(one_server, 1, is_disjoint=True, beside=first)
    (form,), (reserve,) = items_of(one_server, first), items_of(one_server, view.form_set)
    assert form & reserve == set()
    with one_server.database.reading() as session:
        assert papers.form_set(session, first).reserves == (view.form_set,)
        assert reviewing_papers.report_of(session, view.form_set).allowed_overlap == 0


def test_a_set_with_reserve_forms_is_removed_after_them(one_server: Server) -> None:
    first = draw(one_server, 1).form_set
    reserve = draw(one_server, 1, beside=first).form_set
    with one_server.database.writing() as session, pytest.raises(ExamError, match="Remove them first"):
        papers.discard_forms(session, first, BY, BEGIN)
    for number in (reserve, first):
        with one_server.database.writing() as session:
            papers.discard_forms(session, number, BY, BEGIN)
        one_server.drawings.remove(number)
    assert stored(one_server) == [0, 0, 0, 0]


def test_a_poor_bank_is_refused_with_every_reason_and_nothing_is_stored(one_server: Server) -> None:
    with one_server.database.writing() as session:
        for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.kind == "multiple_choice")):
            row.is_current = False
    view = draw(one_server)
    assert (view.state, len(view.reasons) > 1, stored(one_server)) == (DrawingState.REFUSED, True, [0, 0, 0, 0])


def test_a_drawing_that_was_stopped_leaves_nothing(one_server: Server) -> None:
    number, wanted = ask(one_server, 2000)
    one_server.drawings.begin(number, wanted, BY)
    with one_server.database.writing() as session:
        drawings.stop_drawing(session, number, BY, one_server.now())
    one_server.drawings.stop(number)
    one_server.drawings.wait(number, LONG)
    assert (seen(one_server, number).state, one_server.drawings.progress(number), stored(one_server)) == (DrawingState.STOPPED, None, [0, 0, 0, 0])
    with one_server.database.writing() as session, pytest.raises(ExamError, match="ended already"):
        drawings.stop_drawing(session, number, BY, one_server.now())


def test_one_that_is_followed_and_stopped_while_it_stores_leaves_nothing(one_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    number, wanted = ask(one_server, 3)
    told, drawn = [], drawings.drawn_apart

    def followed(order: object, tell: Callable[[int], None], stopping: Callable[[], bool]) -> object:
        def heard(finished: int) -> None:
            tell(finished)
            told.append((finished, one_server.drawings.progress(number).done))

        return drawn(order, heard, stopping)

    monkeypatch.setattr(drawings, "drawn_apart", followed)
    monkeypatch.setattr(drawings, "PAUSE_S", LONG)
    one_server.drawings.begin(number, wanted, BY)
    found = storing(one_server, number)
    assert told[-1] == (3, 3)
    assert (found.done, found.total, found.left_s * found.rate) == (1, 3, pytest.approx(2))
    with one_server.database.writing() as session:
        assert [papers.form_set_exists(session, each) for each in papers.unfinished_sets(session)] == [False]
        assert papers.form_sets(session) == []
        drawings.stop_drawing(session, number, BY, one_server.now())
    one_server.drawings.stop(number)
    one_server.drawings.wait(number, LONG)
    assert stored(one_server) == [0, 0, 0, 0]


def storing(server: Server, number: int) -> drawings.Progress:
    """Wait until the first paper is stored."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        found = server.drawings.progress(number)
        if found.phase is drawings.Phase.STORING and found.done:
            return found
        time.sleep(0.01)
    raise TimeoutError


def end_at_once(theirs: object, _order: object) -> None:
    theirs.close()


def test_a_child_that_dies_is_told_of(one_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_child, "_draw_there", end_at_once)
    view = draw(one_server)
    assert (view.state, [str(reason) for reason in view.reasons]) == (DrawingState.CUT_OFF, [str(drawing_child.CUT_OFF)])


def break_down(*_what: object) -> None:
    raise RuntimeError("nobody has thought of this")


def test_a_fault_of_the_program_ends_the_drawing_in_words(one_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "order_for", break_down)
    view = draw(one_server)
    assert (view.state, [str(reason) for reason in view.reasons]) == (DrawingState.CUT_OFF, [str(drawings.BROKEN)])


def test_what_a_server_left_behind_is_told_of_and_cleared_away_by_the_next(server: Server) -> None:
    whole = draw(server, 1).form_set
    half = draw(server, 2).form_set
    number, _wanted = ask(server)
    with server.database.writing() as session:
        session.get_one(FormSetRow, half).unfinished = BEGIN.wall
    make_server(server.database)
    view = seen(server, number)
    assert (view.state, "restarted" in str(view.reasons[0])) == (DrawingState.CUT_OFF, True)
    with server.database.reading() as session:
        assert [line.id for line in papers.form_sets(session)] == [whole]
    assert stored(server) == [1, 1, 1, 1]


def test_a_bank_that_changes_meanwhile_gives_no_forms(one_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = drawings.keep_paper

    def change(session: object, form_set: int, paper: object) -> None:
        keep(session, form_set, paper)
        session.scalars(select(ItemVersionRow).where(ItemVersionRow.is_current).limit(1)).one().is_current = False

    monkeypatch.setattr(drawings, "keep_paper", change)
    view = draw(one_server, 1)
    assert (view.state, "bank was changed" in str(view.reasons[0]), stored(one_server)) == (DrawingState.REFUSED, True, [0, 0, 0, 0])


@pytest.mark.parametrize(("forms", "sentence"), [(0, "from 1 to 2000"), (2001, "from 1 to 2000")])
def test_a_number_of_forms_beyond_all_use_is_refused(one_server: Server, forms: int, sentence: str) -> None:
    with pytest.raises(ExamError, match=sentence):
        ask(one_server, forms)
    with one_server.database.reading() as session:
        assert session.scalars(select(DrawingRow)).all() == []
