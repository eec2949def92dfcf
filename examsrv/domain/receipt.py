"""The receipt of a hand-in: a short code that follows from the attempt's log."""

import hashlib

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as another: no 0 O 1 I L
HALF = 4
CODE_LENGTH = 8


def receipt_code(head: str) -> str:
    """Return the code for an attempt whose chain ends in `head`, such as K7QF-3M2A."""
    number = int.from_bytes(hashlib.sha256(b"receipt" + head.encode()).digest())
    letters = ""
    while len(letters) < CODE_LENGTH:
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return f"{letters[:HALF]}-{letters[HALF:]}"
