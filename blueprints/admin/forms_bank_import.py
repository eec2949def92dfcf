"""The form of a file of items."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField


class ItemFileForm(FlaskForm):
    """A file, and its format where the name does not tell."""

    file = FileField(
        lazy_gettext("File of items"),
        [FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("One file of a bank, at most 32 MB"),
    )
    format = SelectField(lazy_gettext("Format"))
