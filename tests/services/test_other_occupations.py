"""A made-up occupation and a scheme without levels from import over planning, start and answering to the decision, by unchanged code."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from examsrv.domain.moment import Actor
from examsrv.services import answering, drawing, equipping, marking_runs, papers, planning, proctoring, publishing, staffing_rooms
from examsrv.services.banking import import_pack
from examsrv.services.viewing_runs import run_view
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, PaperKeyRow
from question_bank.item import Item, Option
from question_bank.message import ExamError
from question_bank.pack import ItemFile, Pack
from question_bank.standard_reading import read_standard
from tests.assembly.made_up_bank import make_bank
from tests.builders import OFFICE, SECRET, at
from tests.services.attempts import one
from tests.services.plans import add_candidates, add_proctors, add_site, draft, new_code

STANDARDS = Path(__file__).parents[1] / "standards"
OPTIONS = tuple(Option(letter, f"选项{letter}") for letter in "ABCD")
KEYS = {"single_choice": "A", "multiple_choice": ("A", "B"), "true_false": True}


@dataclass(frozen=True)
class Occupation:
    code: str
    level: str
    file: str
    specification: str
    bank: dict[str, int]
    kinds: tuple[str, ...]
    minutes: int
    candidates: int
    proctors: int


LIGHTHOUSE = Occupation(
    "9-99-99-01",
    "L4",
    "9-99-99-01.yaml",
    """
schema: specification/1
name: 灯塔看守员四级理论知识试卷
occupation: "9-99-99-01"
level: L4
component: theory
minutes: 120
kinds: {true_false: {items: 60, marks: 0.5}, single_choice: {items: 60, marks: 1.5}, multiple_choice: {items: 20, marks: 1.5}}
kinds_in_sections: free
difficulty: {counts: {1: 14, 2: 42, 3: 49, 4: 28, 5: 7}, deviation: 3}
""",
    {"duty": 60, "lamp": 200, "weather": 200},
    ("true_false",) * 4 + ("single_choice",) * 4 + ("multiple_choice",) * 2,
    minutes=120,
    candidates=61,
    proctors=4,
)
WITHOUT_LEVELS = Occupation(
    "credit-certificate",
    "ALL",
    "without-levels.yaml",
    """
schema: specification/1
name: 理论考试
occupation: credit-certificate
level: ALL
component: theory
minutes: 60
kinds: {single_choice: {items: 100, marks: 1}}
difficulty: {counts: {1: 10, 2: 30, 3: 36, 4: 20, 5: 4}, deviation: 5}
""",
    {"credit": 120, "finance": 140},
    ("single_choice",),
    minutes=60,
    candidates=61,
    proctors=2,
)


def make_pack(occupation: Occupation, folder: Path) -> Pack:
    """Write the pack's files into `folder` and return the pack."""
    home = folder / occupation.code
    home.mkdir()
    text = (STANDARDS / occupation.file).read_bytes()
    (home / "standard.yaml").write_bytes(text)
    (home / "theory.yaml").write_text(occupation.specification)
    items = tuple(filled(item) for item in make_bank(occupation.bank, level=occupation.level, kinds=occupation.kinds))
    standard, _faults = read_standard(text)
    assert standard is not None
    return Pack(occupation.code, standard, (ItemFile("items.yaml", items),), (), (home / "theory.yaml",))


def filled(item: Item) -> Item:
    return replace(item, stem=f"关于{item.id}的题目。", options=() if item.kind == "true_false" else OPTIONS, key=KEYS[item.kind])


def seal_papers(database: Database, occupation: Occupation) -> int:
    with database.reading() as session:
        drawn = drawing.draw(session, occupation.code, occupation.level, "theory", 1, 1)
    with database.writing() as session:
        one, other = (Actor(person, "") for person in add_proctors(session, 2))
        made = drawing.keep_forms(session, drawn, one, at())
        papers.propose_seal(session, made, one, at())
        papers.seal(session, made, papers.form_set(session, made).digest, other, at())
    return made


@pytest.mark.parametrize("occupation", [LIGHTHOUSE, WITHOUT_LEVELS], ids=lambda each: each.code)
def test_another_occupation_goes_from_its_standard_to_its_decisions(database: Database, occupation: Occupation, tmp_path: Path) -> None:
    with database.writing() as session:
        import_pack(session, make_pack(occupation, tmp_path), OFFICE, at(), tmp_path)
    form_set = seal_papers(database, occupation)

    # planning: the standard's own least duration, refused a minute below
    with database.writing() as session:
        site = add_site(session)
        plan = draft(site, occupation=occupation.code, level=occupation.level, limit=timedelta(minutes=occupation.minutes))
        with pytest.raises(ExamError, match=str(occupation.minutes)):
            planning.create_sitting(session, replace(plan, limit=timedelta(minutes=occupation.minutes - 1)), OFFICE, at())
        sitting = planning.create_sitting(session, plan, OFFICE, at())
        planning.choose_forms(session, sitting, form_set, OFFICE, at())
        room = equipping.create_room(session, site, "01", "", occupation.candidates, 1, 10, new_code, OFFICE, at())
        sitting_room = planning.add_room(session, sitting, room, OFFICE, at())
        attempts = add_candidates(session, sitting_room, occupation.candidates)
        proctors = add_proctors(session, occupation.proctors)
        staffing_rooms.set_duties(session, sitting_room, proctors, None, OFFICE, at())
        publishing.publish(session, sitting, OFFICE, at())

    # the start: the standard's own ratio, refused with one proctor too few
    with database.writing() as session:
        for person in proctors[:-1]:
            proctoring.sign_in_on_board(session, sitting_room, person, at())
        with pytest.raises(ExamError, match=f"{occupation.proctors} proctors are required, {occupation.proctors - 1} present"):
            proctoring.start_room(session, sitting_room, OFFICE, at())
        proctoring.sign_in_on_board(session, sitting_room, proctors[-1], at())
        proctoring.start_room(session, sitting_room, OFFICE, at())
        for attempt in attempts[:2]:
            session.get_one(AttemptRow, attempt).checked_in = at().wall

    # one candidate answers everything right, the other nothing; both are closed; one passes by the standard's own pass mark
    with database.writing() as session:
        key = session.get_one(PaperKeyRow, session.get_one(AttemptRow, attempts[0]).paper).secret
        session.expunge_all()
        connection = session.connection()
        for place, attempt in enumerate(attempts[:2]):
            answering.carry_out(connection, [answering.Open(attempt, attempt, place + 1, at())])
        steps = [
            answering.Step(1, place, answering.StepKind.ANSWERED, int(number), line["key"], 0) for place, (number, line) in enumerate(key.items(), 1)
        ]
        assert isinstance(one(connection, answering.Save(attempts[0], attempts[0], steps, at(), timedelta())), answering.Acknowledged)
        for attempt in attempts[:2]:
            answering.close(connection, attempt, "proctor", OFFICE, at())
    run = marking_runs.preview(database, sitting, "第一次判分", OFFICE, at(timedelta(hours=5)))
    with database.reading() as session:
        lines = {line.attempt: line for line in run_view(session, SECRET, run).lines}
    full = {"9-99-99-01": 150, "credit-certificate": 100}[occupation.code]
    assert [(lines[each].total, lines[each].decision) for each in attempts[:3]] == [(full, "pass"), (0, "fail"), (None, "absent")]
