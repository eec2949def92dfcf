"""Objections to keys that give themselves away: by their order, their spread or their length. Order and spread are looked at file by file."""

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from math import ceil, floor

from question_bank.item import Item
from question_bank.kinds.kind import Kind
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.options import LETTERS
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.true_false import TRUE_FALSE
from question_bank.message import N_, Fault, Message
from question_bank.pack import ItemFile, Pack

CHOICES = SINGLE_CHOICE.option_counts.start
LONGEST_RUN = 3
LONGEST_PERIOD = 6
CYCLE_ROUNDS = 3
CHANCE_OF_A_CYCLE = Fraction(1, 1000)
"""A pattern that chance makes less often than this is one that somebody made."""
LETTER_SHARE = (Fraction(20, 100), Fraction(30, 100))
TRUTH_SHARE = (Fraction(40, 100), Fraction(60, 100))
WHOLE_KEY_SHARE = Fraction(1, 10)
LONGEST_KEY_SHARE = Fraction(1, 3)
LENGTH_RATIO = Fraction(14, 10)
FEWEST_FOR_SHARES = 8
"""Under so many items a share says nothing."""


def check_runs(pack: Pack) -> list[Fault]:
    """The same key does not come more than three times running."""
    faults = []
    for file in pack.files:
        for kind in (SINGLE_CHOICE, TRUE_FALSE):
            faults += _runs(_of_kind(file, kind))
    return faults


def _runs(items: Sequence[Item]) -> list[Fault]:
    faults, run = [], 0
    for index, item in enumerate(items):
        run = run + 1 if index and item.key == items[index - 1].key else 1
        if run == LONGEST_RUN + 1:
            text = N_("The same key %(key)s comes more than %(limit)d times running")
            faults.append(Fault(item.id, Message(text, {"key": str(item.key), "limit": LONGEST_RUN})))
    return faults


def check_cycles(pack: Pack) -> list[Fault]:
    """Keys do not repeat in a cycle such as A B C D A B C D A B C D."""
    faults = []
    for file in pack.files:
        for kind, choices in ((SINGLE_CHOICE, CHOICES), (TRUE_FALSE, 2)):
            faults += _cycles(file, [item.key for item in _of_kind(file, kind)], choices)
    return faults


def _cycles(file: ItemFile, keys: Sequence[Hashable], choices: int) -> list[Fault]:
    """A cycle is found where so many keys equal those one period before that chance hardly makes it."""
    for period in range(2, LONGEST_PERIOD + 1):
        wanted = max(period * (CYCLE_ROUNDS - 1), _repeats_beyond_chance(choices))
        repeats = 0
        for index in range(period, len(keys)):
            repeats = repeats + 1 if keys[index] == keys[index - period] else 0
            if repeats >= wanted and len(set(keys[index - period : index])) > 1:
                shown = " ".join(map(str, keys[index - period + 1 : index + 1]))
                return [Fault(file.name, Message(N_("The keys repeat in the cycle %(cycle)s"), {"cycle": shown}))]
    return []


def _repeats_beyond_chance(choices: int) -> int:
    repeats = 1
    while Fraction(1, choices) ** repeats > CHANCE_OF_A_CYCLE:
        repeats += 1
    return repeats


def check_letter_spread(pack: Pack) -> list[Fault]:
    """Each letter is the key of 20 to 30 percent of the single-choice items."""
    faults = []
    for file in pack.files:
        items = _of_kind(file, SINGLE_CHOICE)
        counts = Counter(item.key for item in items)
        for letter in LETTERS[:CHOICES]:
            if not _is_share_within(counts[letter], len(items), LETTER_SHARE):
                values = {"key": letter, "count": counts[letter], "total": len(items)}
                faults.append(Fault(file.name, Message(N_("%(key)s is the key of %(count)d of %(total)d single-choice items"), values)))
    return faults


def check_truth_spread(pack: Pack) -> list[Fault]:
    """About half of the statements are true."""
    faults = []
    for file in pack.files:
        items = _of_kind(file, TRUE_FALSE)
        true = sum(item.key is True for item in items)
        if not _is_share_within(true, len(items), TRUTH_SHARE):
            text = N_("%(count)d of %(total)d true/false statements are true")
            faults.append(Fault(file.name, Message(text, {"count": true, "total": len(items)})))
    return faults


def _is_share_within(count: int, total: int, share: tuple[Fraction, Fraction]) -> bool:
    least, most = share
    return total < FEWEST_FOR_SHARES or floor(total * least) <= count <= ceil(total * most)


def check_whole_keys(pack: Pack) -> list[Fault]:
    """At most one multiple-choice item in ten (or one of fewer) has all its options as key."""
    faults = []
    for file in pack.files:
        items = _of_kind(file, MULTIPLE_CHOICE)
        whole = sum(isinstance(item.key, tuple) and len(item.key) == len(item.options) for item in items)
        if whole > max(Fraction(1), len(items) * WHOLE_KEY_SHARE):
            text = N_("%(count)d of %(total)d multiple-choice items have all options as key")
            faults.append(Fault(file.name, Message(text, {"count": whole, "total": len(items)})))
    return faults


def check_longest_keys(pack: Pack) -> list[Fault]:
    """No key is longer than 1.4 times its longest distractor."""
    text = N_("The key has %(key)d characters, the longest distractor %(distractor)d")
    faults = []
    for item in _single_choice_items(pack):
        key, distractor = _lengths(item)
        if key > distractor * LENGTH_RATIO:
            faults.append(Fault(f"{item.id}.options", Message(text, {"key": key, "distractor": distractor})))
    return faults


def check_share_of_longest_keys(pack: Pack) -> list[Fault]:
    """The key is the single longest option in at most a third of a file's single-choice items."""
    faults = []
    for file in pack.files:
        lengths = [_lengths(item) for item in _of_kind(file, SINGLE_CHOICE)]
        longest = sum(key > distractor for key, distractor in lengths)
        if len(lengths) >= FEWEST_FOR_SHARES and longest > len(lengths) * LONGEST_KEY_SHARE:
            text = N_("The key is the longest option in %(count)d of %(total)d single-choice items")
            faults.append(Fault(file.name, Message(text, {"count": longest, "total": len(lengths)})))
    return faults


def _lengths(item: Item) -> tuple[int, int]:
    """Return the length of the key's text and of the longest other option, 0 where there is none."""
    key = max((len(option.text) for option in item.options if option.letter == item.key), default=0)
    return key, max((len(option.text) for option in item.options if option.letter != item.key), default=0)


def _single_choice_items(pack: Pack) -> list[Item]:
    return [item for file in pack.files for item in _of_kind(file, SINGLE_CHOICE)]


def _of_kind(file: ItemFile, kind: Kind) -> list[Item]:
    return [item for item in file.items if item.kind == kind.name]
