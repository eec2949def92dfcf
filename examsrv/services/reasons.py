"""The reasons and incidents that a proctor chooses from, and their words."""

from question_bank.message import N_, Message

BREACH, FORCED = "misconduct", "forced_hand_in"

GRANT_REASONS = {
    "terminal": Message(N_("Machine fault")),
    "network": Message(N_("Network fault")),
    "power": Message(N_("Power cut")),
    "server": Message(N_("Server fault")),
    "paper": Message(N_("Fault in the paper")),
    "illness": Message(N_("Illness")),
    "disturbance": Message(N_("Disturbance in the room")),
    BREACH: Message(N_("Breach of the rules")),
    "other": Message(N_("Other reason")),
}

MESSAGE, MOVED, UNLOCKED, MACHINE_CONFIRMED, DETAILS_SETTLED = "message", "moved", "unlocked", "machine_confirmed", "details_settled"
"""What candidates were told, who was given another seat, and what else was done for somebody; the room's log says it in sentences of its own."""

INCIDENT_KINDS = {
    "terminal": Message(N_("Machine fault")),
    "network": Message(N_("Network fault")),
    "power": Message(N_("Power cut")),
    "illness": Message(N_("Illness")),
    "disturbance": Message(N_("Disturbance in the room")),
    BREACH: Message(N_("Breach of the rules")),
    "warning": Message(N_("Warning given")),
    "admitted_late": Message(N_("Late comer admitted")),
    FORCED: Message(N_("Handed in by the room")),
    "step_conflict": Message(N_("Contradictory data from a machine")),
    "other": Message(N_("Other event")),
}

OUTAGE = Message(N_("Server interrupted"))

WITHOUT_PROCTORS = "without_proctors"
"""The reason of a start for which the batch asks for no proctors."""


def reason_label(reason: str) -> Message:
    """Return the words for a reason of the time ledger."""
    return GRANT_REASONS.get(reason, OUTAGE)
