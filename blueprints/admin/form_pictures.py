"""How alike the forms of a set are: pictures, each with its figures as a table and as a file."""

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isnan

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.form_plots import MOST_CURVES, curves, difficulty_plot, use_bars
from blueprints.admin.likeness_map import likeness_map
from blueprints.admin.scopes_marking import form_set_there
from examsrv.domain.roles import Role
from examsrv.exports.csv_file import csv_file
from examsrv.exports.tables_xlsx import Table, tables_workbook
from examsrv.services import papers as papers_of_forms
from examsrv.services.comparing_forms import FormsCompared, compared
from examsrv.services.papers import FormSetView
from examsrv.web.access import allow
from examsrv.web.attachments import attachment
from examsrv.web.context import now, reading
from examsrv.web.language import shown
from question_bank.message import ExamError

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COLUMNS = 30
"""Of a table that can still be read; for more forms it counts the pairs, and the file has every one."""
EVERY_SECOND_TICK = 4
"""Of the abilities of a curve every fourth stands in the table of a page: half a unit apart."""


@bp.get("/papers/<int:number>/pictures")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def form_pictures(number: int) -> ResponseReturnValue:
    """Information, expected score, shared items, use and difficulty of all forms over each other."""
    try:
        with reading() as session:
            view, found = papers_of_forms.form_set(session, number), compared(session, number)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.form_set", number=number))
    figures, at = found.figures, found.at_pass_mark
    full, passing = float(found.component.full_mark), float(found.component.pass_mark)
    informed = None if at is None else (at.ability, at.mean)
    aims = [(each.ability, each.information) for each in found.target]
    return render_template(
        "admin/form_pictures.html",
        set=view,
        found=found,
        information=curves(found.names, figures.abilities, figures.information, target=aims, pass_at=informed),
        expected=curves(found.names, figures.abilities, figures.expected, top=full, pass_at=None if at is None else (at.ability, passing)),
        map=likeness_map(found.names, figures.shared, found.allowed_overlap) if len(found.names) > 1 else None,
        bars=use_bars(figures.uses.values(), found.never_used, len(found.names), found.allowed_uses),
        difficulty=difficulty_plot(found.names, {found.section_names[key]: means for key, means in figures.difficulty.items()}),
        spans={"information": _spans(figures.abilities, figures.information), "expected": _spans(figures.abilities, figures.expected)},
        has_matrix=len(found.names) <= MOST_COLUMNS,
        is_many=len(found.names) > MOST_CURVES,
    )


@bp.get("/papers/<int:number>/pictures/<name>.csv")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def form_picture_csv(number: int, name: str) -> ResponseReturnValue:
    """The figures of one picture."""
    if name not in TABLES:
        return redirect(url_for("admin.form_pictures", number=number))
    try:
        with reading() as session:
            view, table = papers_of_forms.form_set(session, number), TABLES[name](compared(session, number))
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.form_set", number=number))
    return attachment(csv_file(table.titles, table.rows), CSV, (*_words(view), table.name), "csv")


@bp.get("/papers/<int:number>/pictures.xlsx")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def form_pictures_xlsx(number: int) -> ResponseReturnValue:
    """The figures of all pictures, a sheet for each."""
    try:
        with reading() as session:
            view, found = papers_of_forms.form_set(session, number), compared(session, number)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.form_set", number=number))
    is_many = len(found.names) > MOST_CURVES
    tables = [_overlap_counts(found) if name == "overlap" and is_many else table(found) for name, table in TABLES.items()]
    return attachment(tables_workbook(tables, view.title, now().wall), XLSX, (*_words(view), gettext("How alike the forms are")), "xlsx")


def _information(found: FormsCompared) -> Table:
    return _by_ability(gettext("Test information"), found, found.figures.information)


def _expected(found: FormsCompared) -> Table:
    return _by_ability(gettext("Expected score"), found, found.figures.expected)


def _by_ability(title: str, found: FormsCompared, heights: tuple[tuple[float, ...], ...]) -> Table:
    titles = [gettext("Form"), *(f"θ = {theta:g}" for theta in found.figures.abilities)]
    return Table(title, titles, [[name, *(rounded(each) for each in line)] for name, line in zip(found.names, heights, strict=True)])


def _overlap(found: FormsCompared) -> Table:
    rows: list[list[str | int]] = [[name, *line] for name, line in zip(found.names, found.figures.shared, strict=True)]
    return Table(gettext("Items that two forms share"), [gettext("Form"), *found.names], rows)


def _overlap_counts(found: FormsCompared) -> Table:
    titles = [gettext("Items shared"), gettext("Pairs of forms")]
    return Table(gettext("Items that two forms share"), titles, [[shared, count] for shared, count in found.figures.pairs])


def _exposure(found: FormsCompared) -> Table:
    counts = Counter(found.figures.uses.values()) + Counter({0: found.never_used})
    titles = [gettext("Stands in so many forms"), gettext("Items")]
    return Table(gettext("Use of items"), titles, [[times, counts[times]] for times in sorted(counts)])


def _difficulty(found: FormsCompared) -> Table:
    means = list(found.figures.difficulty.values())
    rows: list[list[str | Decimal | None]] = [
        [name, *(None if isnan(each[place]) else rounded(each[place]) for each in means)] for place, name in enumerate(found.names)
    ]
    return Table(gettext("Mean difficulty by section"), [gettext("Form"), *found.section_names.values()], rows)


TABLES: Mapping[str, Callable[[FormsCompared], Table]] = {
    "information": _information,
    "expected": _expected,
    "overlap": _overlap,
    "exposure": _exposure,
    "difficulty": _difficulty,
}


def _spans(abilities: tuple[float, ...], heights: tuple[tuple[float, ...], ...]) -> list[tuple[str, float, float, float]]:
    """Return for some abilities the least, mean and largest height."""
    columns = list(zip(*heights, strict=True))[::EVERY_SECOND_TICK]
    shown_at = abilities[::EVERY_SECOND_TICK]
    return [(f"{theta:g}", min(column), sum(column) / len(column), max(column)) for theta, column in zip(shown_at, columns, strict=True)]


def rounded(figure: float) -> Decimal:
    """Return a computed figure with as many decimals as anybody reads."""
    return Decimal(f"{figure:.4f}")


def _words(view: FormSetView) -> tuple[str, str]:
    return view.title, gettext("Set %(number)d", number=view.id)
