"""`examsrv doctor`: what the installation is lacking, in words, before the examination finds it out."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

import examsrv
from examsrv.cli.refusing import refusing
from examsrv.cli.running import existing_database
from examsrv.config import Config, from_environment
from examsrv.services.diagnosing.findings import SEVERITY_NAMES, Finding, Installation, Severity
from examsrv.services.diagnosing.table import Check, examine
from examsrv.storage.database import Database
from examsrv.storage.tls_folder import AUTHORITY, SERVER
from examsrv.web.clock import MachineClock
from examsrv.web.translation import translator
from question_bank.message import N_, Message

VERSION = 1
SOMETHING_WRONG = 1
HELP = """Say what the installation lacks: disk, durability, clock, certificates, schema, backups, keys, memory, and today's sittings.

Exit status 0 when nothing is wrong (cautions alone stay 0), 1 when something is. Nothing is changed.
"""


@click.command("doctor", help=HELP)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Look at everything and tell."""
    with refusing():
        config = from_environment()
        with existing_database(config) as database:
            found = list(examine(_installation(config, database)))
    click.echo(_as_json(found) if as_json else "\n".join(_lines(found)))
    if _worst(found) is Severity.WRONG:
        raise SystemExit(SOMETHING_WRONG)


def _installation(config: Config, database: Database) -> Installation:
    clock = MachineClock()
    return Installation(
        database=database,
        data_folder=config.data_folder,
        backup_folder=config.backups,
        secret_file=config.secret_file,
        certificates=_certificates(config),
        ends_tls_elsewhere=bool(config.proxies),
        time_zone=config.time_zone,
        installed=datetime.fromtimestamp(Path(examsrv.__file__).stat().st_mtime, UTC),
        wall=clock.wall(),
        boot=clock.boot(),
        boot_id=clock.boot_id(),
    )


def _certificates(config: Config) -> tuple[Path, ...]:
    """Return the certificate that is set, whether it is there or not, and those that `tls init` made."""
    made = [file for file in (config.tls_folder / SERVER, config.tls_folder / AUTHORITY) if file.is_file()]
    return tuple(dict.fromkeys([*([config.tls_certificate] if config.tls_certificate else []), *made]))


def _lines(found: list[tuple[Check, Finding]]) -> Iterable[str]:
    say = translator()
    for check, finding in found:
        text = N_("[%(severity)s] %(title)s: %(finding)s")
        values = {"severity": Message(SEVERITY_NAMES[finding.severity]), "title": Message(check.title), "finding": finding.message}
        yield say(Message(text, values))
    counts = {severity: sum(finding.severity is severity for _check, finding in found) for severity in Severity}
    yield say(Message(N_("Wrong: %(wrong)d, cautions: %(warnings)d."), {"wrong": counts[Severity.WRONG], "warnings": counts[Severity.WARNING]}))


def _as_json(found: list[tuple[Check, Finding]]) -> str:
    say = translator()
    findings = [
        {"check": check.name, "title": say(Message(check.title)), "severity": finding.severity, "text": say(finding.message)}
        for check, finding in found
    ]
    return json.dumps({"version": VERSION, "severity": _worst(found), "findings": findings}, ensure_ascii=False, indent=1)


def _worst(found: list[tuple[Check, Finding]]) -> Severity:
    order = list(Severity)
    return max((finding.severity for _check, finding in found), key=order.index, default=Severity.FINE)
