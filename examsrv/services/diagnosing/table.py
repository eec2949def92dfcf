"""Everything that `examsrv doctor` looks at, in the order in which it is told: text and JSON are both made from this table."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from examsrv.services.diagnosing.findings import Finding, Installation, Look, Severity, wrong
from examsrv.services.diagnosing.forms import look_at_pdf
from examsrv.services.diagnosing.keeping import look_at_backups, look_at_certificates, look_at_secret
from examsrv.services.diagnosing.machine import look_at_ballast, look_at_clock, look_at_disks, look_at_memory, look_at_server
from examsrv.services.diagnosing.sitting_today import look_at_sittings
from examsrv.services.diagnosing.storing import look_at_audit, look_at_durability, look_at_schema
from question_bank.message import N_, ExamError


@dataclass(frozen=True, slots=True)
class Check:
    """A thing to look at: its name for machines, its title for people."""

    name: str
    title: str
    look: Look


CHECKS = (
    Check("disk", N_("Disk"), look_at_disks),
    Check("ballast", N_("Ballast"), look_at_ballast),
    Check("memory", N_("Memory"), look_at_memory),
    Check("schema", N_("Schema"), look_at_schema),
    Check("durability", N_("Durability"), look_at_durability),
    Check("secret", N_("Secret key"), look_at_secret),
    Check("clock", N_("Clock"), look_at_clock),
    Check("certificates", N_("Certificates"), look_at_certificates),
    Check("backups", N_("Backups"), look_at_backups),
    Check("audit", N_("Audit chain"), look_at_audit),
    Check("server", N_("Server"), look_at_server),
    Check("pdf", N_("PDF"), look_at_pdf),
    Check("sittings", N_("Sittings today"), look_at_sittings),
)


def examine(at: Installation) -> Iterator[tuple[Check, Finding]]:
    """Look at everything. What cannot be looked at is a finding too, and keeps nothing else from being looked at."""
    for check in CHECKS:
        try:
            for finding in list(check.look(at)):
                yield check, finding
        except ExamError as error:
            yield check, Finding(Severity.WRONG, error.message)
        except (OSError, SQLAlchemyError) as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
            yield check, wrong(N_("This could not be looked at: %(reason)s"), reason=reason[0])
