"""What the kinds with options have in common: how options must be lettered."""

from question_bank.item import Item
from question_bank.message import N_, Fault, Message

LETTERS = "ABCDEFGHIJ"


def faults_of_options(item: Item, counts: range | None) -> list[Fault]:
    """Return the faults of the options: their number must be in `counts`, letters run A, B, C … and no two texts are equal or empty."""
    place = f"{item.id}.options"
    if counts is None:
        return [Fault(place, Message(N_("An item of this kind has no options")))] if item.options else []
    faults = []
    if len(item.options) not in counts:
        values = {"least": counts.start, "most": counts.stop - 1, "given": len(item.options)}
        faults.append(Fault(place, Message(N_("%(least)d to %(most)d options are wanted, %(given)d are given"), values)))
    letters = [option.letter for option in item.options]
    if letters != list(LETTERS[: len(letters)]):
        faults.append(Fault(place, Message(N_("The letters must run from A without a gap, not %(letters)s"), {"letters": " ".join(letters)})))
    texts = [option.text.strip() for option in item.options]
    if "" in texts or len(set(texts)) < len(texts):
        faults.append(Fault(place, Message(N_("Options must differ from each other and none may be empty"))))
    return faults


def unknown_letters(item: Item, letters: set[str], place: str) -> list[Fault]:
    """Return a fault for each of `letters` that no option has."""
    unknown = sorted(letters - {option.letter for option in item.options})
    return [Fault(place, Message(N_("The key %(key)s is not among the options"), {"key": letter})) for letter in unknown]
