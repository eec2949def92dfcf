"""One spelling for a value, so that equal values have equal digests."""

import hashlib
import json

_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: object) -> bytes:
    """Return `value` (plain JSON types) as UTF-8 JSON with sorted keys and no white space."""
    return _CANONICAL.encode(value).encode()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical spelling, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def chained(previous: str, value: object) -> str:
    """Return the digest of `value` as the successor of `previous` in a chain."""
    return hashlib.sha256(previous.encode() + canonical(value)).hexdigest()
