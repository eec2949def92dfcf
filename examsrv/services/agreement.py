"""How far the examiners of a group agree: the marks that they gave on their own, before anything was settled, and the report on these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.exports.csv_file import csv_file
from examsrv.services import scripts
from examsrv.services.auditing import record
from examsrv.services.comparing_sheets import OFFICE, is_all_settled, overview
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.storage.tables import EntryRow, PersonRow
from question_bank.message import N_, ExamError, Message

if TYPE_CHECKING:
    from examsrv.measurement.agreement import AgreementReport
    from examsrv.measurement.estimate import Estimate
    from examsrv.measurement.ratings import Rating

WHOLE = "total"
"""What stands in for the criteria where the group has scored several task sets, whose criteria are not the same."""


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """The report on a group. `is_by_criterion` False: several task sets were scored, so that only totals are compared."""

    report: "AgreementReport"
    is_by_criterion: bool


def agreement(session: Session, group: int) -> GroupAgreement:
    """Return how far a group's examiners agree. Refused until all its scripts are settled: till then nobody may see what others gave."""
    from examsrv.measurement.raters import agreement_of  # numpy takes a second that no other page should pay

    found = ratings(session, group)
    return GroupAgreement(agreement_of(found), any(rating.criterion != WHOLE for rating in found))


def ratings(session: Session, group: int) -> "list[Rating]":
    """Return the marks of a group's own places: of each the sheet that its examiner gave alone, before a discussion. Vetoes are left out of account.

    Called reserves and the leader's decisions are no part of it. Examiners stand with their names.
    """
    from examsrv.measurement.ratings import Rating

    _require_settled(session, group)
    read = [
        (script, task_set_of_attempt(session, script.attempt)) for script in scripts.scripts_of_group(session, group) if _is_scored(session, script)
    ]
    is_one_set = len({task_set.digest for _script, task_set in read}) == 1
    found = []
    for script, task_set in read:
        for entry in _alone(session, script).values():
            sheet, examiner = scripts.sheet_of(entry), _examiner(session, entry.person_id)
            if is_one_set:
                found += [Rating(str(script.number), each.id, examiner, sheet.marks[each.id], each.marks) for each in task_set.criteria]
            else:
                found.append(Rating(str(script.number), WHOLE, examiner, sum(sheet.marks.values(), start=task_set.marks * 0), task_set.marks))
    return found


def differences(found: GroupAgreement) -> "list[tuple[str, Estimate, list[tuple[str, float]]]]":
    """Return of each examiner who can be compared, in the totals: name, mean difference to the others, and the difference in each script."""
    from examsrv.measurement.estimate import NoFigure

    total = found.report.total
    examiners = () if isinstance(total, NoFigure) else total.examiners
    return [
        (each.examiner, each.difference, [(line.script, line.difference) for line in each.by_script])
        for each in examiners
        if not isinstance(each.difference, NoFigure)
    ]


def form_names() -> dict[str, str]:
    """Return what each of the six coefficients is about, by its sign."""
    from examsrv.measurement.intraclass import FORM_NAMES

    return {str(form): text for form, text in FORM_NAMES.items()}


def agreement_csv(session: Session, group: int) -> bytes:
    """Return the marks as a CSV file that `examsrv measure raters` reads."""
    lines = [(each.script, each.criterion, each.examiner, each.mark, each.full) for each in ratings(session, group)]
    return csv_file(("script", "criterion", "examiner", "mark", "max"), lines)


def record_export(session: Session, group: int, by: Actor, at: Moment) -> None:
    """Enter into the audit that the marks of a group's examiners leave the house."""
    record(session, "agreement.exported", f"group/{group}", by, at)


def _require_settled(session: Session, group: int) -> None:
    if not is_all_settled(overview(session, group, OFFICE)):
        raise ExamError(Message(N_("How far the examiners agree is shown when all scripts of the group are settled.")))


def _is_scored(session: Session, script: scripts.Script) -> bool:
    return bool(_alone(session, script))


def _alone(session: Session, script: scripts.Script) -> Mapping[int, EntryRow]:
    """Return by place the sheet that was given without knowing the others': the one that was discussed, else the one that counts."""
    places = scripts.place_count(session, script.group)
    found = {place: entry for place, entry in scripts.counted_entries(session, script.attempt).items() if 0 < place <= places}
    discussed = scripts.discussed_editions(session, script.attempt)
    for entry in session.scalars(select(EntryRow).where(EntryRow.attempt_id == script.attempt)):
        if discussed.get(entry.place) == entry.edition:
            found[entry.place] = entry
    return dict(sorted(found.items()))


def _examiner(session: Session, person: int) -> str:
    """Return the name of an examiner, with the sign-in name where another one is called the same."""
    row = session.get_one(PersonRow, person)
    is_shared = session.scalars(select(PersonRow.id).where(PersonRow.name == row.name, PersonRow.id != person)).first() is not None
    return f"{row.name} ({row.login})" if is_shared else row.name
