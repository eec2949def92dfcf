"""The folder of an installation's certificates: a private authority's, and the server's signed by it.

`ca.crt` is for every machine of the rooms, `ca.key` for nobody's but the next renewal; `server.crt` and `server.key` are what the server serves with.
"""

import os
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from examsrv.storage.certificates import Key, Places, fingerprint, make_authority, make_server_certificate, new_key, places_of
from question_bank.message import N_, ExamError, Message

AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY = "ca.crt", "ca.key", "server.crt", "server.key"
OWNER_ONLY, FOR_ALL, OWNER_ENTERS = 0o600, 0o644, 0o700
SHORT = 11  # three pairs of digits and the colons between them


@dataclass(frozen=True, slots=True)
class Issued:
    """What `issue` left in the folder."""

    authority: x509.Certificate
    server: x509.Certificate
    new_authority: bool


def issue(folder: Path, server: Places, at: datetime, new_authority: bool = False) -> Issued:
    """Make the server's certificate, and the authority before it if there is none or a new one is asked for.

    Without places the certificate is renewed for those it has. The authority that is there is kept; a new one leaves the old beside it under the name
    of its fingerprint. Refused, with nothing changed: no places at all, an authority without its key, files that are damaged or cannot be written.
    """
    try:
        return _issue(folder, server, at, new_authority)
    except OSError as error:
        text = N_("%(file)s cannot be read or written: %(reason)s")
        raise ExamError(Message(text, {"file": error.filename or folder, "reason": error.strerror})) from error


def certificate_in(file: Path) -> x509.Certificate:
    """Return the first certificate of a file; refuse in words what holds none."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError as error:
        raise ExamError(Message(N_("%(file)s is not a certificate in PEM format"), {"file": file})) from error


def is_there(file: Path) -> bool:
    """Tell whether a file is there, or may be: of a folder that is closed to us nobody can say, and reading it tells why."""
    try:
        return file.exists()
    except PermissionError:
        return True


def require_pair(certificate: Path, key: Path) -> None:
    """Refuse in words a certificate and key that cannot be read or do not belong together."""
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as error:
            raise ExamError(Message(N_("%(file)s cannot be read: %(reason)s"), {"file": file, "reason": error.strerror})) from error
    certificate_in(certificate)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        text = N_("%(certificate)s and %(key)s do not belong together, or the key is damaged or has a password")
        raise ExamError(Message(text, {"certificate": certificate, "key": key})) from error


def _issue(folder: Path, server: Places, at: datetime, new_authority: bool) -> Issued:
    folder.mkdir(mode=OWNER_ENTERS, parents=True, exist_ok=True)
    server = server or _places_before(folder)
    kept = None if new_authority else _authority_of(folder)
    if kept is None:
        authority_key = new_key()
        authority, key = make_authority(authority_key, server, at), new_key()
    else:
        authority, authority_key = kept
        key = _key_in(folder / SERVER_KEY) if (folder / SERVER_KEY).exists() else new_key()
    certificate = make_server_certificate(key, server, authority, authority_key, at)
    if kept is None:
        _set_aside(folder)
        _write(folder / AUTHORITY_KEY, _pem(authority_key), OWNER_ONLY)
        _write(folder / AUTHORITY, authority.public_bytes(Encoding.PEM), FOR_ALL)
        _write(folder / SERVER_KEY, _pem(key), OWNER_ONLY)
    elif not (folder / SERVER_KEY).exists():
        _write(folder / SERVER_KEY, _pem(key), OWNER_ONLY)
    _write(folder / SERVER, certificate.public_bytes(Encoding.PEM), FOR_ALL)
    return Issued(authority, certificate, kept is None)


def _places_before(folder: Path) -> Places:
    file = folder / SERVER
    found = places_of(certificate_in(file)) if file.exists() else Places()
    if not found:
        text = N_("Say by which names and addresses the machines of the rooms reach this server: --name exam.example.cn --address 192.168.1.10")
        raise ExamError(Message(text))
    return found


def _authority_of(folder: Path) -> tuple[x509.Certificate, Key] | None:
    files = folder / AUTHORITY, folder / AUTHORITY_KEY
    if not any(file.exists() for file in files):
        return None
    for file in files:
        if not file.exists():
            text = N_("%(file)s is missing. Put it back, or make a new certificate authority with --new-ca and install it on every machine.")
            raise ExamError(Message(text, {"file": file}))
    certificate, key = certificate_in(files[0]), _key_in(files[1])
    made_here = {x509.NameConstraints.oid, x509.SubjectKeyIdentifier.oid} <= {each.oid for each in certificate.extensions}
    if not made_here or certificate.public_key() != key.public_key():
        text = N_("%(certificate)s and %(key)s do not belong together, or were not made by examsrv tls init")
        raise ExamError(Message(text, {"certificate": files[0], "key": files[1]}))
    return certificate, key


def _key_in(file: Path) -> Key:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise ExamError(Message(N_("%(file)s is not a private key without a password"), {"file": file})) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ExamError(Message(N_("%(file)s is not a key that examsrv tls init made"), {"file": file}))
    return key


def _set_aside(folder: Path) -> None:
    """Rename an authority that is to be replaced: machines still trust it until the new one is installed there."""
    file = folder / AUTHORITY
    name = fingerprint(certificate_in(file), hashes.SHA256())[:SHORT].replace(":", "") if file.exists() else "without-certificate"
    for each in (file, folder / AUTHORITY_KEY):
        if each.exists():
            each.rename(each.with_stem(f"ca-{name}"))


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a file that is there whole or not at all."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.chmod(mode)
    draft.replace(file)


def _pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _no_password() -> str:
    """Answer OpenSSL, which would otherwise ask at the terminal; no key has an empty password."""
    return ""
