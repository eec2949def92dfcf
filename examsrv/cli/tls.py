"""`examsrv tls init`: a private certificate authority and the server's certificate, and what to do with them."""

from collections.abc import Iterator
from pathlib import Path

import click
from cryptography.hazmat.primitives import hashes

from examsrv.cli.refusing import refusing
from examsrv.config import from_environment
from examsrv.storage.certificates import Places, fingerprint, places, places_of
from examsrv.storage.tls_folder import AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY, Issued, issue
from examsrv.web.clock import MachineClock
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message


@click.group("tls", help="Certificates for encrypted connections.")
def tls() -> None:
    """Group the commands about certificates."""


@tls.command("init", help="Make a private certificate authority and the server's certificate; called again, renew the server's certificate.")
@click.option("--name", "names", multiple=True, help="Name by which machines reach this server; may be given several times.")
@click.option("--address", "addresses", multiple=True, help="Address by which machines reach this server; may be given several times.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the files go; without it the folder tls in the data folder.")
@click.option("--new-ca", is_flag=True, help="Make a new certificate authority though there is one. It has to be installed on every machine.")
def init(names: tuple[str, ...], addresses: tuple[str, ...], folder: Path | None, new_ca: bool) -> None:
    """Make what is missing or asked for and say what to do with it; refused in words, nothing is changed."""
    say = translator()
    with refusing():
        wanted = _wanted(names, addresses)
        where = folder or from_environment().tls_folder
        issued = issue(where, wanted, MachineClock().wall(), new_ca)
    for message in told(issued, where):
        click.echo(say(message))


def told(issued: Issued, folder: Path) -> Iterator[Message]:
    """Say what was made, and what is to be done on the server and on the machines of the rooms."""
    authority = {"file": folder / AUTHORITY, "day": f"{issued.authority.not_valid_after_utc:%Y-%m-%d}"}
    if issued.new_authority:
        yield Message(N_("The certificate authority has been made: %(file)s, valid until %(day)s."), authority)
    else:
        yield Message(N_("The certificate authority is the one that was there: %(file)s, valid until %(day)s."), authority)
    server = {"file": folder / SERVER, "key": folder / SERVER_KEY, "day": f"{issued.server.not_valid_after_utc:%Y-%m-%d}"}
    text = N_("The server's certificate for %(places)s has been made: %(file)s with the key %(key)s, valid until %(day)s.")
    yield Message(text, {**server, "places": places_of(issued.server)})
    yield Message(N_("A server that is running takes it when it is started anew; nginx when it is told: systemctl reload nginx"))
    yield from _told_of_machines(issued, folder)
    yield Message(N_("Fingerprint of %(file)s, SHA-256: %(digits)s"), {"file": AUTHORITY, "digits": fingerprint(issued.authority, hashes.SHA256())})
    windows = fingerprint(issued.authority, hashes.SHA1())  # noqa: S303 -- what Windows shows to compare by eye; nothing is signed with it
    yield Message(N_("Fingerprint of %(file)s as Windows shows it, SHA-1: %(digits)s"), {"file": AUTHORITY, "digits": windows})


def _told_of_machines(issued: Issued, folder: Path) -> Iterator[Message]:
    if not issued.new_authority:
        yield Message(N_("Nothing is to be done on the machines that trust this authority already."))
        return
    file = {"file": AUTHORITY}
    yield Message(N_("On every machine of the rooms, make %(file)s a trusted root certificate:"), file)
    yield Message(N_("  Windows, as administrator: certutil -addstore -f Root %(file)s"), file)
    yield Message(N_('  Linux, as the person who runs the browser: certutil -d sql:"$HOME/.pki/nssdb" -A -t C,, -n examsrv -i %(file)s'), file)
    text = N_("Never copy %(key)s to another machine of the rooms: whoever has it can pose as this server. It is needed for renewing only.")
    yield Message(text, {"key": folder / AUTHORITY_KEY})


def _wanted(names: tuple[str, ...], addresses: tuple[str, ...]) -> Places:
    try:
        return places(names, addresses)
    except ExamError as error:
        raise click.UsageError(translator()(error.message)) from error
