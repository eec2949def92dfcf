"""`examsrv audit verify`: recompute the audit chain."""

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.running import existing_database, require_current
from examsrv.config import from_environment
from examsrv.services.auditing import head_of_entry, verify_chain
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message


@click.group("audit", help="The audit log.")
def audit() -> None:
    """Group the commands about the audit log."""


@audit.command("verify", help="Recompute the chain; name the first bad entry.")
@click.option("--entry", type=click.IntRange(min=1), help="Also print the head after this entry, to be compared with one that was written down.")
def verify(entry: int | None) -> None:
    """Exit 0 when every entry holds, 1 with the first bad entry otherwise, or when there is no `entry`."""
    with refusing(), existing_database(from_environment()) as database:
        require_current(database)
        with database.reading() as session:
            report = verify_chain(session)
            asked = None if entry is None or report.first_bad is not None else head_of_entry(session, entry)
        if report.first_bad is not None:
            text = N_("The audit chain is broken: entry %(number)d is the first bad one; the %(good)d before it hold.")
            raise ExamError(Message(text, {"number": report.first_bad, "good": report.entries}))
    text = N_("All %(entries)d entries of the audit chain hold. Head: %(head)s")
    click.echo(translator()(Message(text, {"entries": report.entries, "head": report.head})))
    if asked is not None:
        click.echo(translator()(Message(N_("Head after entry %(number)d: %(head)s"), {"number": entry, "head": asked})))
