"""The kinds of items, one file each, found by name in `KINDS`. A new kind is a new file and one more entry here."""

from collections.abc import Mapping

from question_bank.kinds.blank import BLANK
from question_bank.kinds.essay import ESSAY
from question_bank.kinds.kind import Kind, NotAResponseError, PartialCredit, Scoring
from question_bank.kinds.matching import MATCHING
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.numeric import NUMERIC
from question_bank.kinds.ordering import ORDERING
from question_bank.kinds.short_text import SHORT_TEXT
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.table import TABLE
from question_bank.kinds.true_false import TRUE_FALSE
from question_bank.kinds.upload import UPLOAD

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (SINGLE_CHOICE, MULTIPLE_CHOICE, TRUE_FALSE, BLANK, NUMERIC, MATCHING, ORDERING, TABLE, SHORT_TEXT, ESSAY, UPLOAD)
}
"""Every kind by its name, in the order in which a paper groups them."""

__all__ = ["KINDS", "Kind", "NotAResponseError", "PartialCredit", "Scoring"]
