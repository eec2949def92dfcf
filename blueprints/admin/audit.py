"""The audit: who did what, and the proof that nothing of it was changed."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.acts import act_in_words
from examsrv.domain.roles import Role
from examsrv.services import reading_audit
from examsrv.services.auditing import ChainReport, verify_chain
from examsrv.web.access import allow
from examsrv.web.context import reading
from examsrv.web.numbers import whole_number


@bp.get("/audit")
@allow(Role.ADMINISTRATOR, Role.AUDITOR)
def audit() -> ResponseReturnValue:
    """The newest entries; what is looked for stands in the address."""
    return _page(None)


@bp.post("/audit/verify")
@allow(Role.ADMINISTRATOR, Role.AUDITOR)
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
    named = sorted(((each, act_in_words(each)) for each in acts), key=lambda pair: pair[1])
    return render_template("admin/audit.html", page=page, acts=named, act=act, subject=subject, report=report, in_words=act_in_words)
