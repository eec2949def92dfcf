"""The kinds of items, one file each, found by name in `KINDS`. A new kind is a new file and one more entry here."""

from collections.abc import Mapping

from question_bank.kinds.kind import KindOfItem, NotAResponseError, PartialCredit
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.true_false import TRUE_FALSE

KINDS: Mapping[str, KindOfItem] = {kind.name: kind for kind in (SINGLE_CHOICE, MULTIPLE_CHOICE, TRUE_FALSE)}
"""Every kind by its name, in the order in which a paper groups them."""

__all__ = ["KINDS", "KindOfItem", "NotAResponseError", "PartialCredit"]
