"""How long work tells how far it is: a bar where somebody looks, plain lines where nobody does, a file for a page that asks."""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from examsrv.rehearsal.performing import Stage
from examsrv.services.rehearsal_reports import PHASES
from examsrv.web.clock import stopwatch
from question_bank.message import N_, Message

DRAWING = "drawing"
TITLES = PHASES | {DRAWING: Message(N_("Drawing (forms)"))}

LINE_EVERY, FILE_EVERY = 10.0, 0.5
WIDTH = 24


def stage_for(say: Callable[[Message], str], file: Path | None) -> Stage:
    """Return what tells a rehearsal's progress: to `file` when there is one, else to the terminal or as lines on the error stream."""
    if file is not None:
        return FileStage(file)
    return Bars(say) if sys.stderr.isatty() else Lines(say)


class _Counting(Stage):
    """What all have in common: the phase, what is done of it, and since when."""

    def __init__(self) -> None:
        self.phase, self.total, self.done, self.began, self.told = "", 0, 0, 0.0, 0.0

    def begin(self, phase: str, total: int) -> None:
        self.phase, self.total, self.done = phase, total, 0
        self.began = self.told = stopwatch()

    def step(self, done: int = 1) -> None:
        self.done += done

    def rate(self) -> float:
        """Return how many are done in a second."""
        return self.done / max(stopwatch() - self.began, sys.float_info.epsilon)

    def left(self) -> float | None:
        """Return the seconds that are left at this rate; None as long as nothing is done."""
        return (self.total - self.done) / self.rate() if self.done else None

    def is_time(self, every: float) -> bool:
        """Tell whether it is time to tell again, and remember that it was told."""
        if stopwatch() - self.told < every:
            return False
        self.told = stopwatch()
        return True


class Bars(_Counting):
    """A bar for each phase: count, rate and time left."""

    def __init__(self, say: Callable[[Message], str]) -> None:
        super().__init__()
        self.say, self.shown = say, ExitStack()
        self.bar: Any = None

    def begin(self, phase: str, total: int) -> None:
        super().begin(phase, total)
        label = self.say(TITLES[phase])
        self.bar = self.shown.enter_context(
            click.progressbar(
                length=total,
                label=label,
                show_pos=True,
                show_eta=True,
                width=WIDTH,
                file=sys.stderr,
                item_show_func=lambda _item: f"{self.rate():.1f}/s",
            )
        )

    def step(self, done: int = 1) -> None:
        super().step(done)
        self.bar.update(done)

    def end(self) -> None:
        self.shown.close()


class Lines(_Counting):
    """A line when a phase begins to take long, every few seconds after, and when it is over."""

    def __init__(self, say: Callable[[Message], str]) -> None:
        super().__init__()
        self.say = say

    def step(self, done: int = 1) -> None:
        super().step(done)
        if self.is_time(LINE_EVERY):
            self.tell()

    def end(self) -> None:
        self.tell()

    def tell(self) -> None:
        """Write the line."""
        text = N_("%(phase)s: %(done)d of %(total)d, %(rate)s a second, %(left)s s left")
        left = f"{self.left() or 0:.0f}"
        values = {"phase": TITLES[self.phase], "done": self.done, "total": self.total, "rate": f"{self.rate():.1f}", "left": left}
        click.echo(self.say(Message(text, values)), err=True)


class FileStage(_Counting):
    """The present state as JSON in a file, which is always whole."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def begin(self, phase: str, total: int) -> None:
        super().begin(phase, total)
        self.write()

    def step(self, done: int = 1) -> None:
        super().step(done)
        if self.is_time(FILE_EVERY):
            self.write()

    def end(self) -> None:
        self.write()

    def write(self) -> None:
        """Put the state in the place of the one before."""
        state = {"phase": self.phase, "done": self.done, "total": self.total, "rate": round(self.rate(), 1), "left_s": self.left()}
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(state), encoding="utf-8")
        beside.replace(self.file)
