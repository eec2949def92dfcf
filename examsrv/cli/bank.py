"""`examsrv bank check [PACK]`: what a reviewer would object to in the items and task sets of a pack."""

import os
from pathlib import Path

import click

from examsrv.cli.faults import stop_with_faults
from examsrv.cli.refusing import refusing
from examsrv.domain.moment import SERVER
from examsrv.web.translation import translator
from question_bank.checks import check_bank
from question_bank.formats import FORMATS
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.pack import PACKS, STANDARD_FILE, FaultyStandardError, UnknownPackError, installed_packs, load_pack

DEFAULT_FORMAT = "yaml"
OWNER_ONLY = 0o600


@click.group("bank", help="Banks of items.")
def bank() -> None:
    """Hold the commands about banks together."""


@bank.command("check", help="Check the items and task sets of PACK, a code such as 4-05-06-02 or a folder; without it those of every installed pack.")
@click.argument("pack", required=False)
def check(pack: str | None) -> None:
    """Say how many items and task sets have no fault, or leave with exit 1 and all faults on the error stream. An unknown pack is wrong use."""
    say = translator()
    places = [(PACKS, code) for code in installed_packs()] if pack is None else [place_of(pack)]
    try:
        results = [(code, *_check(folder, code)) for folder, code in places]
    except UnknownPackError as error:
        raise click.UsageError(say(error.message)) from error
    faults = [Fault(f"{code}: {fault.place}", fault.message) for code, _, _, found in results for fault in found]
    if faults:
        stop_with_faults(faults, say)
    for code, items, sets, _ in results:
        click.echo(say(Message(N_("%(code)s: %(items)d items, %(sets)d task sets, no fault"), {"code": code, "items": items, "sets": sets})))


@bank.command("export", help="Write the approved items of PACK, keys and all, from the configured database to FILE, which must not exist.")
@click.argument("pack")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), default=DEFAULT_FORMAT, show_default=True)
def export(pack: str, file: Path, format_name: str) -> None:
    """Write the file for its owner only, and say what it cannot hold on the error stream; that it was written is in the audit."""
    from examsrv.cli.running import moment_without_server, opened_database, require_current
    from examsrv.services.exporting_items import enter_export, whole_order, written_here

    say = translator()
    with refusing(), opened_database() as database:
        require_current(database)
        with database.reading() as session:
            asked = whole_order(session, pack, format_name)
        made = written_here(asked)
        moment = moment_without_server(database)
        with database.writing() as session:
            enter_export(session, pack, asked, SERVER, moment)
        _write_new(file, made.content)
    for loss in made.losses:
        click.echo(f"{loss.place}: {say(loss.message)}", err=True)
    click.echo(say(Message(N_("%(file)s: %(items)d items, %(losses)d losses"), {"file": file, "items": made.count, "losses": len(made.losses)})))


def _write_new(file: Path, content: bytes) -> None:
    try:
        with open(file, "xb", opener=lambda path, flags: os.open(path, flags, OWNER_ONLY)) as stream:
            stream.write(content)
    except OSError as error:
        raise ExamError(Message(N_("%(file)s cannot be written: %(reason)s"), {"file": file, "reason": error.strerror})) from error


def place_of(pack: str) -> tuple[Path, str]:
    """Return the folder and the code of a pack that is named by its code, if it is installed, or by its own folder."""
    path = Path(pack)
    is_own_folder = pack not in installed_packs() and (path / STANDARD_FILE).is_file()
    return (path.resolve().parent, path.resolve().name) if is_own_folder else (PACKS, pack)


def _check(folder: Path, code: str) -> tuple[int, int, list[Fault]]:
    """Return the numbers of items and of task sets, and their faults; a standard that cannot be used has only its own."""
    try:
        pack = load_pack(code, folder)
    except FaultyStandardError as error:
        return 0, 0, list(error.faults)
    return len(pack.items), len(pack.task_sets), check_bank(pack)
