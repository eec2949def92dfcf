"""A task set as it is delivered: a paper whose groups are the tasks as cases, with their files. Rubric, model answers and keys are not in it."""

import hashlib
import random
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from examsrv.domain.paper import CASE, Composed, KeyLine, shown_item, written
from question_bank.kinds import KINDS
from question_bank.record import plain_response
from question_bank.task import CaseFile, Part, Task, TaskSet
from question_bank.text import rendered


def compose_tasks(title: str, task_set: TaskSet, seed: int) -> Composed:
    """Make a paper of a task set: its tasks in order, the parts numbered through. `seed` draws the order of options."""
    chance = random.Random(seed)  # noqa: S311 -- an order that says nothing, from a recorded seed; no secret
    groups: list[dict[str, Any]] = []
    key: dict[int, KeyLine] = {}
    for task in task_set.tasks:
        groups.append(_group(task))
        for part in task.parts:
            shown, ids = shown_item(part.item, chance)
            groups[-1]["items"].append({"kind": part.item.kind, **shown})
            key[len(key) + 1] = _key_line(part, ids)
    content = written({"title": title, "groups": groups})
    return Composed(content, hashlib.sha256(content).hexdigest(), key)


def has_observed_tasks(paper: Mapping[str, Any]) -> bool:
    """Tell whether a paper, as it was read, has a task that is watched while it is done."""
    return any(group.get("observed") for group in paper["groups"])


def _group(task: Task) -> dict[str, Any]:
    """Return the group of a task, still without its parts. `marks` and `minutes` are the whole task's; `observed`: watched while it is done."""
    case = {"title": task.title, "text": rendered(task.case.text), "files": [_shown_file(file) for file in task.files]}
    watched = {"observed": True} if task.is_observed else {}
    return {"kind": CASE, "marks": format(task.marks, "f"), "minutes": task.minutes, **watched, "case": case, "items": []}


def _shown_file(file: CaseFile) -> dict[str, Any]:
    return {"name": file.name, "title": file.title, "digest": file.digest, "size": file.size, "type": PurePath(file.name).suffix[1:]}


def _key_line(part: Part, ids: dict[str, str]) -> KeyLine:
    """Return what computes the proposal for a part. Its marks are those of criteria, not of its own: examiners decide."""
    item = part.item
    right = plain_response(KINDS[item.kind].marking_key(item, ids))
    return KeyLine(item.id, item.digest, item.kind, item.section, "0", str(part.policy), right)
