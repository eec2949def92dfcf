"""`examsrv bank check [PACK]`: what a reviewer would object to in the items of a pack."""

import click

from examsrv.cli.faults import stop_with_faults
from examsrv.web.translation import translator
from question_bank.checks import check_bank
from question_bank.message import N_, Fault, Message
from question_bank.pack import FaultyStandardError, UnknownPackError, installed_packs, load_pack


@click.group("bank", help="Banks of items.")
def bank() -> None:
    """Hold the commands about banks together."""


@bank.command("check", help="Check the items of PACK, a code such as 4-05-06-02; without it those of every installed pack.")
@click.argument("pack", required=False)
def check(pack: str | None) -> None:
    """Say how many items have no fault, or leave with exit 1 and all faults on the error stream. An unknown pack is wrong use."""
    say = translator()
    codes = installed_packs() if pack is None else (pack,)
    try:
        results = [(code, *_check(code)) for code in codes]
    except UnknownPackError as error:
        raise click.UsageError(say(error.message)) from error
    faults = [Fault(f"{code}: {fault.place}", fault.message) for code, _, found in results for fault in found]
    if faults:
        stop_with_faults(faults, say)
    for code, count, _ in results:
        click.echo(say(Message(N_("%(code)s: %(items)d items, no fault"), {"code": code, "items": count})))


def _check(code: str) -> tuple[int, list[Fault]]:
    """Return the number of items and their faults; a standard that cannot be used has only its own."""
    try:
        pack = load_pack(code)
    except FaultyStandardError as error:
        return 0, list(error.faults)
    return len(pack.items), check_bank(pack)
