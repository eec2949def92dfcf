"""`examsrv audit verify`: recompute the audit chain."""

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.running import existing_database, require_current
from examsrv.config import from_environment
from examsrv.services.auditing import verify_chain
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message


@click.group("audit", help="The audit log.")
def audit() -> None:
    """Group the commands about the audit log."""


@audit.command("verify", help="Recompute the chain; name the first bad entry.")
def verify() -> None:
    """Exit 0 when every entry holds, 1 with the first bad entry otherwise."""
    with refusing(), existing_database(from_environment()) as database:
        require_current(database)
        with database.reading() as session:
            report = verify_chain(session)
        if report.first_bad is not None:
            text = N_("The audit chain is broken: entry %(number)d is the first bad one; the %(good)d before it hold.")
            raise ExamError(Message(text, {"number": report.first_bad, "good": report.entries}))
    text = N_("All %(entries)d entries of the audit chain hold. Head: %(head)s")
    click.echo(translator()(Message(text, {"entries": report.entries, "head": report.head})))
