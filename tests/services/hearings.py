"""A review that is heard, with good defaults: a panel of three that has started, its candidates waiting."""

from datetime import timedelta

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services import hearings
from tests.builders import at
from tests.panels import Assessment, add_assessment, make_record, make_task_set


def add_review(session: Session, candidates: int = 3, *, is_started: bool = True, name: str = "A", level: str = "L2") -> Assessment:
    """Add a review whose first examiner leads; nobody was heard yet."""
    tasks = [{**task, "title": f"{task['title']} {name}"} for task in make_record(level, "review")["tasks"]]
    task_set = make_task_set(level, "review", id=f"SET-{name}", tasks=tasks)
    about = {"level": level, "component": "review", "task_set": task_set, "name": name}
    return add_assessment(session, candidates=candidates, is_started=is_started, is_submitted=False, **about)


def lead(made: Assessment) -> Actor:
    return Actor(made.examiners[0], "lead")


def member(made: Assessment, place: int = 2) -> Actor:
    return Actor(made.examiners[place - 1], "member")


def begin(session: Session, made: Assessment, place: int = 0, moment: Moment | None = None, reason: str = "") -> str:
    """Begin the hearing of a candidate, by place in the order from 0; return the attempt."""
    attempt = made.attempts[place]
    hearings.begin_hearing(session, attempt, True, reason, lead(made), moment or at())
    return attempt


def heard(session: Session, made: Assessment, place: int, moment: Moment, length: timedelta = timedelta(minutes=30)) -> str:
    """Hear a candidate from `moment` for so long; return the attempt."""
    attempt = begin(session, made, place, moment)
    hearings.end_hearing(session, attempt, lead(made), Moment(moment.wall + length, moment.exam + length))
    return attempt
