"""The files beside the database: the secret key, the certificates, the backups."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from examsrv.services.backing_up import backups_in, made_at
from examsrv.services.diagnosing.findings import Finding, Installation, fine, warning, wrong
from examsrv.services.diagnosing.machine import existing
from examsrv.storage.sealing import KEY_BYTES
from question_bank.message import N_

OTHERS = stat.S_IRWXG | stat.S_IRWXO
RENEW_WITHIN = timedelta(days=30)
BACKUP_WITHIN = timedelta(hours=26)  # a daily one, and time to make it
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def look_at_secret(at: Installation) -> Iterator[Finding]:
    """Look whether the key is there, whole, and readable by its owner only."""
    file = at.secret_file
    if not file.is_file():
        yield wrong(N_("There is no %(file)s: names and ID numbers cannot be read without it. Restore it from a backup."), file=file)
        return
    found = file.stat()
    if found.st_size != KEY_BYTES:
        yield wrong(N_("%(file)s is damaged: it has %(size)d bytes. Restore it from a backup."), file=file, size=found.st_size)
    elif found.st_mode & OTHERS:
        yield wrong(N_("%(file)s can be read by others (mode %(mode)s). Run: chmod 600 %(file)s"), file=file, mode=f"{stat.S_IMODE(found.st_mode):o}")
    else:
        yield fine(N_("%(file)s can be read by its owner only."), file=file)


def look_at_certificates(at: Installation) -> Iterator[Finding]:
    """Look at the dates of the certificates for TLS."""
    there = [file for file in at.certificates if file.is_file()]
    for file in there:
        yield _of_certificate(at, file)
    for file in at.certificates:
        if file not in there:
            yield wrong(N_("There is no certificate %(file)s."), file=file)
    if not at.certificates:
        if at.ends_tls_elsewhere:
            yield warning(N_("A proxy ends TLS with a certificate that is not in the data folder. Look at its dates yourself."))
        else:
            yield warning(N_("There is no TLS: only browsers on this machine can reach the server. Run: examsrv tls init"))


def look_at_backups(at: Installation) -> Iterator[Finding]:
    """Look how old the newest backup is, and whether it would be lost together with the data."""
    made = backups_in(at.backup_folder)
    if not made:
        yield warning(N_("There is no backup in %(folder)s. Run: examsrv backup"), folder=at.backup_folder)
        return
    age = at.wall - made_at(made[-1])
    values = {"archive": made[-1], "hours": max(0, age // HOUR)}
    if age > BACKUP_WITHIN:
        yield warning(N_("The newest backup is %(hours)d hours old: %(archive)s. Run: examsrv backup"), **values)
    else:
        yield fine(N_("The newest backup is %(hours)d hours old: %(archive)s."), **values)
    if existing(at.backup_folder).stat().st_dev == existing(at.data_folder).stat().st_dev:
        yield warning(N_("The backups lie on the same disk as the data; when it fails both are gone. Copy them elsewhere, or set EXAMSRV_BACKUPS."))


def _of_certificate(at: Installation, file: Path) -> Finding:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError:
        return wrong(N_("%(file)s is not a certificate in PEM form."), file=file)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    values = {"file": file, "day": f"{end:%Y-%m-%d}", "days": (end - at.wall) // DAY}
    if at.wall < begin:
        return wrong(N_("The certificate %(file)s is not valid yet, only from %(begin)s. Is the clock right?"), file=file, begin=f"{begin:%Y-%m-%d}")
    if at.wall >= end:
        return wrong(N_("The certificate %(file)s ended on %(day)s: browsers will refuse the server."), **values)
    if end - at.wall < RENEW_WITHIN:
        return warning(N_("The certificate %(file)s ends in %(days)d days, on %(day)s. Renew it."), **values)
    return fine(N_("The certificate %(file)s holds until %(day)s."), **values)
