"""`examsrv backup` and `examsrv restore`: the whole installation in one file, and back from it on another machine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from examsrv.cli.refusing import REFUSED, refusing
from examsrv.cli.running import existing_database
from examsrv.cli.serving import alone
from examsrv.config import Config, from_environment
from examsrv.services.backing_up import Backup, back_up
from examsrv.services.restoring import Restored, restore
from examsrv.storage.migrating import is_newest
from examsrv.web.clock import MachineClock
from examsrv.web.translation import translator
from question_bank.message import N_, Message

KEPT = 14
MEGABYTE = 1 << 20
BACKUP_HELP = """Write everything into one new file in FOLDER (default: EXAMSRV_BACKUPS, else "backups" in the data folder).

The server may run meanwhile and candidates may save. GUARD THE FILE: it holds the secret key and with it everybody's names, ID numbers and answers;
whoever has it can read them. Only its owner may read it (mode 600); keep it so wherever it is copied to.
"""
RESTORE_HELP = """Restore a backup into the configured data folder and database, which must be empty.

Every digest is compared first; a damaged archive, or one of a newer version, is refused and nothing is changed. No server may run.
"""


@click.command("backup", help=BACKUP_HELP)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", default=KEPT, show_default=True, type=click.IntRange(min=1), help="How many backups to keep there; the oldest ones go.")
def backup(folder: Path | None, keep: int) -> None:
    """Back up, and say what was written."""
    with refusing():
        config = from_environment()
        with existing_database(config) as database:
            made = back_up(database, config.secret_file, folder or config.backups, keep, MachineClock().wall())
    _say(_told_of_backup(made))


@click.command("restore", help=RESTORE_HELP)
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Another data folder than the configured one.")
def restore_command(archive: Path, into: Path | None) -> None:
    """Restore, and say what was restored; exit 1 when its audit chain is broken."""
    with refusing():
        config = from_environment()
        config = replace(config, data_folder=into or config.data_folder)
        with alone(config):
            restored = restore(archive, config.url, config.secret_file)
    _say(_told_of_restored(config, restored))
    if not restored.is_chain_as_backed_up:
        text = N_("BUT its audit chain is broken: only the first %(good)d of %(entries)d entries hold. It was broken when the backup was made.")
        click.echo(translator()(Message(text, {"good": restored.chain.entries, "entries": restored.manifest.audit.entries})), err=True)
        raise SystemExit(REFUSED)


def _told_of_backup(made: Backup) -> Iterator[Message]:
    values = {"archive": made.archive, "megabytes": f"{made.size / MEGABYTE:.1f}", "rows": sum(made.manifest.tables.values())}
    yield Message(N_("Backed up: %(archive)s (%(megabytes)s MB, %(rows)d rows)."), values)
    audit = made.manifest.audit
    yield Message(N_("Audit chain: %(entries)d entries, head %(head)s"), {"entries": audit.entries, "head": audit.head})
    if made.removed:
        yield Message(N_("Older backups removed: %(count)d."), {"count": made.removed})
    yield Message(N_("Guard this file: it holds the secret key, and whoever has it can read names, ID numbers and answers."))


def _told_of_restored(config: Config, restored: Restored) -> Iterator[Message]:
    manifest = restored.manifest
    values = {"folder": config.data_folder, "made": manifest.made.isoformat(), "program": manifest.program, "rows": sum(manifest.tables.values())}
    yield Message(N_("Restored to %(folder)s: the backup of %(made)s, made by version %(program)s, %(rows)d rows. Every digest is right."), values)
    if restored.is_chain_as_backed_up:
        yield Message(
            N_("All %(entries)d entries of the audit chain hold. Head: %(head)s"), {"entries": manifest.audit.entries, "head": manifest.audit.head}
        )
    if not is_newest(manifest.revision):
        yield Message(N_("Its schema is an older one. Run now: examsrv db upgrade"))


def _say(messages: Iterator[Message]) -> None:
    say = translator()
    for message in messages:
        click.echo(say(message))
