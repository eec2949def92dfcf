"""Task sets, sheets and panels with good defaults; a test says only what it is about."""

from collections.abc import Iterable
from decimal import Decimal

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.panel_marking import Combination, combine
from examsrv.domain.sheets import Sheet
from question_bank.item import Case
from question_bank.standard import ComponentKey
from question_bank.task import Criterion, Grade, Task, TaskSet, Veto, VetoScope
from tests.question_bank.builders import STANDARD

SKILLS = STANDARD.component(ComponentKey.SKILLS)
TASK_VETO, OTHER_VETO, WHOLE_VETO = "T1.V", "T2.V", "T2.W"


def make_criterion(name: str, section: str | None, marks: int, step: str) -> Criterion:
    """Return a criterion of so many marks in such steps."""
    return Criterion(name, section, section and "L3.S1.1.1", "采集客户的信用信息", Decimal(marks), Decimal(step), (Grade(Decimal(marks), "齐全"),))


def make_task(name: str, criteria: Iterable[Criterion], vetoes: Iterable[Veto] = ()) -> Task:
    """Return a task without parts or files."""
    return Task(
        name, "客户资信调查", 25, False, Case(f"L3-A.{name}", "客户资信调查", "三家客户。"), (), (), "见评分标准。", tuple(criteria), tuple(vetoes)
    )


def make_task_set(step: str = "0.01", marks: tuple[int, int, int] = (40, 30, 30), component: ComponentKey = ComponentKey.SKILLS) -> TaskSet:
    """Return two tasks: T1 with 70 marks of both sections, T2 with 30 of the second; in a review there are no sections."""
    customers, collection = ("customers", "collection") if component is ComponentKey.SKILLS else (None, None)
    first = [make_criterion("T1.1", customers, marks[0], step), make_criterion("T1.2", collection, marks[1], step)]
    second = [make_criterion("T2.1", collection, marks[2], step)]
    tasks = (
        make_task("T1", first, [Veto(TASK_VETO, "威胁债务人", VetoScope.TASK)]),
        make_task("T2", second, [Veto(OTHER_VETO, "伪造单据", VetoScope.TASK), Veto(WHOLE_VETO, "泄露客户资料", VetoScope.WHOLE)]),
    )
    return TaskSet("L3-A", "操作技能考核题组", "L3", component, tasks)


TASK_SET = make_task_set()
"""Steps of 0.01, so that a test reaches every edge."""


def sheet(place: int, total: str | int, *vetoes: str, task_set: TaskSet = TASK_SET) -> Sheet:
    """Return a sheet whose marks come to `total`, given to the first criteria first."""
    left, marks = Decimal(total), {}
    for criterion in task_set.criteria:
        marks[criterion.id] = min(left, criterion.marks)
        left -= marks[criterion.id]
    return Sheet(place, marks, frozenset(vetoes))


def sheets(*totals: str | int) -> list[Sheet]:
    """Return a sheet with each total, at the places from 1 on."""
    return [sheet(place, total) for place, total in enumerate(totals, start=1)]


def combined(given: list[Sheet], places: int | None = None, rule: CombiningRule | None = None, **changes) -> Combination:
    """Combine sheets of the made-up set by the usual rule; as many places as sheets less the reserves called, unless told."""
    panel = len(given) - changes.get("called", 0) if places is None else places
    values = {"task_set": TASK_SET, "component": SKILLS, **changes}
    return combine(values.pop("task_set"), values.pop("component"), rule or CombiningRule(), panel, given, **values)
