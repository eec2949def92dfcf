"""The tables, by subject. Those listed in `append_only.py` are never changed, only added to."""

from examsrv.storage.tables.attempts import AttemptRow, QuarantinedStepRow, StepRow
from examsrv.storage.tables.audit import ApprovalRow, AuditRow, NoteRow
from examsrv.storage.tables.bank import FormRow, FormSetRow, ItemVersionRow, PackRow, PaperRow
from examsrv.storage.tables.base import Base, table_of
from examsrv.storage.tables.clock import ClockMarkRow
from examsrv.storage.tables.keys import ItemKeyRow, PaperKeyRow
from examsrv.storage.tables.people import CandidateRow, CandidateSessionRow, PersonRow, RoleGrantRow, StaffSessionRow, ThrottleRow
from examsrv.storage.tables.results import ItemMarkRow, ResultRow, RunRow
from examsrv.storage.tables.rooms import (
    IncidentRow,
    PresenceRow,
    ProctorDutyRow,
    RoomRow,
    SeatBindingRow,
    SeatRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
    TimeEntryRow,
)

__all__ = [
    "ApprovalRow",
    "AttemptRow",
    "AuditRow",
    "Base",
    "CandidateRow",
    "CandidateSessionRow",
    "ClockMarkRow",
    "FormRow",
    "FormSetRow",
    "IncidentRow",
    "ItemKeyRow",
    "ItemMarkRow",
    "ItemVersionRow",
    "NoteRow",
    "PackRow",
    "PaperKeyRow",
    "PaperRow",
    "PersonRow",
    "PresenceRow",
    "ProctorDutyRow",
    "QuarantinedStepRow",
    "ResultRow",
    "RoleGrantRow",
    "RoomRow",
    "RunRow",
    "SeatBindingRow",
    "SeatRow",
    "SiteRow",
    "SittingRoomRow",
    "SittingRow",
    "StaffSessionRow",
    "StepRow",
    "ThrottleRow",
    "TimeEntryRow",
    "table_of",
]
