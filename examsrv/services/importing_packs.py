"""Installed packs: what is there, what stands against it, and bringing one into the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.banking import ImportReport, import_pack
from examsrv.services.standards import occupations
from question_bank.checks import check_bank
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.pack import FaultyStandardError, Pack, installed_packs, load_pack


class FaultyPackError(ExamError):
    """A pack cannot be imported; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Message(N_("The pack has %(count)d faults; nothing of it was imported."), {"count": len(faults)}))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A pack that comes with the program, and whether the database has it already."""

    code: str
    name: str
    is_imported: bool


def available_packs(session: Session) -> list[InstalledPack]:
    """Return the installed packs by code."""
    imported = dict(occupations(session))
    return [InstalledPack(code, imported.get(code, ""), code in imported) for code in installed_packs()]


def readable_pack(code: str) -> Pack:
    """Read an installed pack whole; raise `FaultyPackError` when a file of it cannot be read. Takes about a second; needs no database."""
    try:
        pack = load_pack(code)
    except FaultyStandardError as error:
        raise FaultyPackError(error.faults) from error
    if pack.faults:
        raise FaultyPackError(pack.faults)
    return pack


def bring_in(session: Session, pack: Pack, by: Actor, at: Moment) -> ImportReport:
    """Import a readable pack; what is there already stays as it is."""
    return import_pack(session, pack, by, at)


def objections(code: str) -> list[Fault]:
    """Return what a reviewer would object to in an installed pack; needs no database."""
    try:
        return check_bank(load_pack(code))
    except FaultyStandardError as error:
        return list(error.faults)
