"""Whether the server can hold an examination at this moment, and whether its storage is in danger, in words."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from examsrv.services.diagnosing.machine import ALARM_SHARE, CAUTION_SHARE, free_share
from examsrv.storage.migrating import is_current
from examsrv.web.server import Server
from question_bank.message import N_, Message


def lacking(server: Server) -> Iterator[Message]:
    """Yield what is lacking: the database's answer, its present schema, the journal, storage that takes what is saved, room on the disk."""
    try:
        if not is_current(server.database):
            yield Message(N_("The database does not have the present schema."))
    except SQLAlchemyError:
        yield Message(N_("The database does not answer."))
    if not server.journal.is_alive:
        yield Message(N_("The journal that writes answers down has stopped. Restart the server."))
    yield from storage_alarms(server)


def storage_alarms(server: Server) -> Iterator[Message]:
    """Yield why nothing is saved now, or soon will not be. Cheap: boards ask every two seconds."""
    if server.database.is_failing:
        yield Message(N_("Nothing can be saved now: the disk or the database refuses it."))
    try:
        if free_share(server.settings.data_folder) < ALARM_SHARE:
            yield Message(N_("The disk is nearly full."))
    except OSError:
        yield Message(N_("The data folder cannot be read."))


def storage_cautions(server: Server) -> Iterator[Message]:
    """Yield what should be seen to before it becomes an alarm."""
    try:
        if ALARM_SHARE <= free_share(server.settings.data_folder) < CAUTION_SHARE:
            yield Message(N_("The disk is filling up."))
    except OSError:
        return  # an alarm already
