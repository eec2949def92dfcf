"""Groups of examiners and panels as they are planned: added to a sitting, given candidates and examiners, by hand or as proposed."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.refusing import refused, tell_refusal
from blueprints.admin.scopes import sitting_of_my_site
from blueprints.admin.scopes_groups import group_of_my_site, recusal_of_my_group
from blueprints.admin.sittings import sitting_page
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, assigning_examiners, bars, distributing, group_day, sitting_plans
from examsrv.services.assigning_examiners import RESERVES_CALLED
from examsrv.services.bars import GROUND_NAMES
from examsrv.services.group_day import LEAVING_GROUNDS
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown, zone
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError

MEMBER = "member"
RESERVE_RANKS = 4
"""So many reserves can be put in order for a group; two are called to a disputed script, the others stand in on the day."""
DEADLINE = "%Y-%m-%d %H:%M"


@bp.post("/sittings/<int:sitting>/groups")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def add_groups(sitting: int) -> ResponseReturnValue:
    """Add groups to a sitting."""
    try:
        with writing() as session:
            added = assessment_groups.create_groups(session, sitting, request.form.get("count", 0, type=whole_number), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("%(count)s groups have been added.", count=len(added)), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor="groups"))


@bp.post("/sittings/<int:sitting>/groups/distribute")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def distribute_candidates(sitting: int) -> ResponseReturnValue:
    """Deal the candidates out to the groups."""
    try:
        with writing() as session:
            dealt = distributing.distribute(session, sitting, chance.seed(), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("%(count)s candidates have been dealt out evenly by lot.", count=dealt), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor="groups"))


@bp.get("/sittings/<int:sitting>/groups/proposal")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def proposed_examiners(sitting: int) -> ResponseReturnValue:
    """Show whom the groups would be given; nothing is changed."""
    try:
        return _proposal_page(sitting)
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))


@bp.post("/sittings/<int:sitting>/groups/proposal")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def apply_proposal(sitting: int) -> ResponseReturnValue:
    """Plan the examiners that were proposed."""
    try:
        with writing() as session:
            seen = request.form.get("digest", "")
            changed = assigning_examiners.apply_proposal(session, server().secret, sitting, seen, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("Examiners have been planned for %(count)s groups.", count=changed), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor="groups"))


@bp.get("/groups/<int:group>")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group(group: int) -> ResponseReturnValue:
    """One group: its candidates, its examiners, what stands against whom; once published also what happens on the day."""
    return group_page(group)


@bp.post("/groups/<int:group>")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def change_group(group: int) -> ResponseReturnValue:
    """Change the name of a group and by when its sheets are due."""
    text = request.form.get("deadline", "").strip()
    try:
        deadline = datetime.strptime(text, DEADLINE).replace(tzinfo=zone()) if text else None
    except ValueError:
        flash(gettext("Enter day and time such as 2026-11-22 18:00, or nothing."), "alarm")
        return refused(group_page(group))
    try:
        with writing() as session:
            assessment_groups.change_group(session, group, request.form.get("name", ""), deadline, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(gettext("The changes have been saved."), "good")
    return redirect(url_for("admin.group", group=group))


@bp.post("/groups/<int:group>/remove")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def remove_group(group: int) -> ResponseReturnValue:
    """Remove a group."""
    with reading() as session:
        sitting = assessment_groups.group(session, group).sitting
    try:
        with writing() as session:
            assessment_groups.remove_group(session, group, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(gettext("The group has been removed; its candidates are in no group now."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor="groups"))


@bp.post("/groups/<int:group>/candidates")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def put_candidates(group: int) -> ResponseReturnValue:
    """Put the ticked candidates into a group."""
    try:
        with writing() as session:
            attempts = request.form.getlist("attempt")
            moved = distributing.place_candidates(session, server().secret, group, attempts, chance.seed(), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(gettext("%(count)s candidates have been put into the group.", count=moved), "good")
    return redirect(url_for("admin.group", group=group, _anchor="candidates"))


@bp.post("/groups/<int:group>/examiners")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def set_examiners(group: int) -> ResponseReturnValue:
    """Plan exactly the examiners chosen."""
    chosen = {int(name.partition("-")[2]): value for name, value in request.form.items() if name.startswith("duty-") and _is_number(name)}
    members = [person for person, duty in chosen.items() if duty == MEMBER]
    ranked = sorted((duty, place, person) for place, (person, duty) in enumerate(chosen.items()) if duty not in ("", MEMBER))
    reserves = [person for _duty, _place, person in ranked]
    lead = request.form.get("lead", type=whole_number)
    try:
        with writing() as session:
            assigning_examiners.set_examiners(session, server().secret, group, members, lead if lead in members else None, reserves, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group, chosen, lead))
    flash(gettext("The examiners have been saved."), "good")
    return redirect(url_for("admin.group", group=group, _anchor="examiners"))


@bp.post("/groups/<int:group>/recusals")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def declare_recusal(group: int) -> ResponseReturnValue:
    """Enter that somebody may not score a candidate of the group."""
    asked = request.form
    try:
        with writing() as session:
            candidate = asked.get("candidate", 0, type=whole_number)
            if candidate not in assessment_groups.candidates_of_group(session, group):
                candidate = 0
            person = asked.get("person", 0, type=whole_number)
            bars.declare_recusal(session, person, candidate, asked.get("ground", ""), asked.get("note", ""), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(gettext("The relation has been entered."), "good")
    return redirect(url_for("admin.group", group=group, _anchor="recusals"))


@bp.post("/groups/<int:group>/recusals/<int:recusal>/lift")
@allow(Role.ADMINISTRATOR, on=recusal_of_my_group)
def lift_recusal(group: int, recusal: int) -> ResponseReturnValue:
    """Take back a relation that was entered wrongly."""
    try:
        with writing() as session:
            bars.lift_recusal(session, recusal, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(gettext("The relation has been taken back."), "good")
    return redirect(url_for("admin.group", group=group, _anchor="recusals"))


def group_page(number: int, chosen: dict[int, str] | None = None, lead: int | None = None) -> str:
    """Return the page of a group; `chosen` and `lead` are what somebody entered of its examiners that was refused."""
    secret = server().secret
    with reading() as session:
        view = assessment_groups.group(session, number)
        placed = distributing.placed_candidates(session, secret, view.sitting)
        mine = [each for each in placed if each.group == number]
        names = {each.id: each.name for each in assessment_groups.groups_of_sitting(session, view.sitting)}
        found = assigning_examiners.choices(session, secret, number)
        return render_template(
            "admin/group.html",
            desk="admin",
            group=view,
            sitting=sitting_plans.sitting(session, view.sitting),
            candidates=sorted(mine, key=lambda each: each.position),
            others=[(each, names.get(each.group or 0, "")) for each in placed if each.group != number],
            choices=[(each, [shown(fault) for fault in each.faults]) for each in found],
            further=[each for each in found if not each.faults and each.person not in view.people],
            duties=chosen if chosen is not None else _duties(view),
            lead=lead if chosen is not None else view.lead,
            ranks=range(1, max(RESERVE_RANKS, len(view.reserves)) + 1),
            recusals=bars.recusals(session, [each.candidate for each in mine]),
            grounds=[(ground.value, shown(words)) for ground, words in GROUND_NAMES.items()],
            ground_names={ground: shown(words) for ground, words in GROUND_NAMES.items()},
            leaving=[(ground, shown(words)) for ground, words in LEAVING_GROUNDS.items()],
            leaving_names={ground: shown(words) for ground, words in group_day.ALL_GROUNDS.items()},
            start_faults=[shown(fault) for fault in group_day.start_faults(session, secret, view)] if view.is_published else [],
            reserves_called=RESERVES_CALLED,
            deadline=view.deadline.astimezone(zone()).strftime(DEADLINE) if view.deadline else "",
        )


def _duties(view: assessment_groups.GroupView) -> dict[int, str]:
    return dict.fromkeys(view.members, MEMBER) | {each.person: str(rank) for rank, each in enumerate(view.reserves, start=1)}


def _is_number(name: str) -> bool:
    try:
        return whole_number(name.partition("-")[2]) > 0
    except ValueError:
        return False


def _proposal_page(sitting: int) -> str:
    with reading() as session:
        proposal = assigning_examiners.propose_examiners(session, server().secret, sitting)
        return render_template(
            "admin/group_proposal.html",
            sitting=sitting_plans.sitting(session, sitting),
            proposal=proposal,
            groups={each.id: each for each in assessment_groups.groups_of_sitting(session, sitting)},
            short=[shown(message) for each in proposal.groups for message in each.short],
        )
