"""An item's life as a table: which act leads from which state to which, and whose act it is. Authors and reviewers are different people."""

from dataclasses import dataclass
from enum import StrEnum

from examsrv.domain.roles import Role
from question_bank.message import N_, ExamError, Message


class ItemState(StrEnum):
    """Where an item stands. An approved one that is worked on again has the state of its draft; the approved version counts on until then."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    RETIRED = "retired"


class Act(StrEnum):
    """What can be done with an item."""

    SAVE = "saved"
    SEND = "sent_to_review"
    TAKE_BACK = "taken_back"
    RETURN = "returned"
    APPROVE = "approved"
    REVISE = "revised"
    DISCARD = "discarded"
    RETIRE = "retired"
    REVIVE = "revived"


@dataclass(frozen=True, slots=True)
class Passage:
    """Where an act leads (None: the draft is gone, and the item is what it was before), who may do it, and whether it must not be the author."""

    to: ItemState | None
    roles: frozenset[Role]
    not_the_author: bool = False


WRITERS = frozenset({Role.AUTHOR, Role.ADMINISTRATOR})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})

LIFE: dict[tuple[ItemState, Act], Passage] = {
    (ItemState.DRAFT, Act.SAVE): Passage(ItemState.DRAFT, WRITERS),
    (ItemState.DRAFT, Act.SEND): Passage(ItemState.IN_REVIEW, WRITERS),
    (ItemState.DRAFT, Act.DISCARD): Passage(None, WRITERS),
    (ItemState.IN_REVIEW, Act.TAKE_BACK): Passage(ItemState.DRAFT, WRITERS),
    (ItemState.IN_REVIEW, Act.RETURN): Passage(ItemState.RETURNED, REVIEWERS, not_the_author=True),
    (ItemState.IN_REVIEW, Act.APPROVE): Passage(ItemState.APPROVED, REVIEWERS, not_the_author=True),
    (ItemState.RETURNED, Act.SAVE): Passage(ItemState.RETURNED, WRITERS),
    (ItemState.RETURNED, Act.SEND): Passage(ItemState.IN_REVIEW, WRITERS),
    (ItemState.RETURNED, Act.DISCARD): Passage(None, WRITERS),
    (ItemState.APPROVED, Act.REVISE): Passage(ItemState.DRAFT, WRITERS),
    (ItemState.APPROVED, Act.RETIRE): Passage(ItemState.RETIRED, REVIEWERS),
    (ItemState.RETIRED, Act.REVIVE): Passage(ItemState.APPROVED, REVIEWERS),
    (ItemState.RETIRED, Act.REVISE): Passage(ItemState.DRAFT, WRITERS),
}
"""Every passage there is; whatever does not stand here cannot be done."""


def passage(state: ItemState, act: Act) -> Passage:
    """Return where `act` leads from `state`; refuse what the table does not have."""
    found = LIFE.get((state, act))
    if found is None:
        raise ExamError(Message(N_("This cannot be done with an item in the state “%(state)s”."), {"state": STATE_NAMES[state]}))
    return found


STATE_NAMES = {
    ItemState.DRAFT: Message(N_("Draft")),
    ItemState.IN_REVIEW: Message(N_("In review")),
    ItemState.RETURNED: Message(N_("Sent back")),
    ItemState.APPROVED: Message(N_("Approved")),
    ItemState.RETIRED: Message(N_("Retired")),
}
