"""F40: sheets, calls, decisions, discussions, reopenings, illnesses and recusals in any order.

Whatever happens, an odd number of sheets is counted or none, no sheet that was handed in is lost or changed, nobody sees a colleague's mark early,
and the explanation's own sum is the mark, as it is for somebody who works it out without the program.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.moment import Actor
from examsrv.domain.panel_marking import State
from examsrv.domain.roles import Role
from examsrv.domain.sheets import Sheet
from examsrv.services import bars, comparing_sheets, group_day, reopening, scoring, scripts, settling, viewing_scripts
from examsrv.services.scoring import SheetContent
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, EntryRow
from question_bank.message import ExamError, Message
from tests.builders import MINUTE, SECRET, add_person, at
from tests.domain.panels import OTHER_VETO, TASK_VETO, WHOLE_VETO, make_task_set
from tests.domain.test_panel_properties import SecondScorer, recomputed
from tests.panels import add_assessment, marks_of

TASK_SET = make_task_set("0.1")
PASS_MARK, RESERVES, LEADER = 60, 6, 0
TENTHS, MOST_LEAVE = 9, 4
WITH_FRACTION = re.compile(r"(?<![\w.])\d+\.\d+")

picks = st.integers(0, 10**6)
which = st.integers(0, 1)
totals = st.sampled_from([56, 58, 59, 60, 61, 62, 66, 72, 80, 20])
claims = st.sampled_from([(), (), (), (), (), (TASK_VETO,), (OTHER_VETO,), (WHOLE_VETO,)])
given = st.tuples(totals, claims)
alike = st.sampled_from([0, 1, 3, 9, 16])
"""How far the totals of a panel lie apart, more or less: sometimes it agrees, sometimes not."""


@dataclass
class Kept:
    """A sheet that was handed in, as it has to stay. Its `comment` is its own alone, and none of its marks is a whole number."""

    id: int
    script: int
    person: int
    edition: int
    sheet: Sheet
    comment: str
    digest: str
    is_aside: bool = False

    @property
    def place(self) -> int:
        return self.sheet.place

    @property
    def figures(self) -> set[Fraction]:
        """Return the marks by which it would be known."""
        return {Fraction(mark) for mark in (*self.sheet.marks.values(), sum(self.sheet.marks.values(), Decimal(0)))}


class Panel(RuleBasedStateMachine):
    """A group with two scripts and all that can happen to them. What should be is worked out here from what was done, in other ways than there."""

    database: Database
    way: Adjudication
    seen: Counter[str]

    # ------------------------------------------------------------ the beginning and the end

    @initialize(places=st.sampled_from([3, 3, 5]))
    def begin(self, places: int) -> None:
        self.opened = self.database.writing()
        self.session = self.opened.__enter__()
        self.rule = CombiningRule(adjudication=self.way)
        group = add_assessment(self.session, places, RESERVES, 2, rule=self.rule, task_set=TASK_SET)
        self.group, self.attempts, self.places = group.group, group.attempts, places
        self.people = [*group.examiners, *group.reserves]
        self.office = [add_person(self.session, f"office{number}", (Role.ADMINISTRATOR, None)) for number in (1, 2)]
        self.candidates = [self.candidate(attempt) for attempt in self.attempts]
        self.held: dict[int, int] = dict(enumerate(group.examiners, start=1))
        self.reserves: list[int] = list(group.reserves)
        self.lead: int | None = group.examiners[0]
        self.called: dict[tuple[int, int], int] = {}
        self.recused: dict[tuple[int, int], int] = {}
        self.discussed: dict[int, set[int]] = {0: set(), 1: set()}
        self.barred: set[int] = set()
        self.kept: list[Kept] = []
        self.about: tuple[int | None, int] = (None, 0)
        self.steps, self.is_changed = 0, False

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.opened.__exit__(None, None, None)

    def candidate(self, attempt: str) -> int:
        return self.session.get_one(AttemptRow, attempt).candidate_id

    def done(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Do something as a request does it: whole, or not at all. False: it was refused."""
        try:
            with self.session.begin_nested():
                outcome = act(self.session, *arguments)
                self.is_changed = True
                return True if outcome is None else outcome
        except ExamError:
            return False

    @property
    def now(self) -> Any:
        self.steps += 1
        return at(MINUTE * self.steps)

    # ------------------------------------------------------------ what should be

    def place_of(self, person: int, script: int) -> int | None:
        """Return the place for which somebody is to score a script."""
        if person in self.barred:
            return None
        called = [place for (of, place), each in self.called.items() if of == script and each == person]
        held = [place for place, each in self.held.items() if each == person and (script, place) not in self.called]
        return next(iter([*called, *held]), None)

    def counted(self, script: int) -> dict[int, Kept]:
        return {kept.place: kept for kept in self.kept if kept.script == script and not kept.is_aside}

    def wanted(self, script: int) -> list[int]:
        beyond = sorted(place for of, place in self.called if of == script and place > self.places)
        return [*range(1, self.places + 1), *([] if LEADER in self.counted(script) else beyond)]

    def missing(self, script: int) -> list[int]:
        return [place for place in self.wanted(script) if place not in self.counted(script)]

    def mark(self, script: int) -> Fraction | None:
        """Return the mark of a script whose sheets are all in; None: it is in dispute."""
        counted = self.counted(script)
        if LEADER in counted:
            decided = counted[LEADER].sheet
            return self.scorer([decided], 0).total(LEADER, list(decided.vetoes))
        wanted = self.wanted(script)
        scorer = self.scorer([counted[place].sheet for place in wanted], len(wanted) - self.places)
        return scorer.mark(is_discussed=bool(self.discussed[script]))

    def scorer(self, sheets: Sequence[Sheet], called: int) -> SecondScorer:
        return SecondScorer(sheets, self.places, called, self.rule, Fraction(PASS_MARK), itself_passes=True)

    def disputed(self) -> list[int]:
        return [script for script in (0, 1) if not self.missing(script) and self.mark(script) is None]

    def may_know(self, person: int | None, script: int) -> list[Kept]:
        """Return the sheets of a script that somebody may see; None is the office."""
        of_script = [kept for kept in self.kept if kept.script == script]
        own = [kept for kept in of_script if kept.person == person]
        mine = None if person is None else self.counted(script).get(self.place_of(person, script) or -1)
        if not self.missing(script) and (person is None or (mine is not None and mine.person == person)):
            return of_script
        talked = [kept for kept in of_script if kept.id in self.discussed[script]]
        if person is None or any(kept.person == person for kept in talked):
            own += [kept for kept in of_script for each in talked if kept.place == each.place and kept.edition <= each.edition]
        return own

    # ------------------------------------------------------------ what happens

    def written(self, total: int, place: int) -> tuple[dict[str, Decimal], str]:
        """Return marks of about `total`, none of them whole, and a comment that is known again."""
        own = Decimal(len(self.kept) % TENTHS + 1) / 10
        marks = {
            name: min(max(mark, Decimal(1)), criterion.marks - 1)
            for criterion, (name, mark) in zip(TASK_SET.criteria, marks_of(TASK_SET, total).items(), strict=True)
        }
        return {name: mark + own for name, mark in marks.items()}, f"comment{len(self.kept)}of{place}."

    def keep(self, script: int, place: int, person: int, marks: dict[str, Decimal], vetoes: Sequence[str], comment: str) -> None:
        """Write down what was handed in; what counted for its place before counts no more."""
        row = self.session.scalars(select(EntryRow).order_by(EntryRow.id.desc()).limit(1)).one()
        assert (row.attempt_id, row.place, row.person_id) == (self.attempts[script], place, person)
        assert place not in self.counted(script)
        self.kept.append(Kept(row.id, script, person, row.edition, Sheet(place, marks, frozenset(vetoes)), comment, row.digest))

    def hand_in(self, person: int, script: int, total: int, vetoes: Sequence[str]) -> None:
        place = self.place_of(person, script)
        marks, comment = self.written(total, place or -1)
        found = scripts.script_of(self.session, self.attempts[script])
        content = SheetContent(marks, frozenset(vetoes), {"T1.1": comment}, {})
        revision = scoring.draft_of(self.session, found.attempt, person).revision
        is_in = self.done(scoring.hand_in, SECRET, found, person, revision, content, Actor(person, "examiner"), self.now)
        is_due = place is not None and (person, script) not in self.recused and place not in self.counted(script)
        assert bool(is_in) is is_due
        if is_due:
            self.about = (person, script)
            self.keep(script, place, person, marks, vetoes, comment)

    @rule(pick=picks, script=which, sheet=given)
    def somebody_hands_in(self, pick: int, script: int, sheet: tuple[int, tuple[str, ...]]) -> None:
        self.hand_in(self.people[pick % len(self.people)], script, *sheet)

    @precondition(lambda self: any(map(self.missing, (0, 1))))
    @rule(script=which, sheet=given, apart=alike, doubt=st.integers(0, 5))
    def all_who_are_due_hand_in(self, script: int, sheet: tuple[int, tuple[str, ...]], apart: int, doubt: int) -> None:
        self.those_who_are_due_hand_in(script, sheet, apart, doubt)

    def those_who_are_due_hand_in(self, script: int, sheet: tuple[int, tuple[str, ...]], apart: int, doubt: int | None = None) -> None:
        """Let them hand in totals `apart` from each other; one may doubt a veto that the others claim."""
        due = [person for person in self.people if self.place_of(person, script) in self.missing(script)]
        for turn, person in enumerate(due):
            self.hand_in(person, script, sheet[0] + turn % 3 * apart, () if turn == doubt else sheet[1])

    @precondition(lambda self: self.disputed())
    @rule(pick=picks, sheet=given, apart=alike, is_at_once=st.booleans())
    def a_dispute_is_settled(self, pick: int, sheet: tuple[int, tuple[str, ...]], apart: int, is_at_once: bool) -> None:
        script = self.disputed()[pick % len(self.disputed())]
        if self.way is Adjudication.DISCUSSION:
            self.the_panel_discusses(script)
        elif not self.reserves_are_called(script):
            self.the_leader_decides(script, sheet)
        if is_at_once:
            self.those_who_are_due_hand_in(script, sheet, apart)

    def reserves_are_called(self, script: int) -> bool:
        called = self.done(settling.call_reserves, SECRET, self.attempts[script], Actor(self.office[0], "office"), self.now)
        if called:
            assert len(called) == 2
            for place, person in enumerate(called, start=self.places + 1):
                self.require_free(person, script)
                self.called[script, place] = person
                self.about = (person, script)
        return bool(called)

    def require_free(self, person: int, script: int) -> None:
        """Claim that somebody may be called to a script: a reserve who has no part in it yet."""
        assert person in self.reserves
        assert (person, script) not in self.recused
        assert person not in [each for (of, _place), each in self.called.items() if of == script]
        assert person not in [kept.person for kept in self.kept if kept.script == script]

    def a_stand_in_is_called(self, pick: int, script: int) -> None:
        place = 1 + pick % (self.places + 2)
        scorer = self.called.get((script, place), self.held.get(place))
        person = self.done(settling.call_stand_in, SECRET, self.attempts[script], place, Actor(self.office[0], "office"), self.now)
        if person:
            assert scorer is not None
            self.require_free(person, script)
            self.set_aside(kept for kept in self.kept if kept.script == script and kept.place == place)
            self.called[script, place] = person
            self.about = (person, script)

    def the_leader_decides(self, script: int, sheet: tuple[int, tuple[str, ...]]) -> None:
        marks, comment = self.written(sheet[0], LEADER)
        person = self.lead or 0
        decided = (Actor(person, "leader"), marks, sheet[1], comment, self.now)
        if self.done(settling.leader_decides, SECRET, self.attempts[script], *decided):
            self.require_own_sheet(person, script)
            self.keep(script, LEADER, person, marks, sheet[1], comment)

    def the_panel_discusses(self, script: int) -> None:
        person = self.lead or 0
        if self.done(settling.open_discussion, self.attempts[script], Actor(person, "leader"), "分歧较大", self.now):
            self.require_own_sheet(person, script)
            self.discussed[script] = {kept.id for kept in self.counted(script).values()}
            self.set_aside(list(self.counted(script).values()))

    def require_own_sheet(self, person: int, script: int) -> None:
        """Claim that somebody has given the script a sheet that counts."""
        assert person in [kept.person for kept in self.counted(script).values() if kept.place != LEADER]

    def a_sheet_is_reopened(self, pick: int, *, is_by_one: bool) -> None:
        kept = self.kept[pick % len(self.kept)]
        first, second = (Actor(person, "office") for person in (self.office[0], self.office[not is_by_one]))
        if self.done(reopening.propose_reopening, kept.id, "评分表填错行", first, self.now):
            assert not kept.is_aside
            shown = reopening.open_reopening(self.session, kept.id).digest
            assert bool(self.done(reopening.approve_reopening, kept.id, shown, second, self.now)) is not is_by_one
            if not is_by_one:
                self.set_aside([kept])
                self.about = (kept.person, kept.script)
                self.seen["reopened"] += 1
        else:
            assert kept.is_aside or (kept.place != LEADER and LEADER in self.counted(kept.script))

    @rule(
        what=st.sampled_from(["illness", scripts.BARRED, "recusal", "lifted", "stand-in", "reopening", "reopening", "by one"]),
        pick=picks,
        script=which,
    )
    def something_comes_up(self, what: str, pick: int, script: int) -> None:
        if what == "recusal":
            self.somebody_may_not_score_a_candidate(pick, script)
        elif what == "lifted" and self.recused:
            self.that_was_entered_wrongly(pick)
        elif what == "stand-in":
            self.a_stand_in_is_called(pick, script)
        elif what in ("reopening", "by one") and self.kept:
            self.a_sheet_is_reopened(pick, is_by_one=what == "by one")
        elif what in group_day.LEAVING_GROUNDS and len(self.people) - len([*self.held, *self.reserves]) < MOST_LEAVE:
            self.somebody_drops_out(pick, what)

    def somebody_drops_out(self, pick: int, ground: str) -> None:
        person = self.people[pick % len(self.people)]
        if not self.done(group_day.withdraw, self.group, person, ground, "说明", Actor(self.office[0], "office"), self.now):
            return
        self.held = {place: each for place, each in self.held.items() if each != person}
        self.reserves = [each for each in self.reserves if each != person]
        self.lead = None if self.lead == person else self.lead
        if ground == scripts.BARRED:
            self.barred.add(person)
            self.set_aside(kept for kept in self.kept if kept.person == person)

    @precondition(lambda self: len(self.held) < self.places and self.reserves)
    @rule(pick=picks)
    def a_reserve_steps_in(self, pick: int) -> None:
        place = next(place for place in range(1, self.places + 1) if place not in self.held)
        person = self.reserves[pick % len(self.reserves)]
        if self.done(group_day.step_in, SECRET, self.group, person, place, Actor(self.office[0], "office"), self.now):
            assert person not in self.called.values()
            self.held[place] = person
            self.reserves.remove(person)
            self.about = (person, pick % 2)

    @precondition(lambda self: self.lead is None and self.held)
    @rule(pick=picks)
    def another_one_leads(self, pick: int) -> None:
        person = list(self.held.values())[pick % len(self.held)]
        assert self.done(group_day.name_lead, self.group, person, Actor(self.office[0], "office"), self.now)
        self.lead = person

    def somebody_may_not_score_a_candidate(self, pick: int, script: int) -> None:
        person = self.people[pick % len(self.people)]
        entered = (person, self.candidates[script], "kinship", "", Actor(person, "examiner"), self.now)
        number = self.done(bars.declare_recusal, *entered)
        assert bool(number) is ((person, script) not in self.recused)
        self.recused.setdefault((person, script), number)

    def that_was_entered_wrongly(self, pick: int) -> None:
        entered = list(self.recused)[pick % len(self.recused)]
        assert self.done(bars.lift_recusal, self.recused.pop(entered), Actor(self.office[1], "office"), self.now)

    def set_aside(self, sheets: Any) -> None:
        for kept in sheets:
            kept.is_aside = True

    # ------------------------------------------------------------ what holds after each step

    @invariant()
    def all_of_it_holds(self) -> None:
        if getattr(self, "is_changed", False):
            self.is_changed = False
            self.no_sheet_is_lost_or_changed()
            self.what_counts_is_odd_and_the_explanation_is_the_mark()
            self.nobody_sees_a_mark_early()

    def no_sheet_is_lost_or_changed(self) -> None:
        rows = self.session.scalars(select(EntryRow).order_by(EntryRow.id).execution_options(populate_existing=True)).all()
        assert [(row.id, row.attempt_id, row.person_id, row.edition, row.digest) for row in rows] == [
            (kept.id, self.attempts[kept.script], kept.person, kept.edition, kept.digest) for kept in self.kept
        ]
        assert [scripts.sheet_of(row) for row in rows] == [kept.sheet for kept in self.kept]

    def what_counts_is_odd_and_the_explanation_is_the_mark(self) -> None:
        for script, attempt in enumerate(self.attempts):
            found = scripts.combination(self.session, attempt)
            assert list(found.missing) == self.missing(script)
            mark = None if found.missing else self.mark(script)
            assert found.total == mark
            assert (found.state is State.SETTLED) is (mark is not None)
            assert len(found.counted) % 2 == (mark is not None)
            if mark is not None:
                worked_out, shown = recomputed(str(found.steps[-1]))
                assert worked_out == mark
                assert (shown >= PASS_MARK) is (mark >= PASS_MARK)
                assert sum(found.criteria.values()) == mark
                self.seen[self.way_of(script)] += 1

    def way_of(self, script: int) -> str:
        if LEADER in self.counted(script):
            return "leader"
        if any(of == script and place > self.places for of, place in self.called):
            return "median"
        return "discussion" if self.discussed[script] else "mean"

    def nobody_sees_a_mark_early(self) -> None:
        viewer, script = self.turn()
        known = self.may_know(viewer, script)
        hidden = [kept for kept in self.kept if kept.script == script and kept not in known]
        words, figures = told(list(self.views(viewer, script)))
        assert [kept.comment for kept in hidden if kept.comment in words] == []
        if all(kept.person == viewer for kept in known):  # what a panel discusses is told with its totals, which may be like hidden ones
            assert set().union(*(kept.figures for kept in hidden)) & figures <= set().union(*(kept.figures for kept in known))
        self.seen["hidden"] += bool(hidden)
        self.seen["shown"] += bool(known)

    def turn(self) -> tuple[int | None, int]:
        """Return who looks at which script after this step, for all of them at each takes long: in turn whoever it was about, and everybody."""
        viewers = [None, *self.people]
        everybody = [(viewer, script) for script in (0, 1) for viewer in viewers]
        return self.about if self.steps % 2 else everybody[self.steps // 2 % len(everybody)]

    def views(self, viewer: int | None, script: int) -> Iterator[object]:
        """Yield everything that the services tell somebody about a script."""
        found = scripts.script_of(self.session, self.attempts[script])
        yield comparing_sheets.overview(self.session, self.group, viewer)[script]
        yield comparing_sheets.side_by_side(self.session, found.attempt, viewer)
        if viewer is not None and scoring.own_place(self.session, SECRET, found, viewer) is not None:
            yield viewing_scripts.script_view(self.session, found, viewer)


def told(view: object) -> tuple[str, set[Fraction]]:
    """Return all words of a view, and all marks with a fraction in it, written out or as figures."""
    words, figures = [], set()
    for part in parts_of(view):
        if isinstance(part, Decimal | Fraction):
            figures.add(Fraction(part))
        if isinstance(part, str | Message):
            words.append(str(part))
    text = "\n".join(words)
    return text, figures | {Fraction(found) for found in WITH_FRACTION.findall(text)}


def parts_of(view: object) -> Iterator[object]:
    yield view
    if isinstance(view, dict):
        yield from (part for each in (*view.keys(), *view.values()) for part in parts_of(each))
    elif isinstance(view, list | tuple | set | frozenset):
        yield from (part for each in view for part in parts_of(each))
    elif is_dataclass(view) and not isinstance(view, Message):
        yield from (part for field in fields(view) for part in parts_of(getattr(view, field.name)))


SETTLED_BY = {Adjudication.RESERVES: "median", Adjudication.LEADER: "leader", Adjudication.DISCUSSION: "discussion"}


@pytest.mark.parametrize("way", Adjudication)
def test_an_odd_number_counts_no_mark_is_lost_or_seen_early_and_explanations_add_up_whatever_happens(sqlite_url: str, way: Adjudication) -> None:
    database = Database(sqlite_url)
    machine = type("PanelHere", (Panel,), {"database": database, "way": way, "seen": Counter()})
    found = [Phase.generate]  # to look for the shortest story of a failure would take minutes
    quick = settings(max_examples=11, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=found)
    run_state_machine_as_test(machine, settings=quick)
    database.close()
    assert {"mean", SETTLED_BY[way], "reopened", "hidden", "shown"} <= machine.seen.keys()
