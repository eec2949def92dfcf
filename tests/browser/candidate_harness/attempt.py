"""One candidate's attempt as the contract describes it: steps in order, time, epochs, notices, the hand-in. No database, no page."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from examsrv.domain.order import order_told
from examsrv.domain.paper import unfolded

SHANGHAI = timezone(timedelta(hours=8))
START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
LIMIT_MS = 90 * 60_000
SUBJECT = "信用管理师 三级 · 理论知识考试"
KINDS = [("single_choice", 12), ("multiple_choice", 5), ("true_false", 5)]
WORDS = ["收款最快", "风险最低", "合同约定的期限内先核对再催收，超过期限的转交法务处理", "以上做法都需要书面记录"]


def made_paper():
    """Return a paper of 22 items of the three kinds."""
    groups, numbers = [], itertools.count(1)
    for kind, count in KINDS:
        items = []
        for n in itertools.islice(numbers, count):
            stem = f"题目 {n}：客户逾期 90 天以上的金额<strong>超过</strong>应收账款总额的 15% 时，企业应当采取的做法是（　　）。"
            items.append([stem] if kind == "true_false" else [stem, *WORDS])
        groups.append({"kind": kind, "marks": "1", "items": items})
    return {"version": 3, "title": SUBJECT, "groups": groups}


@dataclass
class Attempt:
    """What the server knows, and how it is told to fail. A test reads and sets it while the page is open."""

    paper: dict = field(default_factory=made_paper)
    steps: dict = field(default_factory=dict)  # (epoch, seq) -> step
    aside: list = field(default_factory=list)
    epoch: int = 1
    device: str | None = None
    pending_device: str | None = None
    phase: str = "running"
    started: bool = True
    checked_in: bool = True
    signed_in: bool = True
    paused_at: float | None = None
    ends: float = field(default_factory=lambda: time.monotonic() + LIMIT_MS / 1000)
    leave_from: float = 0.0
    notices: list = field(default_factory=list)
    receipt: dict | None = None
    receipts_made: int = 0
    # faults
    lose_responses: int = 0
    refuse: int = 0
    requests: list = field(default_factory=list)

    def set_remaining(self, seconds):
        self.ends = time.monotonic() + seconds

    def pause(self):
        self.paused_at = time.monotonic()

    def resume(self):
        self.ends += time.monotonic() - self.paused_at
        self.paused_at = None

    def remaining_ms(self):
        return round((self.ends - (self.paused_at or time.monotonic())) * 1000)

    def now(self):
        return (START + timedelta(seconds=time.monotonic() % 3600)).astimezone(SHANGHAI).isoformat(timespec="seconds")

    def time(self):
        leave = max(0, round((self.leave_from - time.monotonic()) * 1000))
        return {
            "remaining_ms": self.remaining_ms(),
            "paused": self.paused_at is not None,
            "server_time": self.now(),
            "leave_in_ms": leave,
        }

    def next_seq(self):
        return 1 + max((seq for epoch, seq in self.steps if epoch == self.epoch), default=0)

    def answers(self):
        found = {}
        for step in self.in_order():
            if step["kind"] == "answered":
                found.pop(step["item"], None)
                if step["value"] not in (None, "", [], {}):
                    found[step["item"]] = step["value"]
        return {str(n): value for n, value in found.items()}

    def marked(self):
        found = {step["item"]: step["value"] for step in self.in_order() if step["kind"] == "marked"}
        return [n for n, value in found.items() if value]

    def in_order(self):
        return [self.steps[key] for key in sorted(self.steps)]

    def order(self):
        """Shuffled within a kind: turned round, so that place and number differ, and the letters that are shown from those that are sent."""
        paper, order = unfolded(self.paper), {}
        for group in paper["groups"]:
            letters = ["abcd"[: len(item.get("options", ()))][::-1] for item in group["items"]]
            numbered = list(enumerate(letters, start=len(order) + 1))
            order |= numbered if group["kind"] == "case" else reversed(numbered)
        return order_told(paper, order)

    def confirm_machine(self):
        """The proctor confirms the machine that asked: another epoch begins."""
        self.device, self.epoch = self.pending_device, self.epoch + 1

    def open(self, device):
        if self.receipt:
            return {"error": "submitted", "receipt": self.receipt, "attempt": "a1"}, 410
        if not self.started:
            return {"error": "not_started", "message": "not started"}, 409
        if self.device not in (None, device):
            self.pending_device = device
            return {"error": "other_machine", "message": "another machine"}, 409
        self.device = device
        about = {"name": "其其格·示例", "seat": "17", "room": "03 考场"}
        place = {"attempt": "a1", "epoch": self.epoch, "next_seq": self.next_seq(), "order": self.order()}
        return {**about, **place, "answers": self.answers(), "marked": self.marked(), "time": self.time(), "paper": self.paper}, 200

    def take(self, body):
        """Append the steps of a request; return an error with its status, or None."""
        if body["device"] != self.device or body["epoch"] != self.epoch:
            self.aside += body["steps"]
            return {"error": "stale", "message": "stale"}, 409
        for step in body["steps"]:
            known = self.steps.get((self.epoch, step["seq"]))
            if known not in (None, step):
                return {"error": "conflict"}, 409
            if known is None and step["seq"] != self.next_seq():
                return {"error": "gap", "expected": self.next_seq()}, 409
            if known is None and self.receipt:
                self.aside.append(step)
                return {"error": "submitted", "receipt": self.receipt, "attempt": "a1"}, 410
            self.steps.setdefault((self.epoch, step["seq"]), step)
        return None

    def save(self, body):
        return self.take(body) or ({"acknowledged": self.next_seq() - 1, "time": self.time(), "notices": self.notices}, 200)

    def beat(self, body):
        if body["device"] != self.device or body["epoch"] != self.epoch:
            return {"error": "stale", "message": "stale"}, 409
        return {"time": self.time(), "notices": self.notices, "phase": self.phase}, 200

    def hand_in(self, body):
        if self.receipt:
            return {"receipt": self.receipt}, 200
        refused = self.take(body)
        if refused:
            return refused
        wait = self.time()["leave_in_ms"]
        if wait > 0:
            return {"error": "too_early", "message": "too early", "allowed_in_ms": wait}, 409
        ours = self.answers()
        wrong = [int(n) for n in {*ours, *body["answers"]} if ours.get(n) != body["answers"].get(n)]
        if wrong:
            return {"error": "differs", "items": sorted(wrong)}, 409
        self.close("candidate" if self.remaining_ms() > 0 else "time")
        return {"receipt": self.receipt}, 200

    def close(self, by):
        """End the attempt and write the receipt."""
        self.phase = "submitted"
        self.receipts_made += 1
        self.receipt = {"code": "K7QF-3M2A", "answered": len(self.answers()), "total": 22, "handed_in": self.now(), "by": by, "mark": None}

    def state(self):
        return {
            "phase": self.phase,
            "checked_in": self.checked_in,
            "started": self.started,
            "paused": self.paused_at is not None,
            "other_machine": False,
            "planned": "2026-11-22T09:30:00+08:00",
            "server_time": self.now(),
            "opens_in_ms": 758_000,
        }
