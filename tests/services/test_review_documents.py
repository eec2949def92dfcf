"""Documents of a review's candidates: types by content, sizes, sealed, brought in and taken out before the hearing."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.services import hearings, review_documents
from examsrv.services.candidates import opened_file
from examsrv.services.handed_files import MEGABYTE
from examsrv.services.review_documents import document_content, documents, is_document, keep_document, remove_document, seal_document, take_in
from examsrv.services.seating import remove_candidate
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, CandidateRow, ReviewDocumentRow
from question_bank.message import ExamError
from tests.builders import OFFICE, SECRET, add_person, at, new_key
from tests.panels import add_assessment
from tests.services.hearings import add_review, begin, lead

PDF = b"%PDF-1.7\n" + "业绩报告".encode()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def office(session: Session) -> Actor:
    return Actor(add_person(session, "clerk"), "clerk")


def zipped(entry: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(entry, "<x/>")
    return made.getvalue()


def add(session: Session, attempt: str, office: Actor, name: str = "业绩报告.pdf", content: bytes = PDF) -> int:
    name, found = take_in(name, content)
    sealed = seal_document(session, SECRET, attempt, content, new_key)
    return keep_document(session, attempt, name, found, content, sealed, office, at())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "pdf"),
        (zipped("word/document.xml"), "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
    ],
)
def test_the_type_is_told_by_the_content(content: bytes, expected: str) -> None:
    assert take_in("任意名称.exe", content) == ("任意名称.exe", expected)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "is empty"),
        ("a.pdf", b"MZ\x90\x00\xff", "none of: pdf / docx / xlsx / png / jpg"),
        ("a.pdf", b"plain text", "none of"),
        ("a.docx", zipped("other.xml"), "none of"),
        ("a.docx", b"PK\x03\x04 cut off", "damaged or incomplete"),
        ("", PDF, "1 to 120 characters"),
        ("folder/", PDF, "1 to 120 characters"),
        ("长" * 121, PDF, "1 to 120 characters"),
        ("a\0.pdf", PDF, "cannot be kept"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ExamError, match=sentence):
        take_in(name, content)


def test_twenty_megabytes_are_taken_and_not_a_byte_more() -> None:
    most = PDF.ljust(20 * MEGABYTE, b" ")
    assert take_in("a.pdf", most)[1] == "pdf"
    with pytest.raises(ExamError, match="larger than 20 MB"):
        take_in("a.pdf", most + b" ")


def test_a_document_is_kept_sealed_and_comes_back_as_it_was(session: Session, office: Actor) -> None:
    attempt = add_review(session).attempts[0]
    number = add(session, attempt, office, "C:\\文件\\业绩报告.pdf")
    about, content = document_content(session, SECRET, attempt, number)
    assert (about.name, about.type, about.size, content) == ("业绩报告.pdf", "pdf", len(PDF), PDF)
    row = session.get_one(ReviewDocumentRow, number)
    candidate = session.get_one(CandidateRow, session.get_one(AttemptRow, attempt).candidate_id)
    assert PDF not in row.sealed
    assert opened_file(SECRET, candidate, row.sealed) == PDF


def test_a_document_is_its_candidates_alone(session: Session, office: Actor) -> None:
    made = add_review(session)
    number = add(session, made.attempts[0], office)
    assert (is_document(session, made.attempts[0], number), is_document(session, made.attempts[1], number)) == (True, False)
    assert document_content(session, SECRET, made.attempts[1], number) is None
    with pytest.raises(ExamError, match="no such document"):
        remove_document(session, made.attempts[1], number, office, at())


def test_the_same_content_is_kept_once(session: Session, office: Actor) -> None:
    made = add_review(session)
    assert add(session, made.attempts[0], office) == add(session, made.attempts[0], office, "另一名称.pdf")
    assert [each.name for each in documents(session, made.attempts[0])] == ["业绩报告.pdf"]
    add(session, made.attempts[1], office)


def test_a_candidate_has_so_many_documents_at_most(session: Session, office: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_documents, "DOCUMENTS_MOST", 2)
    attempt = add_review(session).attempts[0]
    for place in range(2):
        add(session, attempt, office, content=PDF + bytes([65 + place]))
    with pytest.raises(ExamError, match="at most 2 documents"):
        add(session, attempt, office, content=PDF + b"C")


def test_once_the_hearing_has_begun_the_documents_stay(session: Session, office: Actor) -> None:
    made = add_review(session)
    number = add(session, made.attempts[0], office)
    other = add(session, made.attempts[1], office)
    hearings.enter_absence(session, made.attempts[2], "未到", lead(made), at())
    add(session, made.attempts[2], office)
    attempt = begin(session, made)
    with pytest.raises(ExamError, match="has begun"):
        remove_document(session, attempt, number, office, at())
    with pytest.raises(ExamError, match="has begun"):
        add(session, attempt, office, content=PDF + b"2")
    remove_document(session, made.attempts[1], other, office, at())
    assert (len(documents(session, attempt)), documents(session, made.attempts[1])) == (1, [])


def test_only_a_review_has_documents(session: Session, office: Actor) -> None:
    skills = add_assessment(session, is_submitted=False)
    with pytest.raises(ExamError, match="Only candidates of a review"):
        add(session, skills.attempts[0], office)


def test_who_is_taken_out_of_the_sitting_takes_the_documents_along(session: Session, office: Actor) -> None:
    attempt = add_review(session).attempts[0]
    add(session, attempt, office)
    session.get_one(AttemptRow, attempt).checked_in = None
    remove_candidate(session, attempt, OFFICE, at())
    assert session.scalars(select(ReviewDocumentRow.id)).all() == []
