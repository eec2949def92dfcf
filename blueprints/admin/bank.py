"""The bank's list: search, tags for a selection, and the map of points."""

from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from blueprints.admin import bp
from blueprints.admin.bank_words import STATES, two_decimals
from blueprints.admin.coverage_map import coverage_map, heat_step, heat_words
from blueprints.admin.refusing import tell_refusal
from blueprints.admin.scopes_marking import pack_there, specification_there
from examsrv.domain.item_life import REVIEWERS, WRITERS
from examsrv.domain.roles import Role
from examsrv.domain.specification import DIFFICULTIES
from examsrv.services import browsing_bank, covering_points, planning, scoping, standards, tagging, viewing_items
from examsrv.services.browsing_bank import NEWEST_FIRST, Filter, Shown, Used
from examsrv.web.access import allow
from examsrv.web.context import now, reading, staff, writing
from examsrv.web.language import shown, zone
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError

READERS = (Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER)
IMPORTANCE = ("X", "Y", "Z")
SELDOM = ("level", "difficulty", "importance", "point", "case", "author", "used", "day")
"""The conditions that stand behind “More conditions”."""
CONDITIONS = frozenset({"text", "section", "kind", "state", "tag", "sort", "page", *SELDOM})


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
    wanted = asked_filter()
    with reading() as session:
        scope = scoping.scope_of(session, staff())
        found = browsing_bank.find_items(session, pack, wanted, request.args.get("page", 1, type=whole_number), scope)
        choices = browsing_bank.choices(session, pack, scope)
        asked = [each for each in planning.drawn_examinations(session) if each.occupation == pack]
        coverages = [(each, covering_points.coverage(session, pack, each.level, each.component)) for each in asked]
        waiting = viewing_items.waiting_for_review(session, pack, staff())
        mine = viewing_items.drafts_of(session, pack, staff())
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
        states=STATES,
        state_choices=[(Shown.ALL, gettext("All states")), *((state, shown(name)) for state, (_kind, _shape, name) in STATES.items())],
        use_choices=[(Used.NEVER, gettext("Never used")), (Used.BEFORE, gettext("Last used before")), (Used.SINCE, gettext("Used since"))],
        has_seldom=any(request.args.get(name) for name in SELDOM),
        day=request.args.get("day", ""),
        kept=kept_conditions(),
        figure=two_decimals,
        is_administrator=staff().has(Role.ADMINISTRATOR),
        is_author=any(staff().has(role) for role in WRITERS),
        is_reviewer=any(staff().has(role) for role in REVIEWERS),
        to_review=sum(each.is_mine_to_decide for each in waiting),
        my_drafts=len(mine),
        is_limited=scope.places is not None,
        maps=[(each, coverage, coverage_map(coverage)) for each, coverage in coverages],
        heat=heat_words(),
    )


@bp.get("/bank/<pack>/coverage/<level>/<component>")
@allow(*READERS, on=specification_there)
def coverage(pack: str, level: str, component: str) -> ResponseReturnValue:
    """The map of points as a table."""
    with reading() as session:
        found = covering_points.coverage(session, pack, level, component)
    return render_template("admin/bank_coverage.html", pack=pack, coverage=found, step=heat_step)


@bp.post("/bank/<pack>/tags")
@allow(*READERS, on=pack_there)
def bank_tag(pack: str) -> ResponseReturnValue:
    """Put a tag on the ticked items, or take it off; back to the list as it was."""
    items, tag, is_off = request.form.getlist("items"), request.form.get("tag", ""), request.form.get("do") == "off"
    try:
        with writing() as session:
            count = (tagging.take_off if is_off else tagging.put_on)(session, pack, items, tag, staff(), now())
    except ExamError as error:
        tell_refusal(error)
    else:
        if is_off:
            flash(ngettext("The tag was taken off one item.", "The tag was taken off %(num)d items.", count), "good")
        else:
            flash(ngettext("The tag was put on one item.", "The tag was put on %(num)d items.", count), "good")
    return redirect(url_for("admin.bank", pack=pack, **kept_conditions()))


@bp.get("/bank/<pack>/tags")
@allow(*READERS, on=pack_there)
def bank_tags(pack: str) -> ResponseReturnValue:
    """All tags with how many items have each."""
    with reading() as session:
        found = tagging.tags(session, pack)
        may_rename = scoping.scope_of(session, staff()).places is None
    return render_template("admin/bank_tags.html", pack=pack, tags=found, may_rename=may_rename, longest=tagging.TAG_LONGEST)


@bp.post("/bank/<pack>/tags/rename")
@allow(*READERS, on=pack_there)
def bank_rename_tag(pack: str) -> ResponseReturnValue:
    """Give a tag another name."""
    try:
        with writing() as session:
            count = tagging.rename(session, pack, request.form.get("old", ""), request.form.get("new", ""), staff(), now())
    except ExamError as error:
        tell_refusal(error)
    else:
        flash(ngettext("The tag was renamed on one item.", "The tag was renamed on %(num)d items.", count), "good")
    return redirect(url_for("admin.bank_tags", pack=pack))


def kept_conditions() -> dict[str, Any]:
    """Return what the address asks of the list, and nothing else that may stand in it."""
    return {name: value for name, value in request.args.items() if name in CONDITIONS}


def asked_filter() -> Filter:
    """Return what the address asks of the list."""
    asked = request.args
    return Filter(
        text=asked.get("text", "").strip(),
        tag=asked.get("tag", ""),
        level=asked.get("level", ""),
        section=asked.get("section", ""),
        kind=asked.get("kind", ""),
        state=asked.get("state", Shown.LIVING),
        difficulty=asked.get("difficulty", type=whole_number),
        importance=asked.get("importance", ""),
        point=asked.get("point", ""),
        case=asked.get("case", "").strip(),
        used=asked.get("used", ""),
        day=_day(asked.get("day", "")),
        author=asked.get("author", type=whole_number),
        sort=asked.get("sort", NEWEST_FIRST),
    )


def _day(text: str) -> datetime | None:
    """Return the beginning of a day here; None for what is no day."""
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), tzinfo=zone())
    except (ValueError, OverflowError):
        return None
