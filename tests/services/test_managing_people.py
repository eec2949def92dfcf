"""Accounts: what a name, a password and a PIN have to be, who may not be taken away, and what signs somebody out."""

from datetime import timedelta

import pytest

from examsrv.domain.roles import Role
from examsrv.services import managing_people, signing_in
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.builders import OFFICE, PASSWORD, add_person, at

EVERYWHERE = (Role.ADMINISTRATOR, None)


@pytest.fixture
def chief(database: Database) -> int:
    with database.writing() as session:
        return managing_people.create_first_administrator(session, "Chief", "主任", PASSWORD, at())


def act(database: Database, what: object, *arguments: object, **named: object) -> object:
    with database.writing() as session:
        return what(session, *arguments, **named)


def test_the_first_administrator_is_made_once(database: Database, chief: int) -> None:
    with pytest.raises(ExamError, match="an administrator already"):
        act(database, managing_people.create_first_administrator, "second", "次", PASSWORD, at())
    with database.reading() as session:
        view = managing_people.person_view(session, chief)
    assert (view.login, view.roles, view.is_active, view.has_pin) == ("chief", (("administrator", None),), True, False)


@pytest.mark.parametrize(
    ("login", "name", "password", "pin", "sentence"),
    [
        ("", "名", PASSWORD, None, "sign-in name has"),
        ("a b", "名", PASSWORD, None, "sign-in name has"),
        ("a/b", "名", PASSWORD, None, "sign-in name has"),
        ("._-", "名", PASSWORD, None, "sign-in name has"),
        ("a" * 41, "名", PASSWORD, None, "sign-in name has"),
        ("CHIEF", "名", PASSWORD, None, "chief is taken"),
        ("new", " ", PASSWORD, None, "A name has"),
        ("new", "名" * 61, PASSWORD, None, "A name has"),
        ("new", "名", "123456789", None, "at least 10 characters"),
        ("new", "名", PASSWORD, "123", "at least 4 digits"),
        ("new", "名", PASSWORD, "12a4", "at least 4 digits"),
    ],
)
def test_an_account_that_is_not_right_is_refused_and_not_made(
    database: Database, chief: int, login: str, name: str, password: str, pin: str | None, sentence: str
) -> None:
    with pytest.raises(ExamError, match=sentence):
        act(database, managing_people.create_person, login, name, password, [], OFFICE, at(), pin=pin)
    with database.reading() as session:
        assert [person.login for person in managing_people.people(session)] == ["chief"]


@pytest.mark.parametrize(("login", "name", "password", "pin"), [("a" * 40, "名" * 60, "1234567890", "1234"), ("li.ming_2-b", "李", PASSWORD, None)])
def test_an_account_at_the_edge_is_made(database: Database, chief: int, login: str, name: str, password: str, pin: str | None) -> None:
    person = act(database, managing_people.create_person, login, name, password, [(Role.PROCTOR, None)], OFFICE, at(), pin=pin)
    with database.reading() as session:
        view = managing_people.person_view(session, person)
    assert (view.login, view.name, view.has_pin) == (login, name, pin is not None)


def test_somebody_always_remains_who_administers_all_sites(database: Database, chief: int) -> None:
    with pytest.raises(ExamError, match="Somebody has to remain"):
        act(database, managing_people.set_roles, chief, [(Role.AUDITOR, None)], OFFICE, at())
    with pytest.raises(ExamError, match="Somebody has to remain"):
        act(database, managing_people.set_active, chief, is_active=False, by=OFFICE, at=at())
    second = act(database, add_person, "second", EVERYWHERE)
    act(database, managing_people.set_active, chief, is_active=False, by=OFFICE, at=at())
    with pytest.raises(ExamError, match="Somebody has to remain"):
        act(database, managing_people.set_active, second, is_active=False, by=OFFICE, at=at())


@pytest.mark.parametrize(("roles", "sentence"), [([(Role.CANDIDATE, None)], "cannot be granted"), ([(Role.PROCTOR, 99)], "no such site")])
def test_roles_that_cannot_be_are_refused_and_the_old_ones_stay(database: Database, chief: int, roles: object, sentence: str) -> None:
    with pytest.raises(ExamError, match=sentence):
        act(database, managing_people.set_roles, chief, [EVERYWHERE, *roles], OFFICE, at())
    with database.reading() as session:
        assert managing_people.person_view(session, chief).roles == (("administrator", None),)


@pytest.mark.parametrize(
    ("what", "arguments", "named"),
    [
        (managing_people.set_roles, ([], OFFICE, at()), {}),
        (managing_people.reset_password, (PASSWORD, OFFICE, at()), {}),
        (managing_people.set_active, (), {"is_active": True, "by": OFFICE, "at": at()}),
        (managing_people.change_person, ("名",), {"is_senior_examiner": True, "by": OFFICE, "at": at()}),
        (managing_people.person_view, (), {}),
    ],
)
def test_a_number_that_nobody_has_is_refused_in_words(
    database: Database, what: object, arguments: tuple[object, ...], named: dict[str, object]
) -> None:
    with pytest.raises(ExamError, match="no such person"):
        act(database, what, 9999, *arguments, **named)


def test_a_reset_password_has_to_be_changed_and_then_not_again(database: Database, chief: int) -> None:
    act(database, managing_people.reset_password, chief, "handed over", OFFICE, at())
    with database.reading() as session:
        assert signing_in.check_staff(session, "chief", "handed over", at()).must_change_password
    act(database, managing_people.change_own_password, chief, "handed over", "my own words", at())
    with database.reading() as session:
        assert not signing_in.check_staff(session, "chief", "my own words", at()).must_change_password


def test_a_changed_password_ends_every_session_but_the_one_it_was_changed_in(database: Database, chief: int) -> None:
    with database.writing() as session:
        member = signing_in.check_staff(session, "chief", PASSWORD, at())
        for token in ("here", "elsewhere"):
            signing_in.begin_staff_session(session, member, token, at())
    act(database, managing_people.change_own_password, chief, PASSWORD, "my own words", at(), "here")
    with database.reading() as session:
        found = [signing_in.staff_of(session, token, at(), timedelta(hours=1)) is not None for token in ("here", "elsewhere")]
    assert found == [True, False]


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [("wrong", "another password", "present password"), (PASSWORD, "short", "at least 10"), (PASSWORD, PASSWORD, "same as the old")],
)
def test_the_own_password_changes_only_with_the_present_one_to_another(database: Database, chief: int, current: str, new: str, sentence: str) -> None:
    with pytest.raises(ExamError, match=sentence):
        act(database, managing_people.change_own_password, chief, current, new, at())
    with database.reading() as session:
        assert signing_in.check_staff(session, "chief", PASSWORD, at()).id == chief


def test_a_pin_is_set_with_the_password(database: Database, chief: int) -> None:
    with pytest.raises(ExamError, match="present password"):
        act(database, managing_people.set_own_pin, chief, "wrong", "1234", at())
    act(database, managing_people.set_own_pin, chief, PASSWORD, "1234", at())
    with database.reading() as session:
        assert managing_people.person_view(session, chief).has_pin


def test_a_name_and_a_language_are_kept(database: Database, chief: int) -> None:
    act(database, managing_people.change_person, chief, " 主任甲 ", is_senior_examiner=True, by=OFFICE, at=at())
    act(database, managing_people.set_language, chief, "en")
    with database.reading() as session:
        view = managing_people.person_view(session, chief)
        assert (view.name, view.is_senior_examiner) == ("主任甲", True)
        assert signing_in.check_staff(session, "chief", PASSWORD, at()).language == "en"
