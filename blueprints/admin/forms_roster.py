"""The forms of a sitting's candidates."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import SelectField


class RosterForm(FlaskForm):
    """A file of candidates."""

    roster = FileField(
        _l("File of candidates"),
        [FileRequired(_l("Choose a file.")), FileAllowed(["xlsx", "csv"], _l("An .xlsx or .csv file is needed."))],
        description=_l("Excel workbook (.xlsx) or CSV, one candidate in each row"),
    )
    photos = FileField(
        _l("Photos (optional)"),
        [FileAllowed(["zip"], _l("A .zip file is needed."))],
        description=_l("A zip file with one JPEG or PNG for each ticket number"),
    )


class MoveForm(FlaskForm):
    """Another seat."""

    place = SelectField(_l("Free seats"))
