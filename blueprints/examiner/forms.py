"""The forms of the examiner."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from examsrv.services.bars import GROUND_NAMES, NOTE_LONGEST
from examsrv.web.language import shown


class RecusalForm(FlaskForm):
    """Why somebody may not score a candidate."""

    ground = SelectField(lazy_gettext("Reason"))
    note = TextAreaField(
        lazy_gettext("Note"),
        [Length(max=NOTE_LONGEST)],
        description=lazy_gettext("Read by the leader of the group and the office."),
    )

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.ground.choices = [(str(ground), shown(name)) for ground, name in GROUND_NAMES.items()]
