"""F02, F05, F06, F11: several clients on one attempt, lost acknowledgements, take-overs, hand-ins and time-outs in any order.

Whatever happens, no acknowledged step is lost or doubled, and the final responses are the last acknowledged ones by epoch and number.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from examsrv.domain.attempt import Phase
from examsrv.domain.steps import Step, StepKind, final_responses
from examsrv.services import answering
from examsrv.services.answering import Acknowledged, Conflict, Finished, Gap, NotOpen, Opened, OtherMachine, Stale
from examsrv.storage.database import Database
from tests.builders import GRACE, MINUTE, SECOND, Room, add_paper, add_room, at
from tests.services.attempts import attempt_row, closed, kept_aside, one, require_sound_log, stored, taken_over

ITEMS = st.integers(1, 6)
VALUES = st.sampled_from(["aa", "bb", "cc", None, ["aa", "bb"], [], True, False])
CLIENTS = st.integers(0, 2)
DEVICES = ("one", "two", "two")
"""The third client is a second tab in the second's browser: the same device, its own numbers."""


@dataclass
class Client:
    """A page: what it was told at the opening, and what it has not yet had acknowledged."""

    device: str
    epoch: int = 0
    next_seq: int = 1
    unsent: list[Step] = field(default_factory=list)


class Rivals(RuleBasedStateMachine):
    """Three clients, a proctor and the clock on one attempt."""

    database: Database
    paper: tuple[str, int]
    rooms = 0

    @initialize()
    def begin(self) -> None:
        type(self).rooms += 1
        with self.database.writing() as session:
            self.room: Room = add_room(session, 1, paper=self.paper, name=f"考场 {self.rooms}", started=True)
        self.clients = [Client(device) for device in DEVICES]
        self.sent: dict[tuple[int, int], list[Step]] = {}
        self.acknowledged: dict[tuple[int, int], Step] = {}
        self.since = MINUTE
        self.receipt: object = None

    def write(self, request: Any, *arguments: Any) -> Any:
        with self.database.appending() as connection:
            return one(connection, request(self.room.attempts[0], *arguments))

    @rule(which=CLIENTS)
    def open(self, which: int) -> None:
        client = self.clients[which]
        outcome = self.write(answering.Open, client.device, 1, at(self.since))
        if isinstance(outcome, Opened):
            client.epoch, client.next_seq, client.unsent = outcome.epoch, outcome.next_seq, []
            assert outcome.answers == final_responses(stored(self.database, self.room))
        else:
            assert isinstance(outcome, OtherMachine | Finished) or outcome == NotOpen("over")
            self.keep_receipt(outcome)

    @rule(which=CLIENTS, item=ITEMS, value=VALUES)
    def answer(self, which: int, item: int, value: object) -> None:
        client = self.clients[which]
        if client.epoch:
            step = Step(client.epoch, client.next_seq, StepKind.ANSWERED, item, value, which)
            client.next_seq += 1
            client.unsent.append(step)
            self.sent.setdefault((step.epoch, step.seq), []).append(step)

    @rule(which=CLIENTS, count=st.integers(1, 4), is_heard=st.booleans())
    def send(self, which: int, count: int, is_heard: bool) -> None:
        client = self.clients[which]
        steps = client.unsent[:count]
        if not steps:
            return
        outcome = self.write(answering.Save, client.device, steps, at(self.since), GRACE)
        self.understand(outcome, steps)
        if not is_heard:
            return
        if isinstance(outcome, Acknowledged):
            client.unsent = [step for step in client.unsent if step.seq > outcome.seq]
        if isinstance(outcome, Conflict | Gap):
            client.epoch = 0  # the page asks anew what the server holds

    @rule(which=CLIENTS)
    def send_something_old_again(self, which: int) -> None:
        old = [step for steps in self.sent.values() for step in steps if step.client_ms == which][:3]
        epochs = {step.epoch for step in old}
        if len(epochs) == 1:
            self.understand(self.write(answering.Save, DEVICES[which], old, at(self.since), GRACE), old)

    @rule(which=CLIENTS, is_right=st.booleans())
    def hand_in(self, which: int, is_right: bool) -> None:
        client = self.clients[which]
        shown = final_responses([*stored(self.database, self.room), *client.unsent]) if is_right else {1: "never"}
        outcome = self.write(answering.HandIn, client.device, client.epoch, client.unsent, shown, at(self.since), GRACE)
        was = {step.digest for step in stored(self.database, self.room)}
        for step in client.unsent:
            if step.digest in was:
                self.acknowledged[step.epoch, step.seq] = step
        self.keep_receipt(outcome)

    @rule()
    def proctor_confirms_the_machine(self) -> None:
        taken_over(self.database, self.room, at(self.since))

    @rule()
    def time_passes(self) -> None:
        self.since += 7 * MINUTE + 13 * SECOND

    @rule(choice=st.integers(0, 9))
    def somebody_closes(self, choice: int) -> None:
        if choice == 0 and closed(self.database, self.room, moment=at(self.since), by="proctor"):
            self.receipt = attempt_row(self.database, self.room).receipt

    def understand(self, outcome: object, steps: list[Step]) -> None:
        if isinstance(outcome, Acknowledged):
            self.acknowledged |= {(step.epoch, step.seq): step for step in steps}
        else:
            assert isinstance(outcome, Stale | Conflict | Gap | Finished | NotOpen)
        if not isinstance(outcome, Acknowledged | Gap | Conflict):
            there = {step.digest for step in stored(self.database, self.room)}
            aside = {(epoch, seq) for epoch, seq, _reason in kept_aside(self.database, self.room)}
            assert all(step.digest in there or (step.epoch, step.seq) in aside for step in steps) or outcome == NotOpen("not_started")
        self.keep_receipt(outcome)

    def keep_receipt(self, outcome: object) -> None:
        if isinstance(outcome, Finished):
            self.receipt = self.receipt or outcome.receipt.code
            assert outcome.receipt.code == self.receipt

    @invariant()
    def nothing_acknowledged_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "room"):
            return
        require_sound_log(self.database, self.room)
        steps = stored(self.database, self.room)
        assert [step for step in steps if self.acknowledged.get((step.epoch, step.seq), step) != step] == []
        assert self.acknowledged.keys() <= {(step.epoch, step.seq) for step in steps}
        own = [step for step in steps if step.kind is StepKind.ANSWERED]
        assert all(step in self.sent[step.epoch, step.seq] for step in own)

    @invariant()
    def the_final_responses_are_the_last_acknowledged(self) -> None:
        if hasattr(self, "room"):
            last = {}
            for place in sorted(self.acknowledged):
                step = self.acknowledged[place]
                last[step.item] = step.value
            expected = {item: value for item, value in last.items() if value not in (None, [])}
            assert final_responses(stored(self.database, self.room)) == expected

    @invariant()
    def after_the_end_the_log_stands_still(self) -> None:
        if hasattr(self, "room") and self.receipt is not None:
            row = attempt_row(self.database, self.room)
            assert (row.phase, row.receipt) == (Phase.SUBMITTED, self.receipt)


def test_no_acknowledged_step_is_lost_or_doubled_whatever_rivals_do(database: Database) -> None:
    with database.writing() as session:
        paper = add_paper(session)
    machine = type("RivalsHere", (Rivals,), {"database": database, "paper": paper})
    quick = settings(max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
