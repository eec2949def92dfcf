"""A task set adds up what stands in it, and its digest changes with its content and with nothing else."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from question_bank.item import Case
from question_bank.kinds.kind import PartialCredit
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, Criterion, Grade, Part, Task, TaskSet, Veto, VetoScope
from tests.question_bank.task_builders import make_criterion, make_grades, make_part, make_task, make_task_set

OTHER = {
    TaskSet: {"component": ComponentKey.REVIEW, "tasks": ()},
    Task: {
        "minutes": 26,
        "is_observed": True,
        "case": Case("L3-A.T1", "催收", "客户逾期 60 天。"),
        "files": (),
        "parts": (),
        "criteria": (),
        "vetoes": (),
    },
    CaseFile: {"digest": "ff" * 32, "size": 1},
    Criterion: {"marks": Decimal(50), "step": Decimal(2), "grades": make_grades(100, 50, 0), "parts": (), "is_proposed": True},
    Grade: {"marks": Decimal(1)},
    Part: {"item": make_part(stem="别的（　　）。").item, "policy": PartialCredit.EACH_RIGHT},
    Veto: {"scope": VetoScope.WHOLE},
}


def with_changed(kind: type, name: str) -> TaskSet:
    """Return the task set of the builders with one field changed, of the set itself or of the first value of this kind in it."""
    task_set = make_task_set()
    (task,) = task_set.tasks
    if kind is TaskSet:
        return replace(task_set, **{name: OTHER[kind].get(name, "别的")})
    if kind is Task:
        return replace(task_set, tasks=(replace(task, **{name: OTHER[kind].get(name, "别的")}),))
    if kind is Grade:
        (criterion,) = task.criteria
        grades = (replace(criterion.grades[0], **{name: OTHER[kind].get(name, "别的")}), *criterion.grades[1:])
        return replace(task_set, tasks=(replace(task, criteria=(replace(criterion, grades=grades),)),))
    holder = {CaseFile: "files", Part: "parts", Criterion: "criteria", Veto: "vetoes"}[kind]
    (value,) = getattr(task, holder)
    return replace(task_set, tasks=(replace(task, **{holder: (replace(value, **{name: OTHER[kind].get(name, "别的")}),)}),))


@pytest.mark.parametrize(("kind", "name"), [(kind, field.name) for kind in OTHER for field in fields(kind)])
def test_every_field_enters_the_digest(kind: type, name: str) -> None:
    assert with_changed(kind, name).digest != make_task_set().digest


def test_equal_sets_have_equal_digests_however_their_marks_are_spelt() -> None:
    (task,) = make_task_set().tasks
    spelt = replace(task.criteria[0], marks=Decimal("100.00"), step=Decimal("1.0"), grades=make_grades("100", "0"))

    assert make_task_set(replace(task, criteria=(spelt,))).digest == make_task_set().digest


def test_the_digest_of_a_known_set_stays_what_it_was() -> None:
    assert make_task_set().digest == "105486d9d461e25fae0372391d99024e85f7593a35f25bf94b7cfbd542a89d19"


@pytest.mark.parametrize(
    ("marks", "step", "allowed"),
    [("6", "2", ["0", "2", "4", "6"]), ("1.5", "0.5", ["0", "0.5", "1", "1.5"]), ("3", "3", ["0", "3"]), ("1", "1", ["0", "1"])],
)
def test_marks_go_in_steps_from_nothing_to_all(marks: str, step: str, allowed: list[str]) -> None:
    assert make_criterion(marks=marks, step=step).allowed == tuple(map(Decimal, allowed))


def test_a_set_adds_up_its_tasks_and_lists_what_stands_in_them() -> None:
    task_set = make_task_set(
        make_task("T1", minutes=25, criteria=(make_criterion("T1.1", "40.5"), make_criterion("T1.2", 20))),
        make_task("T2", minutes=35, criteria=(make_criterion("T2.1", "39.5"),)),
    )

    assert (task_set.marks, task_set.minutes) == (Decimal(100), 60)
    assert [task.marks for task in task_set.tasks] == [Decimal("60.5"), Decimal("39.5")]
    assert [criterion.id for criterion in task_set.criteria] == ["T1.1", "T1.2", "T2.1"]
    assert [veto.id for veto in task_set.vetoes] == ["T1.V", "T2.V"]
