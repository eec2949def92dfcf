"""Making certificates: a private authority that may speak for one installation only, and the server's certificate signed by it.

Both are made as browsers on Windows and Linux accept them: names and addresses stand among the alternative names, the purpose is to be a server,
and no server's certificate holds longer than 397 days.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from question_bank.message import N_, ExamError, Message

AUTHORITY_LIFE = timedelta(days=3652)
SERVER_LIFE = timedelta(days=397)
"""From the first moment to the last; browsers refuse public certificates that hold longer, and we keep to the same."""
BACKDATED = timedelta(days=1)
"""A machine whose clock is some hours behind must not refuse a certificate for being made in its future."""
PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")
"""The authority may speak for these whatever the server's addresses: a server that moves to another room keeps its authority."""
ALWAYS_PERMITTED = "localhost"
"""A name among the permitted ones forbids all others; this one stands there when the server has addresses only."""
LONGEST_NAME = 253
NAME = re.compile(r"(?!([^.]*\.)*\d+$)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
"""Labels of letters, digits and hyphens; browsers take a name that ends with a number for an address."""

Address = IPv4Address | IPv6Address
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Places:
    """By which names and addresses browsers reach a server."""

    names: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.addresses)

    def __str__(self) -> str:
        return ", ".join([*self.names, *map(str, self.addresses)])


def places(names: Iterable[str], addresses: Iterable[str]) -> Places:
    """Return the places that were given as text, each once. Refused: what is no name of a machine, no address of one."""
    return Places(tuple(dict.fromkeys(map(_name, names))), tuple(dict.fromkeys(map(_address, addresses))))


def new_key() -> Key:
    """Return a new private key (P-256: the shortest handshake of those that every browser knows)."""
    return ec.generate_private_key(ec.SECP256R1())


def make_authority(key: Key, server: Places, at: datetime) -> x509.Certificate:
    """Return the certificate of an authority that may speak for the names of `server`, its addresses and private addresses, ten years long."""
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"examsrv CA {at:%Y-%m-%d}")])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        _builder(title, title, key, at, at - BACKDATED + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_permitted(server), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )


def make_server_certificate(key: Key, server: Places, authority: x509.Certificate, authority_key: Key, at: datetime) -> x509.Certificate:
    """Return a certificate for a server, at most 397 days long and not longer than its authority.

    Refused: an authority that is no longer valid, and names that it may not speak for, because no browser would accept them.
    """
    if authority.not_valid_after_utc <= at:
        text = N_("The certificate authority was valid until %(day)s. Make a new one with --new-ca.")
        raise ExamError(Message(text, {"day": f"{authority.not_valid_after_utc:%Y-%m-%d}"}))
    strangers = _not_permitted(server, authority)
    if strangers:
        text = N_("The certificate authority may not speak for %(places)s. Make a new one with --new-ca, and install it on every machine.")
        raise ExamError(Message(text, {"places": strangers}))
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "examsrv server")])
    until = min(at - BACKDATED + SERVER_LIFE, authority.not_valid_after_utc)
    issuer_identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(title, authority.subject, key, at, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, server.names), *map(x509.IPAddress, server.addresses)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_identifier), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def places_of(certificate: x509.Certificate) -> Places:
    """Return for which names and addresses a server's certificate holds."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Places()
    addresses = [each for each in found.get_values_for_type(x509.IPAddress) if isinstance(each, Address)]
    return Places(tuple(found.get_values_for_type(x509.DNSName)), tuple(addresses))


def fingerprint(certificate: x509.Certificate, kind: hashes.HashAlgorithm) -> str:
    """Return a fingerprint as certificate dialogs show it: pairs of capital hexadecimal digits."""
    return certificate.fingerprint(kind).hex(":").upper()


def _name(text: str) -> str:
    name = text.strip().rstrip(".").lower()
    if _is_address(name):
        raise ExamError(Message(N_("%(text)s is an address, not a name: give it with --address"), {"text": name}))
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise ExamError(Message(N_("“%(text)s” is not the name of a machine: letters, digits, hyphens and dots only"), {"text": text}))
    return name


def _address(text: str) -> Address:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError as error:
        raise ExamError(Message(N_("“%(text)s” is not an address of a machine, such as 192.168.1.10"), {"text": text})) from error
    if address.is_unspecified or address.is_multicast or "%" in text:
        raise ExamError(Message(N_("%(text)s is not an address by which one machine is reached"), {"text": text}))
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, at: datetime, until: datetime) -> x509.CertificateBuilder:
    whole = (moment.replace(microsecond=0) for moment in (at - BACKDATED, until))
    begin, end = whole
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _permitted(server: Places) -> x509.NameConstraints:
    names = dict.fromkeys([*server.names, ALWAYS_PERMITTED])
    networks = dict.fromkeys([*map(ip_network, PRIVATE_NETWORKS), *map(ip_network, server.addresses)])
    return x509.NameConstraints([*map(x509.DNSName, names), *map(x509.IPAddress, networks)], None)


def _not_permitted(server: Places, authority: x509.Certificate) -> Places:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    names = [each.value for each in permitted if isinstance(each, x509.DNSName)]
    networks = [each.value for each in permitted if isinstance(each.value, IPv4Network | IPv6Network)]
    return Places(
        tuple(name for name in server.names if not any(name == each or name.endswith(f".{each}") for each in names)),
        tuple(address for address in server.addresses if not any(address in each for each in networks)),
    )
