"""The forms of a sitting's candidates."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import SelectField


class RosterForm(FlaskForm):
    """A file of candidates."""

    roster = FileField(
        lazy_gettext("File of candidates"),
        [FileRequired(lazy_gettext("Choose a file.")), FileAllowed(["xlsx", "csv"], lazy_gettext("An .xlsx or .csv file is needed."))],
        description=lazy_gettext("Excel workbook (.xlsx) or CSV, one candidate in each row"),
    )
    photos = FileField(
        lazy_gettext("Photos (optional)"),
        [FileAllowed(["zip"], lazy_gettext("A .zip file is needed."))],
        description=lazy_gettext("A zip file with one JPEG or PNG for each ticket number"),
    )


class MoveForm(FlaskForm):
    """Another seat."""

    place = SelectField(lazy_gettext("Free seats"))
