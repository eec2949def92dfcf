"""The office's pages of accounts."""

from collections.abc import Iterator

import pytest

from examsrv.services import managing_people, signing_in
from tests.builders import PASSWORD, QUICK_HASHER
from tests.web.office import Office, open_office, words


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        yield opened


def number_of(office: Office, login: str) -> int:
    with office.server.database.reading() as session:
        return next(person.id for person in managing_people.people(session) if person.login == login)


def roles_of(office: Office, login: str) -> set[tuple[str, int | None]]:
    with office.server.database.reading() as session:
        return set(managing_people.person_view(session, number_of(office, login)).roles)


def test_a_new_account_has_a_password_that_is_shown_once(office: Office) -> None:
    answer = office.post("/admin/people/new", login="lin", name="林监考", password="", roles=["proctor@1", "author@all"])
    password = words(answer).split("Initial password ")[-1].split()[0]
    assert len(password) >= signing_in.PASSWORD_LEAST
    assert password not in office.read(f"/admin/people/{number_of(office, 'lin')}")
    assert roles_of(office, "lin") == {("proctor", 1), ("author", None)}
    with office.server.database.reading() as session:
        assert signing_in.check_staff(session, "lin", password, office.server.now()).must_change_password


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"login": "office"}, "The sign-in name office is taken."),
        ({"login": "a b"}, "A sign-in name has letters"),
        ({"login": ""}, "Enter a sign-in name."),
        ({"name": ""}, "Enter the name."),
        ({"password": "short"}, "A password has at least 10 characters."),
        ({"roles": ["candidate@all"]}, "not a valid choice"),
        ({"roles": ["proctor@99"]}, "not a valid choice"),
    ],
)
def test_what_is_wrong_stands_on_the_form_and_nothing_typed_is_lost(office: Office, entered: dict[str, object], sentence: str) -> None:
    answer = office.post("/admin/people/new", **{"login": "lin", "name": "林监考", "password": "", **entered})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "name" in entered or 'value="林监考"' in answer.get_data(as_text=True)


def test_the_list_is_filtered_and_sorted_by_the_address(office: Office) -> None:
    office.post("/admin/people/new", login="lin", name="林监考", password="", roles=["proctor@1"])
    assert "1 found" in office.read("/admin/people?role=proctor")
    assert "1 found" in office.read("/admin/people?text=林")
    assert "0 found" in office.read("/admin/people?state=inactive")
    page = office.read("/admin/people?sort=-login")
    assert page.index("office office") < page.index("lin 林监考") < page.index("elsewhere elsewhere")


def test_roles_are_given_exactly_as_ticked(office: Office) -> None:
    person = number_of(office, "elsewhere")
    assert office.post(f"/admin/people/{person}/roles", roles=["auditor@all", "proctor@1"]).status_code == 302
    assert roles_of(office, "elsewhere") == {("auditor", None), ("proctor", 1)}


@pytest.mark.parametrize(("act", "status"), [("roles", 422), ("state", 409)])
def test_the_last_administrator_stays(office: Office, act: str, status: int) -> None:
    answer = office.post(f"/admin/people/{number_of(office, 'office')}/{act}", roles=["proctor@all"], active="no")
    assert answer.status_code == status
    assert "Somebody has to remain who administers all sites." in words(answer)
    assert ("administrator", None) in roles_of(office, "office")


def test_who_gives_the_own_office_up_is_told_so_on_a_page_that_is_still_open(office: Office) -> None:
    office.post(f"/admin/people/{number_of(office, 'elsewhere')}/roles", roles=["administrator@all"])
    answer = office.post(f"/admin/people/{number_of(office, 'office')}/roles", roles=["proctor@all"])
    assert "The roles have been saved." in office.read(answer.location)
    assert roles_of(office, "office") == {("proctor", None)}


@pytest.mark.parametrize(("present", "new", "field"), [("wrong", "another password", "current"), (PASSWORD, PASSWORD, "new")])
def test_a_password_that_is_refused_is_told_at_its_field(office: Office, present: str, new: str, field: str) -> None:
    answer = office.post("/account", current=present, new=new, repeat=new)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)


def test_a_deactivated_account_is_signed_out_and_may_come_back(office: Office) -> None:
    other, person = office.sign_in("elsewhere"), number_of(office, "elsewhere")
    office.post(f"/admin/people/{person}/state", active="no")
    assert other.get("/admin/sittings").status_code == 302
    office.post(f"/admin/people/{person}/state", active="yes")
    assert office.sign_in("elsewhere").get("/admin/sittings").status_code == 200


def test_a_reset_password_signs_the_account_out(office: Office) -> None:
    other, person = office.sign_in("elsewhere"), number_of(office, "elsewhere")
    assert "Initial password" in words(office.post(f"/admin/people/{person}/password", password=""))
    assert other.get("/admin/sittings").status_code == 302


def test_name_and_qualification_change(office: Office) -> None:
    person = number_of(office, "elsewhere")
    office.post(f"/admin/people/{person}", name="别处", is_senior_examiner="y")
    assert "别处" in office.read("/admin/people")
    assert "Senior examiner" in office.read("/admin/people")


def test_an_administrator_of_one_site_sees_people_but_changes_none(office: Office) -> None:
    other = office.sign_in("elsewhere")
    assert other.get("/admin/people").status_code == 200
    assert other.get("/admin/people/new").status_code == 404
    assert other.get(f"/admin/people/{number_of(office, 'office')}").status_code == 404
