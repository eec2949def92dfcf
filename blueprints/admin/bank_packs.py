"""The packs that come with the program: importing them, and what their checks say."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.bank import READERS
from blueprints.admin.scopes_marking import pack_installed, pack_there
from examsrv.domain.roles import Role
from examsrv.services import importing_packs, scoping
from examsrv.services.banking import ImportReport
from examsrv.services.importing_packs import FaultyPackError
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from question_bank.message import ExamError, Fault
from question_bank.pack import installed_packs


@bp.get("/bank/packs")
@allow(Role.ADMINISTRATOR)
def bank_packs() -> ResponseReturnValue:
    """The packs that come with the program."""
    return _packs()


@bp.post("/bank/packs/<code>/import")
@allow(Role.ADMINISTRATOR, on=pack_installed)
def import_pack(code: str) -> ResponseReturnValue:
    """Import a pack, or import it again; the page says what was new, changed and the same."""
    try:
        pack = importing_packs.readable_pack(code)
        with writing() as session:
            report = importing_packs.bring_in(session, pack, actor(), now())
    except FaultyPackError as error:
        return _packs(faulty=code, faults=list(error.faults)), 422
    except ExamError as error:
        return _packs(faulty=code, faults=[Fault(code, error.message)]), 422
    return _packs(imported=code, report=report)


@bp.get("/bank/<pack>/checks")
@allow(*READERS, on=pack_there)
def bank_checks(pack: str) -> ResponseReturnValue:
    """What a reviewer would object to in the installed pack; to somebody who works on some sections only what is said of their items."""
    is_installed = pack in installed_packs()
    faults = importing_packs.objections(pack) if is_installed else []
    with reading() as session:
        if scoping.scope_of(session, staff()).places is not None:
            faults = [fault for fault in faults if scoping.is_visible(session, pack, fault.place.partition(".")[0], staff())]
    return render_template("admin/bank_checks.html", pack=pack, is_installed=is_installed, faults=faults)


def _packs(imported: str | None = None, report: ImportReport | None = None, faulty: str | None = None, faults: list[Fault] | None = None) -> str:
    with reading() as session:
        packs = importing_packs.available_packs(session)
    return render_template("admin/bank_packs.html", packs=packs, imported=imported, report=report, faulty=faulty, faults=faults or [])
