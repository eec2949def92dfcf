"""Candidates' names, numbers and photos: sealed under a key of the person's own, which is itself sealed by the installation's secret."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from examsrv.domain.identity import masked, normalised
from examsrv.storage.sealing import NONCE_BYTES, Secret, seal, seal_bytes, unseal, unseal_bytes
from examsrv.storage.tables import CandidateRow

IDENTITY = "identity"
PERSON_KEYS = "person keys"
MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class CandidateDetails:
    """Who a candidate is. Of the ID number only `masked` may be shown or exported. `employer` and `training_class` say who may not score them."""

    name: str
    id_number: str
    masked: str
    employer: str = ""
    training_class: str = ""


def identity_digest(secret: Secret, id_number: str) -> str:
    """Return what a person is found by: the keyed digest of the ID number, however it is spelled."""
    return secret.keyed(IDENTITY, normalised(id_number))


def candidate_of(secret: Secret, row: CandidateRow) -> CandidateDetails:
    """Return a candidate's details; damaged rows or another secret raise `cryptography.exceptions.InvalidTag`."""
    return details_of(secret, row.person_key, row.sealed)


def details_of(secret: Secret, person_key: bytes, sealed: bytes) -> CandidateDetails:
    """Return a candidate's details from the two columns that hold them."""
    details = unseal(_unwrapped(secret, person_key), sealed)
    if not isinstance(details, dict):
        raise TypeError("a candidate's row holds an object")
    name, id_number = str(details["name"]), str(details["id_number"])
    return CandidateDetails(name, id_number, masked(id_number), str(details.get("employer", "")), str(details.get("training_class", "")))


@lru_cache(maxsize=MOST_SHOWN)
def shown_details(secret: Secret, person_key: bytes, sealed: bytes) -> tuple[str, str]:
    """Return name and masked ID number from the two columns that hold them. Boards ask for the same again and again: it is opened once."""
    details = details_of(secret, person_key, sealed)
    return details.name, details.masked


def photo_of(secret: Secret, row: CandidateRow) -> bytes | None:
    """Return a candidate's photo as JPEG; None when there is none."""
    return None if row.photo is None else base64.b64decode(str(unseal(_person_key(secret, row), row.photo)))


def sealed_file(secret: Secret, row: CandidateRow, content: bytes, new_key: Callable[[], bytes]) -> bytes:
    """Return the bytes of a file sealed under the person's key; `new_key` gives 32 bytes of chance."""
    return seal_bytes(_person_key(secret, row), content, _nonce(new_key))


def opened_file(secret: Secret, row: CandidateRow, sealed: bytes) -> bytes:
    """Return what `sealed_file` was given."""
    return unseal_bytes(_person_key(secret, row), sealed)


def add_candidate(
    session: Session,
    secret: Secret,
    name: str,
    id_number: str,
    photo: bytes | None,
    new_key: Callable[[], bytes],
    employer: str = "",
    training_class: str = "",
) -> CandidateRow:
    """Add a person under a fresh key; `new_key` gives 32 bytes of chance."""
    person_key = new_key()
    wrapped = seal(secret.derived(PERSON_KEYS), person_key.hex(), _nonce(new_key))
    sealed = _sealed(person_key, name, id_number, employer, training_class, new_key)
    row = CandidateRow(identity=identity_digest(secret, id_number), person_key=wrapped, sealed=sealed)
    row.photo = None if photo is None else _sealed_photo(person_key, photo, new_key)
    session.add(row)
    session.flush()
    return row


def change_candidate(
    secret: Secret,
    row: CandidateRow,
    name: str,
    photo: bytes | None,
    new_key: Callable[[], bytes],
    employer: str | None = None,
    training_class: str | None = None,
) -> None:
    """Give a person another name, and another photo, employer and training class unless they are None; key and ID number stay."""
    person_key, known = _person_key(secret, row), candidate_of(secret, row)
    employer = known.employer if employer is None else employer
    training_class = known.training_class if training_class is None else training_class
    row.sealed = _sealed(person_key, name, known.id_number, employer, training_class, new_key)
    if photo is not None:
        row.photo = _sealed_photo(person_key, photo, new_key)


def _person_key(secret: Secret, row: CandidateRow) -> bytes:
    return _unwrapped(secret, row.person_key)


def _unwrapped(secret: Secret, person_key: bytes) -> bytes:
    return bytes.fromhex(str(unseal(secret.derived(PERSON_KEYS), person_key)))


def _sealed(person_key: bytes, name: str, id_number: str, employer: str, training_class: str, new_key: Callable[[], bytes]) -> bytes:
    details = {"name": name, "id_number": id_number, "employer": employer, "training_class": training_class}
    return seal(person_key, details, _nonce(new_key))


def _sealed_photo(person_key: bytes, photo: bytes, new_key: Callable[[], bytes]) -> bytes:
    return seal(person_key, base64.b64encode(photo).decode(), _nonce(new_key))


def _nonce(new_key: Callable[[], bytes]) -> bytes:
    return new_key()[:NONCE_BYTES]
