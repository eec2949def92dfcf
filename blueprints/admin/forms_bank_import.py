"""The form of a file of items."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

TAGS_OF_POINT = ("level", "section", "point")
PARTED = "|"


class ItemFileForm(FlaskForm):
    """A file, and its format where the name does not tell."""

    file = FileField(
        lazy_gettext("File of items"),
        [FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("One file of a bank, at most 32 MB"),
    )
    format = SelectField(lazy_gettext("Format"))
    point = SelectField(lazy_gettext("Point"), default="")
    difficulty = SelectField(lazy_gettext("Difficulty"), default="")
    importance = SelectField(lazy_gettext("Importance"), default="")

    def tags(self) -> dict[str, object]:
        """Return what is said of items that do not say it themselves; a point comes with its level and section."""
        said: dict[str, object] = dict(zip(TAGS_OF_POINT, self.point.data.split(PARTED), strict=False)) if self.point.data else {}
        said |= {"difficulty": int(self.difficulty.data)} if self.difficulty.data else {}
        return said | ({"importance": self.importance.data} if self.importance.data else {})
