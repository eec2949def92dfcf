"""The forms of a scored group: the score record of one candidate by one examiner (评分记录表), and the group's summary (考评组评分汇总表)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from examsrv.domain.panel_marking import Combination
from examsrv.domain.results import shown_total
from examsrv.domain.sheets import Sheet, totals_of
from examsrv.exports.printed_form import Block, Cell, Column, Facts, Grid, Number, PrintedForm, Sentences, Signs
from examsrv.exports.results import Translate
from examsrv.rules.passing import is_component_passed
from question_bank.message import N_, Message
from question_bank.standard import Component
from question_bank.task import Criterion, Task, TaskSet, VetoScope

MEAN_DECIMALS = 2
PERCENT = 100
NUMBER_WIDTH, EXAMINER_WIDTH, TICKET_WIDTH = 6, 7, 11
"""Of a column in percent."""


@dataclass(frozen=True, slots=True)
class Examinee:
    """Whose script it is. A form has it only once the results are in force."""

    name: str
    ticket: str
    employer: str


@dataclass(frozen=True, slots=True)
class ScoredSheet:
    """One examiner's sheet. `comments` are by criterion; `handed_in` is the day as it is shown; `is_counted`: it makes the mark."""

    examiner: str
    sheet: Sheet
    handed_in: str
    is_counted: bool
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoredScript:
    """A script under its number. Without a `combination` nothing of its marks may be shown, and `state` says why."""

    number: int
    who: Examinee | None
    task_set: TaskSet | None
    sheets: Sequence[ScoredSheet]
    combination: Combination | None
    state: Message

    @property
    def written_number(self) -> str:
        """Return the number as it is written everywhere: four digits."""
        return f"{self.number:04}"


@dataclass(frozen=True, slots=True)
class ScoredGroup:
    """A group with its scripts. `examiners` are the names by place; `sections` names the weights; `title` says what is examined."""

    name: str
    sitting: str
    title: str
    held: str
    component: Component
    is_panel: bool
    examiners: Mapping[int, str]
    sections: Mapping[str, str]
    scripts: Sequence[ScoredScript]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is the same on all forms of an export: the institution, when and by whom it was printed, as it is shown there."""

    institution: str
    printed: str
    by: str


def score_records(group: ScoredGroup, script: ScoredScript, imprint: Imprint, translate: Translate) -> list[PrintedForm]:
    """Return the records of a script, one for each sheet; none while its marks may not be shown."""
    if script.task_set is None or script.combination is None:
        return []
    return [_record(group, script, script.task_set, script.combination, sheet, imprint, translate) for sheet in script.sheets]


def group_summary(group: ScoredGroup, imprint: Imprint, translate: Translate) -> PrintedForm:
    """Return the summary of a group: every script with each examiner's total, the mark, and how it was settled."""
    places = sorted({sheet.sheet.place for script in group.scripts if script.combination for sheet in script.sheets} | set(group.examiners))
    is_named = any(script.who for script in group.scripts)
    title = Message(N_("Summary of a panel's marks")) if group.is_panel else Message(N_("Summary of a group's marks"))
    columns = _summary_columns(group, places, translate, is_named=is_named)
    rows = [_summary_row(group, place, script, places, translate, is_named=is_named) for place, script in enumerate(group.scripts, start=1)]
    names = [f"{translate(_place(place))} {group.examiners.get(place, '')}".strip() for place in places if place]
    return PrintedForm(
        name=group.name,
        over=f"{imprint.institution}　{group.title}",
        title=translate(title),
        beside=(f"{group.sitting}　{group.name}", translate(Message(N_("Held: %(held)s"), {"held": group.held}))),
        blocks=(
            Grid(translate(Message(N_("Marks of every examiner and what they come to"))), columns, rows),
            Signs((translate(Message(N_("Leader, date"))), *names, translate(Message(N_("Added up by, date"))))),
        ),
        foot=_foot(imprint, translate),
        is_wide=True,
    )


def _record(
    group: ScoredGroup, script: ScoredScript, task_set: TaskSet, made: Combination, sheet: ScoredSheet, imprint: Imprint, translate: Translate
) -> PrintedForm:
    who = script.who or Examinee("", "", "")
    title = Message(N_("Score record of a review")) if group.is_panel else Message(N_("Score record of a skills assessment"))
    heads = (N_("Script number"), N_("Name"), N_("Ticket number"), N_("Employer"), N_("Paper code"), N_("Examiner"))
    values = (script.written_number, who.name, who.ticket, who.employer, task_set.id, _of_place(sheet, translate))
    blocks: list[Block] = [Facts([(translate(Message(head)), value) for head, value in zip(heads, values, strict=True)])]
    blocks.append(_total_table(task_set, made, sheet, translate))
    blocks.extend(_task_table(group, place, task, sheet, translate) for place, task in enumerate(task_set.tasks, start=1))
    if vetoes := [_veto_line(veto_id, task_set, made, sheet, translate) for veto_id in (veto.id for veto in task_set.vetoes)]:
        blocks.append(Sentences(translate(Message(N_("Vetoes"))), vetoes))
    steps = [translate(step) for step in made.steps]
    steps.append(translate(Message(N_("Mark: %(mark)s"), {"mark": shown_total(group.component, made.total)})))
    blocks.append(Sentences(translate(Message(N_("How the examiners' marks were combined"))), steps))
    signs = (N_("Scored by, date"), N_("Checked by, date"), N_("Added up by, date"))
    blocks.append(Signs([translate(Message(sign)) for sign in signs]))
    return PrintedForm(
        name=f"{script.written_number}-{sheet.sheet.place}",
        over=f"{imprint.institution}　{group.title}",
        title=translate(title),
        beside=(f"{group.sitting}　{group.name}", translate(Message(N_("Handed in: %(day)s"), {"day": sheet.handed_in}))),
        blocks=blocks,
        foot=_foot(imprint, translate),
    )


def _total_table(task_set: TaskSet, made: Combination, sheet: ScoredSheet, translate: Translate) -> Grid:
    """Return the table over all tasks, with the vetoes that stand."""
    totals = totals_of(task_set, sheet.sheet, made.vetoes)
    heads = (
        (N_("No."), 8, True),
        (N_("Name of the task"), 42, False),
        (N_("Marks available"), 13, False),
        (N_("Marks earned"), 12, False),
        (N_("Remarks"), 25, False),
    )
    columns = [Column(translate(Message(text)), percent, is_centred=is_centred) for text, percent, is_centred in heads]
    rows = []
    for place, task in enumerate(task_set.tasks, start=1):
        given = sum((totals.criteria[criterion.id] for criterion in task.criteria), Fraction(0))
        rows.append((str(place), task.title, Number(_spelt(task.marks)), Number(_spelt(given)), _cost(task, task_set, made, translate)))
    counted = Message(N_("counts in the mark")) if sheet.is_counted else Message(N_("does not count in the mark"))
    foot = ("", translate(Message(N_("Sum"))), Number(_spelt(task_set.marks)), Number(_spelt(totals.total)), translate(counted))
    return Grid(translate(Message(N_("All tasks"))), columns, rows, (foot,))


def _task_table(group: ScoredGroup, place: int, task: Task, sheet: ScoredSheet, translate: Translate) -> Grid:
    """Return one task's table with the marks as they were given, whatever a veto costs."""
    heads = (
        (N_("No."), 6, True),
        (N_("Part"), 13, False),
        (N_("What is required"), 25, False),
        (N_("Marks available"), 8, False),
        (N_("What earns what"), 30, False),
        (N_("Marks earned"), 8, False),
        (N_("Remarks"), 10, False),
    )
    columns = [Column(translate(Message(text)), percent, is_centred=is_centred) for text, percent, is_centred in heads]
    rows = [tuple(_criterion(group, number, task, each, sheet)) for number, each in enumerate(task.criteria, start=1)]
    given = sum((Fraction(sheet.sheet.marks[each.id]) for each in task.criteria), Fraction(0))
    foot = ("", translate(Message(N_("Sum"))), "", Number(_spelt(task.marks)), "", Number(_spelt(given)), "")
    return Grid(translate(Message(N_("Task %(number)d: %(title)s"), {"number": place, "title": task.title})), columns, rows, (foot,))


def _criterion(group: ScoredGroup, number: int, task: Task, criterion: Criterion, sheet: ScoredSheet) -> Iterator[Cell]:
    yield str(number)
    yield group.sections.get(criterion.section or "", task.title)
    yield criterion.text
    yield Number(_spelt(criterion.marks))
    yield "\n".join(f"{_spelt(grade.marks)}：{grade.text}" for grade in criterion.grades)
    yield Number(_spelt(sheet.sheet.marks[criterion.id]))
    yield sheet.comments.get(criterion.id, "")


def _veto_line(veto_id: str, task_set: TaskSet, made: Combination, sheet: ScoredSheet, translate: Translate) -> str:
    veto = next(each for each in task_set.vetoes if each.id == veto_id)
    claimed = Message(N_("claimed")) if veto_id in sheet.sheet.vetoes else Message(N_("not claimed"))
    stands = Message(N_("stands")) if veto_id in made.vetoes else Message(N_("does not stand"))
    values = {"veto": veto.id, "text": veto.text, "claimed": claimed, "stands": stands}
    return translate(Message(N_("%(veto)s %(text)s: %(claimed)s by this examiner; by the panel's majority it %(stands)s"), values))


def _cost(task: Task, task_set: TaskSet, made: Combination, translate: Translate) -> str:
    if any(veto.id in made.vetoes and veto.scope is VetoScope.WHOLE for veto in task_set.vetoes):
        return translate(Message(N_("A veto of the whole stands: 0")))
    if any(veto.id in made.vetoes for veto in task.vetoes):
        return translate(Message(N_("A veto of the task stands: 0")))
    return ""


def _summary_columns(group: ScoredGroup, places: Sequence[int], translate: Translate, *, is_named: bool) -> list[Column]:
    columns = [
        Column(translate(Message(N_("No."))), NUMBER_WIDTH, is_centred=True),
        Column(translate(Message(N_("Script number"))), NUMBER_WIDTH, is_centred=True),
    ]
    if is_named:
        columns += [
            Column(translate(Message(N_("Name"))), EXAMINER_WIDTH, is_centred=True),
            Column(translate(Message(N_("Ticket number"))), TICKET_WIDTH, is_centred=True),
        ]
    for place in places:
        head = f"{translate(_place(place))}\n{group.examiners.get(place, '')}".strip()
        columns.append(Column(head, EXAMINER_WIDTH, is_centred=True))
    columns += [
        Column(translate(Message(N_("Mark settled"))), EXAMINER_WIDTH),
        Column(translate(Message(N_("Decision"))), EXAMINER_WIDTH, is_centred=True),
    ]
    left = PERCENT - sum(column.percent for column in columns)
    return [*columns, Column(translate(Message(N_("How it was settled"))), left)]


def _summary_row(
    group: ScoredGroup, number: int, script: ScoredScript, places: Sequence[int], translate: Translate, *, is_named: bool
) -> tuple[Cell, ...]:
    made, who = script.combination, script.who or Examinee("", "", "")
    named: tuple[Cell, ...] = (who.name, who.ticket) if is_named else ()
    if made is None or script.task_set is None or made.total is None:
        return (str(number), script.written_number, *named, *("" for _place in places), "", "", translate(script.state))
    totals = {each.sheet.place: totals_of(script.task_set, each.sheet, made.vetoes).total for each in script.sheets}
    cells: Iterator[Cell] = (Number(_spelt(totals[place])) if place in totals else "" for place in places)
    decision = Message(N_("Passed")) if is_component_passed(group.component, made.total) else Message(N_("Failed"))
    settled = "\n".join(translate(each) for each in (*made.reasons, made.steps[-1]))
    return (str(number), script.written_number, *named, *cells, Number(shown_total(group.component, made.total)), translate(decision), settled)


def _place(place: int) -> Message:
    return Message(N_("Place %(place)d"), {"place": place}) if place else Message(N_("Leader"))


def _of_place(sheet: ScoredSheet, translate: Translate) -> str:
    return f"{translate(_place(sheet.sheet.place))} {sheet.examiner}"


def _foot(imprint: Imprint, translate: Translate) -> str:
    return translate(Message(N_("Printed %(when)s by %(name)s"), {"when": imprint.printed, "name": imprint.by}))


def _spelt(mark: Decimal | Fraction) -> str:
    """Write marks that come in halves or whole without zeros at the end; a mean, which never stands here, would be cut."""
    exact = Fraction(mark)
    return str(exact.numerator) if exact.denominator == 1 else f"{float(exact):.{MEAN_DECIMALS}f}".rstrip("0")
