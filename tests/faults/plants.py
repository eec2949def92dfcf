"""Bugs that are planted into a copy of the program, and limits that are made shorter in one, so that a trial need not wait so long.

Each replaces a text that must stand there exactly once, so that a plant cannot fail silently.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED, LINKED = ("examsrv", "blueprints", "static"), ("question_bank",)


@dataclass(frozen=True)
class Plant:
    """What of a file is replaced by what."""

    file: str
    texts: Mapping[str, str]


class CodeHasMoved(LookupError):
    """The text that a bug replaces is not there, or several times: the plant has to follow the program."""


def planted(plant: Plant, folder: Path, *more: Plant) -> dict[str, str]:
    """Make a copy of the program with the bug in `folder`, and with `more`; return the environment in which the copy is run."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for each in (plant, *more):
        _replace(each, folder / each.file)
    return {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}


def _replace(plant: Plant, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for wanted, instead in plant.texts.items():
        if text.count(wanted) != 1:
            raise CodeHasMoved(f"{plant.file} has {text.count(wanted)} times: {wanted}")
        text = text.replace(wanted, instead)
    file.write_text(text, encoding="utf-8")


NOT_ON_DISK = Plant("examsrv/storage/database.py", {'"synchronous=FULL"': '"synchronous=NORMAL"'})
EPOCH_UNCHECKED = Plant(
    "examsrv/services/answering.py",
    {"if attempt.device != device or any(step.epoch != attempt.epoch for step in steps):": "if attempt.device != device:"},
)
WALL_DEADLINE = Plant("examsrv/web/clock.py", {"time.clock_gettime(time.CLOCK_BOOTTIME)": "time.time()"})
ACKNOWLEDGED_TOO_EARLY = Plant(
    "examsrv/storage/journal.py",
    {
        "            waiter.succeed(outcome)\n": "            pass\n",
        "                outcomes = self._carry_out(connection, [waiter.request for waiter in batch])\n": (
            "                outcomes = self._carry_out(connection, [waiter.request for waiter in batch])\n"
            "                for waiter, outcome in zip(batch, outcomes, strict=True):\n"
            "                    waiter.succeed(outcome)\n"
        ),
    },
)
KEPT_WAITING = Plant(
    "examsrv/storage/journal.py",
    {
        "import threading\n": "import threading\nimport time\n",
        "                    waiter.succeed(outcome)\n": "                    waiter.succeed(outcome)\n                time.sleep(0.1)\n",
    },
)
"""After `ACKNOWLEDGED_TOO_EARLY`: the commit comes so much later that a kill falls between, which it does on a disk that is slow enough."""
KEY_DROPPED = Plant(
    "examsrv/storage/migrations/versions/0001_first_schema.py",
    {
        '        sa.PrimaryKeyConstraint("attempt_id", "epoch", "seq", name=op.f("pk_step")),\n': "",
        '"quarantined_step", "result", "step", "time_entry")': '"quarantined_step", "result", "time_entry")',
    },
)
OUTBOX_EMPTIED_TOO_EARLY = Plant(
    "static/js/candidate/outbox.js",
    {
        "      const result = await api.steps(body(ready()));\n": (
            "      const sending = body(ready());\n      forget(sending.steps.at(-1).seq);\n      const result = await api.steps(sending);\n"
        ),
    },
)
