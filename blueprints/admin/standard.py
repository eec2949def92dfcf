"""Standards: the occupations loaded, and what the standard of one says about a level."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.scopes_marking import level_there
from examsrv.domain.roles import Role
from examsrv.rules.registry import RULES, rule_by_id
from examsrv.rules.staffing import persons_required
from examsrv.services import standards
from examsrv.web.access import allow
from examsrv.web.context import reading
from examsrv.web.numbers import whole_number

READERS = (Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER)
USUAL_CANDIDATES = 30
"""A standard room, to begin the calculation with."""
CANDIDATES_MOST = 100_000
ELIGIBILITY = "RULE-ELIGIBILITY"


@bp.get("/standard")
@allow(*READERS)
def standard() -> ResponseReturnValue:
    """The occupations whose standards were imported, with their levels."""
    with reading() as session:
        found = [standards.standard_of(session, code) for code, _name in standards.occupations(session)]
    return render_template("admin/standard.html", standards=found)


@bp.get("/standard/<pack>/<level>")
@allow(*READERS, on=level_there)
def standard_level(pack: str, level: str) -> ResponseReturnValue:
    """A level: components and times, weights, staffing with a calculator, conditions of admission, the tree of points, the rules."""
    with reading() as session:
        found = standards.standard_of(session, pack)
    chosen = found.level(level)
    candidates = min(max(0, request.args.get("candidates", USUAL_CANDIDATES, type=whole_number)), CANDIDATES_MOST)
    staffing_rules = [rule for rule in found.staffing.rules if rule.component in chosen.components]
    branches = [branch for branch in (*found.basic_requirements, *found.functions) if branch.level in (None, level)]
    return render_template(
        "admin/standard_level.html",
        standard=found,
        level=chosen,
        pack=pack,
        components=[found.component(key) for key in chosen.components],
        tables=[(found.component(key), found.sections(key, level)) for key in chosen.components if found.sections(key, level)],
        staffing=[(found.component(rule.component), rule, persons_required(rule, candidates)) for rule in staffing_rules],
        candidates=candidates,
        conditions=rule_by_id(ELIGIBILITY).figures(found, chosen),
        branches=branches,
        rules=RULES,
        titles={rule.id: rule.title for rule in RULES},
    )
