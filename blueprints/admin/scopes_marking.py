"""Which runs, forms and items a member of staff sees. Runs belong to their sitting's site; forms, items and standards belong to no site."""

from typing import Any

from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_groups import group_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import (
    comparing_sheets,
    drawings,
    explaining,
    marking_runs,
    media,
    papers,
    reopening,
    reviewing_papers,
    specifying,
    standards,
    viewing_task_sets,
)
from examsrv.services.signing_in import StaffMember
from question_bank.pack import installed_packs


def run_of_my_site(session: DatabaseSession, member: StaffMember, run: int, **_values: Any) -> bool:
    """Tell whether a marking run is about a sitting at a site of mine."""
    site = marking_runs.site_of_run(session, run)
    return site is not None and member.has_at(Role.ADMINISTRATOR, site)


def attempt_of_run(session: DatabaseSession, member: StaffMember, run: int, attempt: str) -> bool:
    """Tell whether an attempt belongs to a run that I see."""
    return run_of_my_site(session, member, run) and explaining.is_in_run(session, run, attempt)


def script_of_my_site(session: DatabaseSession, member: StaffMember, group: int, number: int, **_values: Any) -> bool:
    """Tell whether such a group has a script of that number."""
    return group_of_my_site(session, member, group) and comparing_sheets.script_in_group(session, group, number) is not None


def entry_of_my_site(session: DatabaseSession, member: StaffMember, entry: int, **_values: Any) -> bool:
    """Tell whether a sheet was handed in for a script of such a group."""
    group = reopening.group_of_entry(session, entry)
    return group is not None and group_of_my_site(session, member, group)


def form_set_there(session: DatabaseSession, _member: StaffMember, number: int, **_values: Any) -> bool:
    """Tell whether there is such a set of forms."""
    return papers.form_set_exists(session, number)


def form_there(session: DatabaseSession, _member: StaffMember, number: int, form: int) -> bool:
    """Tell whether a set has such a form."""
    return papers.form_set_exists(session, number) and reviewing_papers.form_in_set(session, number, form)


def pack_there(session: DatabaseSession, _member: StaffMember, pack: str, **_values: Any) -> bool:
    """Tell whether an occupation was imported."""
    return any(code == pack for code, _name in standards.occupations(session))


def pack_installed(_session: DatabaseSession, _member: StaffMember, code: str) -> bool:
    """Tell whether an occupation's pack comes with the program."""
    return code in installed_packs()


def level_there(session: DatabaseSession, member: StaffMember, pack: str, level: str, **_values: Any) -> bool:
    """Tell whether an imported standard has such a level."""
    return pack_there(session, member, pack) and any(each.id == level for each in standards.standard_of(session, pack).levels)


def task_set_there(session: DatabaseSession, _member: StaffMember, digest: str, file: str | None = None) -> bool:
    """Tell whether there is such a task set, and whether it gives the file that is named, if any."""
    if not viewing_task_sets.is_task_set(session, digest):
        return False
    return file is None or viewing_task_sets.gives_file(session, digest, file) is not None


def specification_there(session: DatabaseSession, _member: StaffMember, pack: str, level: str, component: str) -> bool:
    """Tell whether a pack has a specification for a level's component."""
    if not pack_there(session, _member, pack):
        return False
    return any((each.level, each.component) == (level, component) for each in specifying.specifications(session, pack))


def specification_known(session: DatabaseSession, _member: StaffMember, number: int, **_values: Any) -> bool:
    """Tell whether there is such a specification."""
    return specifying.specification_exists(session, number)


def drawing_there(session: DatabaseSession, _member: StaffMember, drawing: int) -> bool:
    """Tell whether such a drawing was asked for."""
    return drawings.drawing_exists(session, drawing)


def picture_there(session: DatabaseSession, _member: StaffMember, digest: str) -> bool:
    """Tell whether the bank has such a picture."""
    return bool(media.present(session, [digest]))
