"""The one place that draws chance from the machine. Everything else is given a seed or a token made here."""

import secrets

TOKEN_BYTES = 32
PUBLIC_ID_BYTES = 16
SEED_BITS = 63
CODE_DIGITS = "0123456789"
CODE_LENGTH = 6


def token() -> str:
    """Return 256 bits of chance as hex: the value of a session cookie."""
    return secrets.token_hex(TOKEN_BYTES)


def key() -> bytes:
    """Return 256 bits of chance: a secret key."""
    return secrets.token_bytes(TOKEN_BYTES)


def public_id() -> str:
    """Return 128 bits of chance as hex: an identifier that cannot be guessed."""
    return secrets.token_hex(PUBLIC_ID_BYTES)


def seed() -> int:
    """Return a seed for a generator, to be recorded beside what it made."""
    return secrets.randbits(SEED_BITS)


def code() -> str:
    """Return six digits, as for a seat."""
    return "".join(secrets.choice(CODE_DIGITS) for _ in range(CODE_LENGTH))
