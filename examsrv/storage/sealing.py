"""Personal data at rest: sealed with AES-GCM under a key per person, found again by a keyed digest. Erasing the key erases the person."""

import contextlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Secret:
    """The installation's master secret. Keys for separate purposes are derived from it by name."""

    master: bytes

    def derived(self, purpose: str) -> bytes:
        """Return the key for `purpose`, 32 bytes."""
        return _derived(self.master, purpose)

    def keyed(self, purpose: str, text: str) -> str:
        """Return the keyed digest of `text` in hex: equal texts are found, and nothing is told without the secret."""
        return hmac.digest(_derived(self.master, purpose), text.encode(), "sha256").hex()


@lru_cache
def _derived(master: bytes, purpose: str) -> bytes:
    return hmac.digest(master, purpose.encode(), "sha256")


def load_secret(file: Path, new_key: Callable[[], bytes]) -> Secret:
    """Read the master secret; at the very first start make it with `new_key`, readable by the owner only.

    The file is there whole or not at all, and of two that start at once both get the same. One of another length raises ValueError: going on with it
    would seal under a key that anybody can guess, or leave everything unreadable.
    """
    if not file.exists():
        _make_secret(file, new_key())
    master = file.read_bytes()
    if len(master) != KEY_BYTES:
        raise ValueError(f"{file.name} is damaged: it has {len(master)} bytes instead of {KEY_BYTES}")
    return Secret(master)


def _make_secret(file: Path, key: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def seal(key: bytes, value: object, nonce: bytes) -> bytes:
    """Return `value` (plain JSON types) sealed under `key`; `nonce` is 12 bytes of chance, never used twice with one key."""
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(value, ensure_ascii=False).encode(), None)


def unseal(key: bytes, sealed: bytes) -> object:
    """Return what `seal` was given; damaged bytes or a wrong key raise `cryptography.exceptions.InvalidTag`."""
    return json.loads(AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))


def seal_bytes(key: bytes, content: bytes, nonce: bytes) -> bytes:
    """Return the bytes of a file sealed under `key`; `nonce` is 12 bytes of chance, never used twice with one key."""
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def unseal_bytes(key: bytes, sealed: bytes) -> bytes:
    """Return what `seal_bytes` was given; damaged bytes or a wrong key raise `cryptography.exceptions.InvalidTag`."""
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
