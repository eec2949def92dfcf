"""The audit: who did what, and the proof that nothing of it was changed."""

from contextlib import suppress
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.acts import act_in_words
from examsrv.domain.roles import Role
from examsrv.services import reading_audit
from examsrv.services.auditing import ChainReport, verify_chain
from examsrv.services.room_record import site_of_record
from examsrv.web.access import allow
from examsrv.web.context import reading, staff
from examsrv.web.numbers import whole_number

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
STARTED = "time.start"


@bp.get("/audit")
@allow(*READERS)
def audit() -> ResponseReturnValue:
    """The newest entries; what is looked for stands in the address."""
    return _page(None)


@bp.post("/audit/verify")
@allow(*READERS)
def verify_audit() -> ResponseReturnValue:
    """Recompute the whole chain and say what was found."""
    with reading() as session:
        report = verify_chain(session)
    return _page(report)


def _page(report: ChainReport | None) -> str:
    act, subject = request.args.get("act", ""), request.args.get("subject", "").strip()
    with reading() as session:
        page = reading_audit.audit_page(session, act, subject, request.args.get("before", type=whole_number))
        acts = reading_audit.acts_on_record(session)
        records = _records(session, {line.subject for line in page.lines if line.act == STARTED})
    named = sorted(((each, act_in_words(each)) for each in acts), key=lambda pair: pair[1])
    return render_template("admin/audit.html", page=page, acts=named, act=act, subject=subject, report=report, in_words=act_in_words, records=records)


def _records(session: Any, subjects: set[str]) -> dict[str, int]:
    """Return the rooms among the subjects whose record the visitor may read. A chain that was tampered with may name anything."""
    found = {}
    for subject in subjects:
        with suppress(ValueError):
            room = whole_number(subject.rpartition("/")[2])
            site = site_of_record(session, room)
            if site is not None and any(staff().has_at(role, site) for role in READERS):
                found[subject] = room
    return found
