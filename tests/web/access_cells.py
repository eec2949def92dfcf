"""The cells of the access matrix: identity × address × method of each route, what must come of each by `access_table`, and what came.

A cell is wrong when the answer is another one than the policy's, or when a refused request has changed anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from tests.builders import PASSWORD, PIN
from tests.web.access_table import ANYBODY, CANDIDATES, STAFF, Line, Thing
from tests.web.two_sites import COMPONENT, DEVICE, INSTALLED, LEVEL, PACK, SCRIPT, TwoSites, sign_in_candidate, sign_in_staff

NOBODY_HAS = 9999
EVERYWHERE, ALL_SITES, NOWHERE = "everywhere", "all sites", "nowhere"
SITE_A, SITE_B, ROOM_A1, ROOM_A2, ROOM_B1 = "site A", "site B", "room A1", "room A2", "room B1"
AUTHORS_DESK = "the author's desk"
EXAMINERS_DESK = "the examiner's desk"
LEADERS_DESK = "the leader's desk"
PANEL_A, PANEL_B = "panel A", "panel B"
RECORD_A1, RECORD_A2, RECORD_B1, RECORDS_A = "the record of room A1", "the record of room A2", "the record of room B1", "other records of site A"
RECORDS = {RECORD_A1, RECORD_A2, RECORD_B1, RECORDS_A}
AUTOMATIC = frozenset({"HEAD", "OPTIONS"})
SAFE = AUTOMATIC | {"GET"}
DOORS = {"/sign-in", "/exam/sign-in"}
LEAD_TO_A_DOOR = {"auth.first_run", "candidate.sign_out"}
SLOW = {"admin.import_pack"}
"""What reads the long files of an installed pack: done by one of the identities that may."""
TOKEN = re.compile(rb'(name="csrf[-_]token"[^>]*(?:content|value)=")[^"]*')


class Answer(StrEnum):
    """What can come of a request."""

    SIGN_IN = auto()
    FORBIDDEN = auto()
    MISSING = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a browser: the role, if any, what of the installation is theirs, and cookies with the tokens that go with them."""

    name: str
    role: Role | None = None
    places: frozenset[str] = frozenset()
    is_staff: bool = False
    cookies: str = ""
    tokens: Mapping[str, str] | None = None

    @property
    def is_candidate(self) -> bool:
        return self.role is Role.CANDIDATE


@dataclass(frozen=True, slots=True)
class Address:
    """What an address names, and the place where that is."""

    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody asks for something; `due` by the policy."""

    identity: Identity
    address: Address
    method: str
    due: Answer


STAFF_PLACES = {
    "admin": (Role.ADMINISTRATOR, {ALL_SITES, SITE_A, SITE_B, *RECORDS}),
    "admin-a": (Role.ADMINISTRATOR, {SITE_A, RECORD_A1, RECORD_A2, RECORDS_A}),
    "admin-b": (Role.ADMINISTRATOR, {SITE_B, RECORD_B1}),
    "proctor-a1": (Role.PROCTOR, {ROOM_A1, RECORD_A1}),
    "proctor-a2": (Role.PROCTOR, {ROOM_A2, RECORD_A2}),
    "proctor-b1": (Role.PROCTOR, {ROOM_B1, RECORD_B1}),
    "examiner": (Role.EXAMINER, {EXAMINERS_DESK, LEADERS_DESK, PANEL_A}),
    "author": (Role.AUTHOR, {AUTHORS_DESK}),
    "reviewer": (Role.REVIEWER, set()),
    "auditor": (Role.AUDITOR, RECORDS),
    "newcomer": (None, set()),
}


def identities(made: TwoSites) -> list[Identity]:
    """Sign everybody in; return them, a stranger first."""
    found = [Identity("stranger", cookies="visit=stranger")]
    for name, (role, places) in STAFF_PLACES.items():
        found.append(Identity(name, role, frozenset({EVERYWHERE, *places}), is_staff=True, cookies=f"staff={sign_in_staff(made, name)}"))
    for seat, attempt in enumerate(made.running["A"].attempts[1], start=1):
        cookies = f"candidate={sign_in_candidate(made, attempt, seat)}; visit={attempt}"
        found.append(Identity(f"candidate of seat {seat}", Role.CANDIDATE, frozenset({EVERYWHERE}), cookies=cookies))
    return [_with_tokens(made, identity) for identity in found]


def _with_tokens(made: TwoSites, identity: Identity) -> Identity:
    """Read the token that goes with each cookie: a candidate has one for the examination and, as a visitor, one for the rest."""
    pages = {"/exam/": "/exam/paper" if identity.is_candidate else "/exam/seat", "/": "/account" if identity.is_staff else "/sign-in"}
    tokens = {}
    for prefix, page in pages.items():
        text = made.app.test_client(use_cookies=False).get(page, headers={"Cookie": identity.cookies}).get_data(as_text=True)
        tokens[prefix] = re.search(r'csrf[-_]token"[^>]*(?:content|value)="([^"]+)"', text).group(1)
    return Identity(identity.name, identity.role, identity.places, identity.is_staff, identity.cookies, tokens)


def addresses(made: TwoSites, thing: Thing) -> list[Address]:
    """Return addresses of a kind: at each place, where nothing is, and mixed ones, each part of which is somewhere else."""
    return [Address(place, values) for place, values in _addresses(made)[thing]]


def _result_of(made: TwoSites, batch: str, person: str) -> dict[str, Any]:
    return {"batch": made.batches[batch], "occupation": PACK, "level": LEVEL, "candidate": made.examined[person]}


def _addresses(made: TwoSites) -> dict[Thing, list[tuple[str, dict[str, Any]]]]:
    a, b, people = made.running["A"], made.running["B"], made.people
    a1, a2, b1 = a.sitting_rooms[1], a.sitting_rooms[2], b.sitting_rooms[1]
    at_a1, at_a2, at_b1 = a.attempts[1][0], a.attempts[2][0], b.attempts[1][0]
    not_yet, scored = made.planned["A"], made.assessed
    marked_a, marked_b = made.marked["A"].attempts[1][0], made.marked["B"].attempts[1][0]
    forms, others = made.forms[made.drawn], made.forms[made.sealed]
    level = {"pack": PACK, "level": LEVEL}
    sittings = [
        *((SITE_A, {"sitting": each["A"].id}) for each in (made.running, made.planned, made.marked)),
        *((SITE_B, {"sitting": each["B"].id}) for each in (made.running, made.planned, made.marked)),
        (NOWHERE, {"sitting": NOBODY_HAS}),
    ]
    mine = {"sitting": made.scored, "number": SCRIPT}
    not_mine = [{"sitting": made.scored_by_others, "number": SCRIPT}, {"sitting": a.id, "number": SCRIPT}, {**mine, "number": NOBODY_HAS}]
    return {
        Thing.NOTHING: [(EVERYWHERE, {})],
        Thing.INSTALLATION: [(ALL_SITES, {})],
        Thing.PERSON: [(ALL_SITES, {"person": people["reviewer"]}), (NOWHERE, {"person": NOBODY_HAS})],
        Thing.SITE: [(ALL_SITES, {"site": made.sites["A"]}), (NOWHERE, {"site": NOBODY_HAS})],
        Thing.ROOM: [(SITE_A, {"room": made.rooms["A"][1]}), (SITE_B, {"room": made.rooms["B"][1]}), (NOWHERE, {"room": NOBODY_HAS})],
        Thing.SITTING: sittings,
        Thing.UPLOAD: [(place, {**values, "token": "nothing"}) for place, values in sittings],
        Thing.SITTING_ROOM: [
            (SITE_A, {"sitting_room": made.planned["A"].sitting_rooms[1]}),
            (SITE_B, {"sitting_room": made.planned["B"].sitting_rooms[1]}),
            (SITE_A, {"sitting_room": a1}),
            (SITE_B, {"sitting_room": b1}),
            (NOWHERE, {"sitting_room": NOBODY_HAS}),
        ],
        Thing.ATTEMPT: [
            (SITE_A, {"attempt": not_yet.attempts[1][0]}),
            (SITE_B, {"attempt": made.planned["B"].attempts[1][0]}),
            (SITE_A, {"attempt": at_a1}),
            (SITE_B, {"attempt": at_b1}),
            (NOWHERE, {"attempt": "nobody"}),
        ],
        Thing.BATCH: [(ALL_SITES, {"batch": made.batch}), (NOWHERE, {"batch": NOBODY_HAS})],
        Thing.GROUP: [(SITE_A, {"group": made.groups["A"]}), (SITE_B, {"group": made.groups["B"]}), (NOWHERE, {"group": NOBODY_HAS})],
        Thing.SCORED_GROUP: [(SITE_A, {"group": scored["A"].group}), (SITE_B, {"group": scored["B"].group}), (NOWHERE, {"group": NOBODY_HAS})],
        Thing.SCORED_SCRIPT: [
            (SITE_A, {"group": scored["A"].group, "number": SCRIPT}),
            (SITE_B, {"group": scored["B"].group, "number": SCRIPT}),
            (NOWHERE, {"group": scored["A"].group, "number": NOBODY_HAS}),
            (NOWHERE, {"group": NOBODY_HAS, "number": SCRIPT}),
        ],
        Thing.SHEET: [(SITE_A, {"entry": made.sheets["A"]}), (SITE_B, {"entry": made.sheets["B"]}), (NOWHERE, {"entry": NOBODY_HAS})],
        Thing.LED_GROUP: [(LEADERS_DESK, {"group": scored["A"].group}), (NOWHERE, {"group": scored["B"].group}), (NOWHERE, {"group": NOBODY_HAS})],
        Thing.LED_SCRIPT: [
            (LEADERS_DESK, {"group": scored["A"].group, "number": SCRIPT}),
            (NOWHERE, {"group": scored["B"].group, "number": SCRIPT}),
            (NOWHERE, {"group": scored["A"].group, "number": NOBODY_HAS}),
            (NOWHERE, {"group": NOBODY_HAS, "number": SCRIPT}),
        ],
        Thing.RECUSAL: [
            (SITE_A, {"group": made.groups["A"], "recusal": made.recusals["A"]}),
            (SITE_B, {"group": made.groups["B"], "recusal": made.recusals["B"]}),
            (NOWHERE, {"group": made.groups["A"], "recusal": made.recusals["B"]}),
            (NOWHERE, {"group": made.groups["A"], "recusal": NOBODY_HAS}),
            (NOWHERE, {"group": NOBODY_HAS, "recusal": made.recusals["A"]}),
        ],
        Thing.RUN: [(SITE_A, {"run": made.runs["A"]}), (SITE_B, {"run": made.runs["B"]}), (NOWHERE, {"run": NOBODY_HAS})],
        Thing.RUN_ATTEMPT: [
            (SITE_A, {"run": made.runs["A"], "attempt": marked_a}),
            (SITE_B, {"run": made.runs["B"], "attempt": marked_b}),
            (NOWHERE, {"run": made.runs["A"], "attempt": marked_b}),
            (NOWHERE, {"run": made.runs["A"], "attempt": at_a1}),
            (NOWHERE, {"run": NOBODY_HAS, "attempt": marked_a}),
            (NOWHERE, {"run": made.runs["A"], "attempt": "nobody"}),
        ],
        Thing.RESULTS_BATCH: [
            (SITE_A, {"batch": made.batches["A"]}),
            (SITE_B, {"batch": made.batches["B"]}),
            (NOWHERE, {"batch": NOBODY_HAS}),
        ],
        Thing.RESULTS_PERSON: [
            (SITE_A, _result_of(made, "A", "A")),
            (SITE_B, _result_of(made, "B", "B")),
            (NOWHERE, _result_of(made, "A", "B")),
            (NOWHERE, _result_of(made, "A", "A") | {"level": "L2"}),
            (NOWHERE, _result_of(made, "A", "A") | {"occupation": "none"}),
            (NOWHERE, _result_of(made, "A", "A") | {"candidate": NOBODY_HAS}),
            (NOWHERE, _result_of(made, "A", "A") | {"batch": NOBODY_HAS}),
        ],
        Thing.FORM_SET: [(EVERYWHERE, {"number": made.drawn}), (EVERYWHERE, {"number": made.sealed}), (NOWHERE, {"number": NOBODY_HAS})],
        Thing.FORM_PICTURE: [(EVERYWHERE, {"number": made.drawn, "name": "overlap"}), (NOWHERE, {"number": NOBODY_HAS, "name": "overlap"})],
        Thing.DRAWING: [(EVERYWHERE, {"drawing": made.drawing}), (NOWHERE, {"drawing": NOBODY_HAS})],
        Thing.FORM: [
            (EVERYWHERE, {"number": made.drawn, "form": forms[0]}),
            (NOWHERE, {"number": made.drawn, "form": others[0]}),
            (NOWHERE, {"number": made.drawn, "form": NOBODY_HAS}),
            (NOWHERE, {"number": NOBODY_HAS, "form": forms[0]}),
        ],
        Thing.SPECIFICATION_NUMBER: [(EVERYWHERE, {"number": made.specification}), (NOWHERE, {"number": NOBODY_HAS})],
        Thing.SPECIFICATION: [
            (EVERYWHERE, {**level, "component": COMPONENT}),
            (NOWHERE, {**level, "component": "skills"}),
            (NOWHERE, {"pack": PACK, "level": "L9", "component": COMPONENT}),
            (NOWHERE, {"pack": "none", "level": LEVEL, "component": COMPONENT}),
        ],
        Thing.LEVEL: [(EVERYWHERE, level), (NOWHERE, {"pack": PACK, "level": "L9"}), (NOWHERE, {"pack": "none", "level": LEVEL})],
        Thing.PACK: [(EVERYWHERE, {"pack": PACK}), (NOWHERE, {"pack": "none"})],
        Thing.INSTALLED_PACK: [(EVERYWHERE, {"code": INSTALLED}), (NOWHERE, {"code": "none"})],
        Thing.ITEM: [
            (EVERYWHERE, {"pack": PACK, "item": "S-1"}),
            (NOWHERE, {"pack": PACK, "item": "none"}),
            (NOWHERE, {"pack": "none", "item": "S-1"}),
        ],
        Thing.COMMENT: [
            (EVERYWHERE, {"pack": PACK, "item": "S-1", "number": made.comment}),
            (NOWHERE, {"pack": PACK, "item": "S-2", "number": made.comment}),
            (NOWHERE, {"pack": PACK, "item": "S-1", "number": NOBODY_HAS}),
        ],
        Thing.CASE: [(EVERYWHERE, {"pack": PACK, "case": made.case}), (NOWHERE, {"pack": PACK, "case": "none"})],
        Thing.ITEM_FILE: [(AUTHORS_DESK, {"number": made.item_file}), (NOWHERE, {"number": NOBODY_HAS})],
        Thing.PICTURE: [(EVERYWHERE, {"digest": made.picture}), (NOWHERE, {"digest": "0" * 64})],
        Thing.TASK_SET: [(EVERYWHERE, {"digest": made.task_set}), (NOWHERE, {"digest": "0" * 64})],
        Thing.TASK_FILE: [(NOWHERE, {"digest": made.task_set, "file": "0" * 64}), (NOWHERE, {"digest": "0" * 64, "file": "0" * 64})],
        Thing.OWN_FILE: [(NOWHERE, {"digest": "0" * 64})],
        Thing.SCRIPT: [(EXAMINERS_DESK, mine), *((NOWHERE, each) for each in not_mine)],
        Thing.SCRIPT_FILE: [
            (EXAMINERS_DESK, {**mine, "digest": made.script_file}),
            *((NOWHERE, {**each, "digest": made.script_file}) for each in not_mine),
            (NOWHERE, {**mine, "digest": "0" * 64}),
        ],
        Thing.CASE_FILE: [
            (EXAMINERS_DESK, {**mine, "digest": made.case_file}),
            *((NOWHERE, {**each, "digest": made.case_file}) for each in not_mine),
            (NOWHERE, {**mine, "digest": made.script_file}),
        ],
        Thing.PANEL: [
            (PANEL_A, {"group": made.panels["A"].group}),
            (PANEL_B, {"group": made.panels["B"].group}),
            (NOWHERE, {"group": made.groups["A"]}),
            (NOWHERE, {"group": NOBODY_HAS}),
        ],
        Thing.HEARING: _candidates(made, PANEL_A, PANEL_B),
        Thing.HEARING_DOCUMENT: _documents(made, PANEL_A, PANEL_B),
        Thing.REVIEW: _candidates(made, SITE_A, SITE_B),
        Thing.REVIEW_DOCUMENT: _documents(made, SITE_A, SITE_B),
        Thing.DUTY: [
            (ROOM_A1, {"room": a1}),
            (ROOM_A2, {"room": a2}),
            (ROOM_B1, {"room": b1}),
            (NOWHERE, {"room": not_yet.sitting_rooms[1]}),  # on duty there, but it is not published
            (NOWHERE, {"room": made.marked["A"].sitting_rooms[1]}),
            (NOWHERE, {"room": NOBODY_HAS}),
        ],
        Thing.RECORD: [
            (RECORD_A1, {"room": a1}),
            (RECORD_A2, {"room": a2}),
            (RECORD_B1, {"room": b1}),
            (RECORDS_A, {"room": made.marked["A"].sitting_rooms[1]}),
            (NOWHERE, {"room": not_yet.sitting_rooms[1]}),  # not published
            (NOWHERE, {"room": made.panels["A"].room}),  # a review's hearings have records of their own
            (NOWHERE, {"room": NOBODY_HAS}),
        ],
        Thing.DUTY_SEAT: [
            (ROOM_A1, {"room": a1, "attempt": at_a1}),
            (ROOM_A2, {"room": a2, "attempt": at_a2}),
            (ROOM_B1, {"room": b1, "attempt": at_b1}),
            *((NOWHERE, {"room": a1, "attempt": each}) for each in (at_a2, at_b1, marked_a, not_yet.attempts[1][0], "nobody")),
            (NOWHERE, {"room": a2, "attempt": at_a1}),
            (NOWHERE, {"room": not_yet.sitting_rooms[1], "attempt": not_yet.attempts[1][0]}),
            (NOWHERE, {"room": NOBODY_HAS, "attempt": at_a1}),
        ],
        Thing.DUTY_PERSON: [
            (ROOM_A1, {"room": a1, "person": people["proctor-a1"]}),
            (ROOM_A2, {"room": a2, "person": people["proctor-a2"]}),
            (ROOM_B1, {"room": b1, "person": people["proctor-b1"]}),
            (NOWHERE, {"room": a1, "person": people["proctor-a2"]}),
            (NOWHERE, {"room": a1, "person": NOBODY_HAS}),
            (NOWHERE, {"room": NOBODY_HAS, "person": people["proctor-a1"]}),
        ],
    }


def _candidates(made: TwoSites, place_a: str, place_b: str) -> list[tuple[str, dict[str, Any]]]:
    """Return addresses of candidates of reviews; also one that is heard by no panel."""
    heard = [(place_a, {"attempt": made.panels["A"].attempt}), (place_b, {"attempt": made.panels["B"].attempt})]
    return [*heard, (NOWHERE, {"attempt": made.running["A"].attempts[1][0]}), (NOWHERE, {"attempt": "nobody"})]


def _documents(made: TwoSites, place_a: str, place_b: str) -> list[tuple[str, dict[str, Any]]]:
    """Return addresses of their documents."""
    a, b = made.panels["A"], made.panels["B"]
    return [
        (place_a, {"attempt": a.attempt, "number": a.document}),
        (place_b, {"attempt": b.attempt, "number": b.document}),
        (NOWHERE, {"attempt": a.attempt, "number": b.document}),
        (NOWHERE, {"attempt": a.attempt, "number": NOBODY_HAS}),
        (NOWHERE, {"attempt": "nobody", "number": a.document}),
    ]


REASON = {"reason": "terminal", "note": "终端故障"}
STEP = {"seq": 1, "kind": "answered", "item": 5, "value": True, "client_ms": 0}
OPENED = {"device": DEVICE, "epoch": 1}
SHEET: dict[str, Any] = {"revision": 0, "marks": {"T1.1": "5"}, "vetoes": [], "comments": {}, "seconds": {}}
ROOM_FORM = {"name": "新考场", "place": "", "columns": "6", "seats": "3", "spares": "1", "site": "1"}
SITTING_FORM = {
    "name": "新场次",
    "examination": f"{PACK}/{LEVEL}/{COMPONENT}",
    "site": "1",
    "day": "2026-12-05",
    "time": "09:00",
    "minutes": "90",
    "late": "30",
    "leave": "30",
}
BATCH_FORM = {"name": "新批次", "adjudication": "reserves", "trim_from": "5", "range_few": "15", "range_more": "20", "near": "2"}
JSON_BODIES: dict[str, dict[str, Any]] = {
    "candidate.open_paper": {"device": DEVICE},
    "candidate.steps": {**OPENED, "steps": [STEP]},
    "candidate.beat": {**OPENED, "unsaved": 0},
    "examiner.save_draft": SHEET,
    "examiner.hand_in": SHEET,
    "examiner.note_question": {"text": "为何？"},
    "candidate.hand_in": {**OPENED, "steps": [STEP], "answers": {"5": True}},
}
FORMS: dict[str, dict[str, str]] = {
    "auth.language": {"language": "en"},
    "auth.sign_in": {"login": "admin", "password": "wrong password"},
    "candidate.details": {"action": "confirm"},
    "candidate.seat": {"code": "000000"},
    "examiner.begin_hearing": {"identified": "yes"},
    "examiner.pause_hearing": {"ground": "break"},
    "examiner.candidate_left": {"ground": "illness", "note": "发热"},
    "examiner.enter_absence": {"note": "未到"},
    "examiner.move": {"position": "1", "note": "原因"},
    "admin.move_in_order": {"position": "1", "note": "原因"},
    "proctor.sign_in": {"person": "6", "pin": PIN},
    "proctor.pause_room": REASON,
    "proctor.pause_seat": REASON,
    "proctor.give_room": {**REASON, "minutes": "5"},
    "proctor.give_seat": {**REASON, "minutes": "5"},
    "proctor.incident": {"kind": "network", "note": "断网"},
    "proctor.seat_incident": {"kind": "network", "note": "断网"},
    "proctor.message": {"text": "请勿交谈"},
    "proctor.seat_message": {"text": "请勿交谈"},
    "proctor.move": {"to_seat": "2", "note": "终端故障"},
    "proctor.check_in": {"note": ""},
    "proctor.force_hand_in": REASON,
    "examiner.recuse": {"ground": "kinship", "note": ""},
    "admin.new_person": {"login": "somebody", "name": "新人", "roles": "auditor@all"},
    "admin.change_person": {"name": "新名"},
    "admin.person_roles": {"roles": "auditor@all"},
    "admin.reset_password": {"password": ""},
    "admin.person_state": {"active": "no"},
    "admin.new_site": {"name": "新考点", "address": ""},
    "admin.site": {"name": "新考点", "address": ""},
    "admin.new_room": ROOM_FORM,
    "admin.change_room": ROOM_FORM,
    "admin.add_seats": {"count": "2"},
    "admin.set_spares": {"spare": "6"},
    "admin.remove_seats": {"count": "1"},
    "admin.new_sitting": SITTING_FORM,
    "admin.edit_sitting": SITTING_FORM,
    "admin.choose_forms": {"form_set": "1"},
    "admin.add_sitting_room": {"room": "2"},
    "admin.set_proctors": {"proctor": "6", "lead": "6"},
    "admin.new_batch": BATCH_FORM,
    "admin.batch": BATCH_FORM,
    "admin.add_groups": {"count": "1"},
    "admin.apply_proposal": {"digest": "0" * 64},
    "admin.change_group": {"name": "甲组", "deadline": ""},
    "admin.put_candidates": {"attempt": "nobody"},
    "admin.set_examiners": {"duty-9": "member", "lead": "9"},
    "admin.declare_recusal": {"person": "9", "candidate": "1", "ground": "kinship", "note": "表兄"},
    "admin.group_arrive": {"person": "9"},
    "admin.group_withdraw": {"person": "9", "ground": "illness", "note": "发热"},
    "admin.group_step_in": {"reserve": "9", "place": "1"},
    "admin.group_lead": {"person": "9"},
    "admin.group_reserve": {"person": "9"},
    "admin.person_bank": {"sections": f"{PACK}/{LEVEL}/collection"},
    "admin.bank_comment": {"text": "意见"},
    "admin.bank_tag": {"items": "S-1", "tag": "标签", "do": "on"},
    "admin.bank_rename_tag": {"old": "标签", "new": "新标签"},
    "admin.bank_return": {"reason": "请修改"},
    "admin.bank_approve": {"revision": "1"},
    "admin.bank_retire": {"reason": "过时"},
    "admin.bank_revive": {"reason": "仍用"},
    "admin.results_sitting": {"reason": "复核"},
    "admin.propose_reopening": {"reason": "录入有误"},
    "admin.approve_reopening": {"login": "admin-too", "password": PASSWORD, "digest": "0" * 64},
    "admin.set_run_aside": {"login": "admin-too", "password": PASSWORD, "digest": "0" * 64},
    "admin.call_stand_in": {"place": "1"},
    "examiner.call_stand_in": {"place": "1"},
    "examiner.decide_script": {"reasons": "理由"},
    "examiner.open_discussion": {"reasons": "讨论"},
    "admin.apply_run": {"login": "admin-too", "password": PASSWORD, "digest": "0" * 64},
    "admin.copy_specification": {"name": "新规格"},
    "admin.new_specification": {"name": "新规格"},
    "admin.seal_papers": {"login": "admin-too", "password": PASSWORD, "digest": "0" * 64},
}


def wrong_cells(made: TwoSites, people: list[Identity], line: Line) -> Iterator[str]:
    """Try every cell of a route and say what is wrong, refused ones first: those may change nothing, which is looked at when all were tried."""
    cells = list(_cells_of(made, line, people))
    before = made.written()
    for identity in people:
        yield from _refused(made, line, identity, [cell for cell in cells if cell.identity is identity and cell.due is not Answer.DONE])
    if made.written() != before:
        yield f"{line.endpoint}: a refused request has changed something"
    allowed = [cell for cell in cells if cell.due is Answer.DONE]
    for cell in allowed[:1] if line.endpoint in SLOW else allowed:
        if cell.method not in SAFE:
            made.renew()
        yield from _fault(line, cell, _asked(made, line, cell))


def _cells_of(made: TwoSites, line: Line, people: list[Identity]) -> Iterator[Cell]:
    """Yield the cells of a route, without those that only repeat another one.

    Where the role decides, one object that is there and one that is not stand for all. What Flask answers by itself (HEAD, OPTIONS) goes
    through the same door as the rest: it is tried once for each answer due. A candidate's route looks itself for what is there; Flask answers
    OPTIONS before it does.
    """
    tried = set()
    for identity in people:
        for address in addresses(made, line.thing):
            answer = due(line, identity, address)
            for method in methods(made, line.endpoint):
                told = Answer.DONE if method == "OPTIONS" and line.who == CANDIDATES and identity.is_candidate else answer
                like = (method, told) if method in AUTOMATIC else (method, told, identity.name, _told_by(told, address))
                if like not in tried:
                    tried.add(like)
                    yield Cell(identity, address, method, told)


def _told_by(answer: Answer, address: Address) -> object:
    """Return what of the object an answer depends on: all of it, or, where the role decides, nothing but that it is there."""
    return tuple(address.values.values()) if answer in (Answer.MISSING, Answer.DONE) else address.place == NOWHERE


def _refused(made: TwoSites, line: Line, identity: Identity, cells: list[Cell]) -> Iterator[str]:
    """Try what is refused to somebody; something of somebody else's has to look just like something that is not there."""
    pages = set()
    for cell in cells:
        answer = _asked(made, line, cell)
        yield from _fault(line, cell, answer)
        if cell.due is Answer.MISSING and cell.method not in AUTOMATIC:
            pages.add((cell.method, TOKEN.sub(rb"\1", answer.data)))
    if len(pages) > len({method for method, _page in pages}):
        yield f"{line.endpoint}: {identity.name} can tell what is there from what is not"


def methods(made: TwoSites, endpoint: str) -> list[str]:
    """Return the methods that a route takes."""
    return sorted({method for rule in made.app.url_map.iter_rules(endpoint) for method in rule.methods or ()})


def due(line: Line, identity: Identity, address: Address) -> Answer:
    """Return what the policy says."""
    if line.who == ANYBODY:
        return Answer.DONE
    if line.who == CANDIDATES:
        there = Answer.MISSING if address.place == NOWHERE else Answer.DONE
        return there if identity.is_candidate else Answer.SIGN_IN
    if not identity.is_staff:
        return Answer.SIGN_IN
    if line.who != STAFF and identity.role not in line.who:
        return Answer.FORBIDDEN
    return Answer.DONE if address.place in identity.places else Answer.MISSING


def ask(made: TwoSites, identity: Identity, endpoint: str, values: Mapping[str, Any], method: str, **form: str) -> TestResponse:
    """Send a request with a valid token and a plausible body."""
    path = made.app.url_map.bind("localhost").build(endpoint, values, method=method)
    token = (identity.tokens or {})["/exam/" if path.startswith("/exam/") else "/"]
    headers = {"Cookie": identity.cookies, "X-CSRFToken": token}
    client = made.app.test_client(use_cookies=False)
    if endpoint in JSON_BODIES and method == "POST":
        return client.post(path, json=JSON_BODIES[endpoint], headers=headers)
    body = None if method in SAFE else {**FORMS.get(endpoint, {}), **form}
    return client.open(path, method=method, data=body, headers=headers)


def _asked(made: TwoSites, line: Line, cell: Cell) -> TestResponse:
    return ask(made, cell.identity, line.endpoint, cell.address.values, cell.method)


def _fault(line: Line, cell: Cell, answer: TestResponse) -> Iterator[str]:
    if not _is(cell.due, line, answer):
        where = " ".join(f"{name}={value}" for name, value in cell.address.values.items())
        came = f"{answer.status_code} {answer.location or ''}".strip()
        yield f"{cell.method} {line.endpoint} {where} ({cell.address.place}) by {cell.identity.name}: {came}, not {cell.due}"


def _is(wanted: Answer, line: Line, answer: TestResponse) -> bool:
    code = answer.status_code
    match wanted:
        case Answer.SIGN_IN if "/api/" in answer.request.path:
            return code == 401
        case Answer.SIGN_IN:
            return (code, answer.location) == (302, "/exam/sign-in" if line.who == CANDIDATES else "/sign-in")
        case Answer.FORBIDDEN:
            return code == 403
        case Answer.MISSING:
            return code == 404
        case Answer.DONE:
            is_turned_away = answer.location in DOORS and line.who != ANYBODY and line.endpoint not in LEAD_TO_A_DOOR
            return code < 500 and code not in {401, 403, 404} and not is_turned_away
