"""Who somebody is in the program. A grant gives a role to a person at one site or at all."""

from enum import StrEnum

from question_bank.message import N_, Message


class Role(StrEnum):
    """The roles; a candidate's is held by signing in with a ticket, all others by grants."""

    CANDIDATE = "candidate"
    PROCTOR = "proctor"
    EXAMINER = "examiner"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


STAFF_ROLES = tuple(role for role in Role if role is not Role.CANDIDATE)

ROLE_NAMES = {
    Role.CANDIDATE: Message(N_("Candidate")),
    Role.PROCTOR: Message(N_("Proctor")),
    Role.EXAMINER: Message(N_("Examiner")),
    Role.AUTHOR: Message(N_("Item author")),
    Role.REVIEWER: Message(N_("Item reviewer")),
    Role.ADMINISTRATOR: Message(N_("Administrator")),
    Role.AUDITOR: Message(N_("Auditor")),
}
