"""The office's pages of batches, groups and panels: planned, published, and on the day."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, bars, batches, managing_people, publishing, signing_in
from examsrv.services.assessment_groups import GroupView
from examsrv.storage.tables import AttemptRow, PersonRow, RecusalRow
from tests.builders import OFFICE, QUICK_HASHER, SECRET, at
from tests.services.groups import Plan, add_batch, add_examiners, add_plan, enter_a_sheet, staff
from tests.web.office import Office, open_office, post, words

BATCH = {
    "name": "2026年第四批",
    "adjudication": "leader",
    "trim_from": "",
    "range_few": "12.5",
    "range_more": "18",
    "near": "1",
    "skills_need_proctors": "y",
}


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        yield opened


def planned(office: Office, candidates: int = 4, groups: int = 1, **plan_of: str) -> Plan:
    with office.server.database.writing() as session:
        return add_plan(session, candidates, groups, site=1, **plan_of)


def examiners(office: Office, count: int, **columns) -> list[int]:
    with office.server.database.writing() as session:
        return add_examiners(session, count, **columns)


def group(office: Office, number: int) -> GroupView:
    with office.server.database.reading() as session:
        return assessment_groups.group(session, number)


def published(office: Office, reserves: int = 2) -> tuple[Plan, list[int]]:
    plan = planned(office)
    with office.server.database.writing() as session:
        people = staff(session, plan, 3, reserves)
        publishing.publish(session, plan.sitting, OFFICE, at(), SECRET)
    return plan, people


def candidate(office: Office, plan: Plan) -> int:
    with office.server.database.reading() as session:
        return session.get_one(AttemptRow, plan.attempts[0]).candidate_id


# ---------------------------------------------------------------- batches


def test_a_batch_is_added_as_it_was_entered(office: Office) -> None:
    assert office.post("/admin/batches/new", **BATCH).status_code == 302
    with office.server.database.reading() as session:
        found = batches.batches(session)[0]
    assert (found.rule.trim_from, found.rule.near, found.rule.adjudication, found.skills_need_proctors) == (None, 1, Adjudication.LEADER, True)
    assert {places: str(limit) for places, limit in found.rule.range_limits.items()} == {3: "12.5", 5: "18"}
    assert "12.5" in office.read("/admin/batches")


def test_a_new_batch_proposes_the_usual_rule(office: Office) -> None:
    page = office.client.get("/admin/batches/new").get_data(as_text=True)
    assert 'value="15"' in page
    assert 'value="20"' in page
    assert office.post("/admin/batches/new", **{**BATCH, "trim_from": "5"}).status_code == 302


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"name": ""}, "Enter a name."),
        ({"near": ""}, "Enter marks, such as 15 or 2.5."),
        ({"near": "much"}, "decimal number, not much"),
        ({"range_few": "101"}, "between 0 and 100 marks"),
        ({"range_more": "-1"}, "between 0 and 100 marks"),
        ({"range_more": "1.234"}, "at most 2 decimals"),
        ({"range_few": "NaN"}, "between 0 and 100"),
        ({"trim_from": "4"}, "Not a valid choice"),
        ({"adjudication": "dice"}, "Not a valid choice"),
    ],
)
def test_a_batch_that_cannot_be_is_refused_on_the_form(office: Office, entered: dict[str, str], sentence: str) -> None:
    answer = office.post("/admin/batches/new", **{**BATCH, **entered})
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_two_batches_of_one_name_are_refused(office: Office) -> None:
    office.post("/admin/batches/new", **BATCH)
    assert "Another batch is called" in words(office.post("/admin/batches/new", **BATCH))


def test_a_batch_is_changed_until_a_sheet_is_in_then_only_its_name(office: Office) -> None:
    plan = planned(office)
    address = f"/admin/batches/{plan.batch}"
    assert office.post(address, **BATCH).status_code == 302
    with office.server.database.writing() as session:
        enter_a_sheet(session, plan)
    assert "settings stay" in office.read(address)
    assert office.post(address, **{**BATCH, "name": "改名", "near": "5", "adjudication": "reserves"}).status_code == 302
    with office.server.database.reading() as session:
        found = batches.batch(session, plan.batch)
    assert (found.name, found.rule.near, found.rule.adjudication) == ("改名", 1, Adjudication.LEADER)


def test_a_sitting_gets_a_batch(office: Office) -> None:
    with office.server.database.writing() as session:
        number = add_batch(session, rule=CombiningRule())
    page = office.client.get("/admin/sittings/1/edit").get_data(as_text=True)
    assert f'<option value="{number}">2026年第四批</option>' in page
    values = {"name": "第一场", "examination": "4-05-06-02/L3/theory", "batch": number, "site": 1, "day": "2026-12-05", "time": "09:00"}
    assert office.post("/admin/sittings/1/edit", **values, minutes=90, late=30, leave=30).status_code == 302
    assert "2026年第四批" in office.read("/admin/sittings/1")


# ---------------------------------------------------------------- groups


def test_from_no_group_to_published(office: Office) -> None:
    plan = planned(office, candidates=31, groups=0)
    examiners(office, 14)
    address = f"/admin/sittings/{plan.sitting}"
    assert "There is no group of examiners." in office.read(address)
    office.post(f"{address}/groups", count=2)
    assert "31 candidates are in no group." in office.read(address)
    office.post(f"{address}/groups/distribute")
    assert "第1组: 16 candidates need 3 examiners, 0 are planned" in office.read(address)
    page = office.client.get(f"{address}/groups/proposal").get_data(as_text=True)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert office.post(f"{address}/groups/proposal", digest=digest).status_code == 302
    assert "Nothing. The sitting can be published." in office.read(address)
    assert office.post(f"{address}/publish").status_code == 302


def test_a_proposal_that_fills_not_all_says_so(office: Office) -> None:
    plan = planned(office)
    examiners(office, 2)
    assert "第1组: 3 more examiners are needed" in office.read(f"/admin/sittings/{plan.sitting}/groups/proposal")


def test_a_proposal_without_groups_is_refused(office: Office) -> None:
    answer = office.client.get(f"/admin/sittings/{planned(office, groups=0).sitting}/groups/proposal")
    assert answer.status_code == 409
    assert "Add a group first." in words(answer)


def test_an_old_proposal_is_refused(office: Office) -> None:
    plan = planned(office)
    examiners(office, 5)
    answer = office.post(f"/admin/sittings/{plan.sitting}/groups/proposal", digest="old")
    assert answer.status_code == 409
    assert "has changed meanwhile" in words(answer)


def test_examiners_are_chosen_by_hand_reserves_in_their_order(office: Office) -> None:
    plan, people = planned(office), examiners(office, 5)
    duties = {f"duty-{person}": duty for person, duty in zip(people, ["member", "2", "member", "1", "member"], strict=True)}
    assert office.post(f"/admin/groups/{plan.group}/examiners", **duties, lead=people[2]).status_code == 302
    found = group(office, plan.group)
    assert sorted(found.members) == [people[0], people[2], people[4]]
    assert [each.person for each in found.reserves] == [people[3], people[1]]
    assert found.lead == people[2]


def test_a_refused_choice_says_why_and_stays_on_the_page(office: Office) -> None:
    plan, people = planned(office, candidates=31), examiners(office, 4)
    answer = office.post(f"/admin/groups/{plan.group}/examiners", **{f"duty-{person}": "member" for person in people})
    assert answer.status_code == 409
    assert "31 candidates need 5 examiners, 4 are planned" in words(answer)
    assert answer.get_data(as_text=True).count('<option value="member" selected>') == 4
    assert group(office, plan.group).members == ()


@pytest.mark.parametrize("name", ["duty-", "duty-x", "duty--1", "duty-99999999999999999999"])
def test_nonsense_in_the_form_names_nobody(office: Office, name: str) -> None:
    plan = planned(office)
    assert office.post(f"/admin/groups/{plan.group}/examiners", **{name: "member"}).status_code == 302
    assert group(office, plan.group).members == ()


def test_who_is_barred_is_shown_with_the_reason(office: Office) -> None:
    plan, people = planned(office), examiners(office, 1)
    values = {"person": people[0], "candidate": candidate(office, plan), "ground": "kinship", "note": "表兄"}
    assert office.post(f"/admin/groups/{plan.group}/recusals", **values).status_code == 302
    page = office.read(f"/admin/groups/{plan.group}")
    assert "may not score the candidate with the ticket number" in page
    assert "(kinship)" in page
    with office.server.database.reading() as session:
        number = session.scalars(select(RecusalRow.id)).one()
    assert office.post(f"/admin/groups/{plan.group}/recusals/{number}/lift").status_code == 302
    assert "may not score the candidate" not in office.read(f"/admin/groups/{plan.group}")


def test_a_relation_to_somebody_of_another_group_is_not_entered_or_lifted_here(office: Office) -> None:
    plan, people = planned(office), examiners(office, 1)
    other = planned(office, name="另一场")
    values = {"person": people[0], "candidate": candidate(office, other), "ground": "kinship"}
    assert office.post(f"/admin/groups/{plan.group}/recusals", **values).status_code == 409
    assert office.post(f"/admin/groups/{other.group}/recusals", **values).status_code == 302
    with office.server.database.reading() as session:
        number = bars.recusals(session, [values["candidate"]])[0].id
    assert office.post(f"/admin/groups/{plan.group}/recusals/{number}/lift").status_code == 404


@pytest.mark.parametrize(("deadline", "status"), [("2026-12-06 18:00", 302), ("", 302), ("tomorrow", 409), ("2020-01-01 08:00", 409)])
def test_a_group_gets_a_name_and_a_deadline(office: Office, deadline: str, status: int) -> None:
    plan = planned(office)
    assert office.post(f"/admin/groups/{plan.group}", name="甲组", deadline=deadline).status_code == status
    assert (group(office, plan.group).name == "甲组") is (status == 302)


def test_candidates_are_put_into_a_group_by_hand(office: Office) -> None:
    plan = planned(office, groups=2)
    assert office.post(f"/admin/groups/{plan.group}/candidates", attempt=plan.attempts).status_code == 302
    assert group(office, plan.group).candidates == 4
    assert office.post(f"/admin/groups/{plan.group}/candidates", attempt="nobody").status_code == 409


def test_a_group_is_removed(office: Office) -> None:
    plan = planned(office)
    office.post(f"/admin/groups/{plan.group}/remove")
    assert office.client.get(f"/admin/groups/{plan.group}").status_code == 404


def test_a_panel_is_called_so_and_a_review_needs_no_proctors(office: Office) -> None:
    plan = planned(office, component="review", level="L2")
    assert "RULE-PANEL" in office.read(f"/admin/groups/{plan.group}") or "Nobody holds" in office.read(f"/admin/groups/{plan.group}")
    page = office.read(f"/admin/sittings/{plan.sitting}")
    assert "Review panels" in page
    assert "No proctors are needed here." in page


def test_theory_has_no_groups(office: Office) -> None:
    assert "Groups of examiners" not in office.read("/admin/sittings/1")
    assert office.post("/admin/sittings/1/groups", count=1).status_code == 409


# ---------------------------------------------------------------- the day


def test_a_member_falls_ill_and_a_reserve_steps_in(office: Office) -> None:
    plan, people = published(office)
    address = f"/admin/groups/{plan.group}"
    assert "3 examiners are required, 0 present" in office.read(address)
    for person in (*people[:2], people[3]):
        office.post(f"{address}/arrive", person=person)
    assert office.post(f"{address}/start").status_code == 409
    office.post(f"{address}/withdraw", person=people[2], ground="illness", note="发热")
    assert "Place 3 is vacant" in office.read(address)
    assert "1 places vacant" in office.read(f"/admin/sittings/{plan.sitting}")
    office.post(f"{address}/step-in", reserve=people[3], place=3)
    assert office.post(f"{address}/start").status_code == 302
    assert group(office, plan.group).started is not None
    assert "发热" in office.read(address)


def test_the_lead_drops_out_and_no_reserve_is_left(office: Office) -> None:
    plan, people = published(office)
    address = f"/admin/groups/{plan.group}"
    for person in (people[0], *people[3:]):
        office.post(f"{address}/withdraw", person=person, ground="absent")
    assert "No reserve is left." in office.read(address)
    further = examiners(office, 1)[0]
    office.post(f"{address}/reserve", person=further)
    office.post(f"{address}/step-in", reserve=further, place=1)
    assert "nobody leads" in office.read(address)
    office.post(f"{address}/lead", person=people[1])
    assert group(office, plan.group).lead == people[1]


def test_only_who_would_be_taken_is_offered_as_a_further_reserve(office: Office) -> None:
    plan, people = published(office)
    address = f"/admin/groups/{plan.group}"
    assert offered_as_reserves(office, plan) == []
    office.post(f"{address}/withdraw", person=people[2], ground="barred")
    assert "Nobody can be named as a further reserve" in office.read(address)
    office.post(f"{address}/withdraw", person=people[4], ground="absent")
    further = examiners(office, 1)[0]
    assert "Nobody can be named as a further reserve" not in office.read(address)
    assert sorted(offered_as_reserves(office, plan)) == sorted([people[4], further])
    refused = office.post(f"{address}/reserve", person=people[2])
    assert (refused.status_code, "because of a bar" in words(refused)) == (409, True)
    for person in offered_as_reserves(office, plan):
        assert office.post(f"{address}/reserve", person=person).status_code == 302
    assert offered_as_reserves(office, plan) == []


def offered_as_reserves(office: Office, plan: Plan) -> list[int]:
    """Return who can be chosen on a group's page as a further reserve."""
    page = office.client.get(f"/admin/groups/{plan.group}").text
    choice = page.partition('id="further"')[2].partition("</select>")[0]
    return [int(person) for person in re.findall(r'<option value="(\d+)"', choice)]


def test_a_refused_act_says_why(office: Office) -> None:
    plan, people = published(office)
    answer = office.post(f"/admin/groups/{plan.group}/withdraw", person=people[0], ground="")
    assert answer.status_code == 409
    assert "Please choose a reason." in words(answer)
    assert office.post(f"/admin/groups/{plan.group}/arrive", person="x").status_code == 409


# ---------------------------------------------------------------- who may, and people


def test_groups_of_another_site_are_not_there(office: Office) -> None:
    plan = planned(office)
    other = office.sign_in("elsewhere")
    assert other.get(f"/admin/groups/{plan.group}").status_code == 404
    for act in ("", "/remove", "/candidates", "/examiners", "/recusals", "/arrive", "/withdraw", "/step-in", "/lead", "/reserve", "/start"):
        assert post(other, f"/admin/groups/{plan.group}{act}").status_code == 404


def test_batches_are_changed_by_administrators_of_all_sites_only(office: Office) -> None:
    plan = planned(office)
    other = office.sign_in("elsewhere")
    assert "批次 技能考核" in words(other.get("/admin/batches"))
    assert other.get("/admin/batches/new").status_code == other.get(f"/admin/batches/{plan.batch}").status_code == 404


def test_employers_and_classes_of_somebody_are_kept_line_by_line(office: Office) -> None:
    person = examiners(office, 1)[0]
    values = {"name": "王芳", "is_senior_examiner": "y", "employer": " 甲公司 \r\n\r\n乙公司", "training_classes": "2026秋"}
    assert office.post(f"/admin/people/{person}", **values).status_code == 302
    with office.server.database.reading() as session:
        row = session.get_one(PersonRow, person)
        assert (row.employer, row.training_classes, row.is_senior_examiner) == ("甲公司\n乙公司", "2026秋", True)
    assert office.post(f"/admin/people/{person}", name="王芳", employer="长" * 101).status_code == 422
    assert Role.EXAMINER in {role for role, _site in _person(office, person).roles}


def _person(office: Office, number: int) -> managing_people.PersonView:
    with office.server.database.reading() as session:
        return managing_people.person_view(session, number)
