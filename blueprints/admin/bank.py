"""The bank: search, one item, the map of points, the pack's checks, importing a pack."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.coverage_map import coverage_map, heat_step, heat_words
from blueprints.admin.scopes_marking import item_there, pack_installed, pack_there, specification_there
from examsrv.domain.form import LETTERS
from examsrv.domain.roles import Role
from examsrv.domain.specification import DIFFICULTIES
from examsrv.services import browsing_bank, importing_packs, planning, standards
from examsrv.services.banking import ImportReport
from examsrv.services.browsing_bank import Filter
from examsrv.services.importing_packs import FaultyPackError
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.language import shown
from examsrv.web.numbers import whole_number
from question_bank.item import Response
from question_bank.message import ExamError, Fault
from question_bank.pack import installed_packs

READERS = (Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER)
IMPORTANCE = ("X", "Y", "Z")


@bp.get("/bank")
@allow(*READERS)
def bank() -> ResponseReturnValue:
    """The items that fit what the address asks for, and the map of the first specification's points."""
    with reading() as session:
        occupations = standards.occupations(session)
    if not occupations:
        return render_template("admin/bank_empty.html", is_administrator=staff().has(Role.ADMINISTRATOR))
    codes = [code for code, _name in occupations]
    pack = request.args.get("pack", codes[0])
    if pack not in codes:
        return redirect(url_for("admin.bank"))
    wanted = _filter()
    with reading() as session:
        found = browsing_bank.find_items(session, pack, wanted, request.args.get("page", 1, type=whole_number))
        choices = browsing_bank.choices(session, pack)
        asked = [each for each in planning.examinations(session) if each.occupation == pack]
        coverages = [(each, browsing_bank.coverage(session, pack, each.level, each.component)) for each in asked]
    return render_template(
        "admin/bank.html",
        occupations=occupations,
        pack=pack,
        found=found,
        wanted=wanted,
        choices=choices,
        kinds=[(name, shown(label)) for name, label in choices.kinds],
        difficulties=[(grade, grade) for grade in DIFFICULTIES],
        importance=[(letter, letter) for letter in IMPORTANCE],
        is_administrator=staff().has(Role.ADMINISTRATOR),
        maps=[(each, coverage, coverage_map(coverage)) for each, coverage in coverages],
        heat=heat_words(),
    )


@bp.get("/bank/<pack>/coverage/<level>/<component>")
@allow(*READERS, on=specification_there)
def coverage(pack: str, level: str, component: str) -> ResponseReturnValue:
    """The map of points as a table."""
    with reading() as session:
        found = browsing_bank.coverage(session, pack, level, component)
    return render_template("admin/bank_coverage.html", pack=pack, coverage=found, step=heat_step)


@bp.get("/bank/<pack>/items/<item>")
@allow(*READERS, on=item_there)
def bank_item(pack: str, item: str) -> ResponseReturnValue:
    """An item as candidates see it, with its tags; without its key."""
    with reading() as session:
        view = browsing_bank.item_view(session, pack, item)
    return render_template("admin/bank_item.html", pack=pack, item=view, secret=None, chosen=())


@bp.post("/bank/<pack>/items/<item>/key")
@allow(*READERS, on=item_there)
def bank_item_key(pack: str, item: str) -> ResponseReturnValue:
    """An item with key, rationale and samples; the look is in the audit first."""
    with writing() as session:
        browsing_bank.record_key_look(session, pack, item, actor(), now())
    with reading() as session:
        view = browsing_bank.item_view(session, pack, item)
        secret = browsing_bank.item_secret(session, pack, item)
    return render_template("admin/bank_item.html", pack=pack, item=view, secret=secret, chosen=_letters(secret.key))


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
    """What a reviewer would object to in the installed pack."""
    is_installed = pack in installed_packs()
    return render_template(
        "admin/bank_checks.html", pack=pack, is_installed=is_installed, faults=importing_packs.objections(pack) if is_installed else []
    )


def _packs(imported: str | None = None, report: ImportReport | None = None, faulty: str | None = None, faults: list[Fault] | None = None) -> str:
    with reading() as session:
        packs = importing_packs.available_packs(session)
    return render_template("admin/bank_packs.html", packs=packs, imported=imported, report=report, faulty=faulty, faults=faults or [])


def _filter() -> Filter:
    asked = request.args
    return Filter(
        text=asked.get("text", "").strip(),
        level=asked.get("level", ""),
        section=asked.get("section", ""),
        kind=asked.get("kind", ""),
        difficulty=asked.get("difficulty", type=whole_number),
        importance=asked.get("importance", ""),
        point=asked.get("point", ""),
    )


def _letters(key: Response) -> tuple[str, ...]:
    """Return the letters of the options that a key names; none for a statement."""
    return tuple(letter for letter in LETTERS if letter in key) if isinstance(key, (str, tuple)) else ()
