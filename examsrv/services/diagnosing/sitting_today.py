"""Today's sittings: what each still lacks, by the same services that the administrator's pages ask."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from examsrv.services.diagnosing.findings import Finding, Installation, fine, wrong
from examsrv.services.publishing import lacking
from examsrv.services.sitting_plans import SittingView, sittings_between
from question_bank.message import N_

DAY = timedelta(days=1)


def look_at_sittings(at: Installation) -> Iterator[Finding]:
    """Name what today's sittings lack that have not begun."""
    zone = ZoneInfo(at.time_zone)
    begin = datetime.combine(at.wall.astimezone(zone).date(), time(), tzinfo=zone)
    with at.database.reading() as session:
        views = sittings_between(session, begin, begin + DAY)
        if not views:
            yield fine(N_("No sitting is planned for today."))
        for view in views:
            yield from _of_sitting(session, view, f"{view.planned.astimezone(zone):%H:%M}")


def _of_sitting(session: Session, view: SittingView, begins: str) -> Iterator[Finding]:
    named = {"sitting": view.name, "begins": begins}
    if view.is_started:
        yield fine(N_("%(sitting)s (%(begins)s): it has begun."), **named)
        return
    findings = [wrong(N_("%(sitting)s (%(begins)s): %(lack)s"), **named, lack=lack.message) for lack in lacking(session, view)]
    for room in view.rooms:
        for duty in room.proctors:
            if not duty.has_pin:
                text = N_("%(sitting)s (%(begins)s): a proctor of room %(room)s has no PIN and cannot sign in on the board (account %(person)d).")
                findings.append(wrong(text, **named, room=room.name, person=duty.person))
    if not view.is_published and not findings:
        findings.append(wrong(N_("%(sitting)s (%(begins)s): nothing is lacking, but it is not published."), **named))
    if not findings:
        text = N_("%(sitting)s (%(begins)s): published, %(rooms)d rooms, %(candidates)d candidates; nothing is lacking.")
        findings.append(fine(text, **named, rooms=len(view.rooms), candidates=view.candidates))
    yield from findings
