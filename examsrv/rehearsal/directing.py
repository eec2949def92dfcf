"""A whole rehearsal: set up, performed, read back, judged. On an own server in a folder that goes afterwards, or at a server that runs already."""

import asyncio
import resource
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from examsrv.domain.moment import Moment
from examsrv.rehearsal.client import Address, NoAnswer, address_of
from examsrv.rehearsal.comparing import compare
from examsrv.rehearsal.measuring import Measured
from examsrv.rehearsal.people import Ground, Misled
from examsrv.rehearsal.performing import Course, Stage, perform
from examsrv.rehearsal.reporting import Circumstances, report_of
from examsrv.rehearsal.running import DidNotStart, OwnServer
from examsrv.rehearsal.setting_up import set_up
from examsrv.rehearsal.stored import read_stored
from examsrv.services import rehearsing
from examsrv.services.auditing import verify_chain
from examsrv.services.inventing import Chance
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.storage.sealing import Secret, load_secret
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from question_bank.message import N_, ExamError, Message
from question_bank.pack import load_pack

PACK = "4-05-06-02"
CHANCE = Chance(chance.public_id, chance.seed, chance.key, chance.code)
DATABASE_FILE, SECRET_FILE = "examsrv.db", "secret.key"
OWN = "own"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: how many candidates answer for how many minutes, how often the server is killed, from which seed chance comes."""

    candidates: int
    minutes: float
    kills: int
    seed: int

    @property
    def course(self) -> Course:
        """Return what the rehearsal does."""
        return Course(timedelta(minutes=self.minutes).total_seconds(), self.kills)


def rehearse_on_own_server(folder: Path, order: Order, told: Stage) -> dict[str, Any]:
    """Rehearse on a server and a database of their own in `folder` (its disk is what is tried), and return the report; both are gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="rehearsal-", dir=folder) as name:
        own = Path(name)
        database = Database(f"sqlite:///{own / DATABASE_FILE}")
        server = OwnServer(own)
        try:
            upgrade(database)
            secret = load_secret(own / SECRET_FILE, chance.key)
            at = Moment(MachineClock().wall(), timedelta())
            with database.writing() as session:
                rehearsing.mark_for_rehearsal(session, at)
            return _rehearse(database, secret, at, order, server, "", None, told)
        finally:
            server.kill()
            database.close()


def rehearse_at(url: str, tls: ssl.SSLContext | None, database: Database, secret: Secret, at: Moment, order: Order, told: Stage) -> dict[str, Any]:
    """Rehearse at a server that runs already on `database`, which is marked for rehearsals, and return the report."""
    with database.reading() as session:
        rehearsing.require_rehearsal(session)
    return _rehearse(database, secret, at, order, None, url, tls, told)


def _rehearse(
    database: Database,
    secret: Secret,
    at: Moment,
    order: Order,
    server: OwnServer | None,
    url: str,
    tls: ssl.SSLContext | None,
    told: Stage,
) -> dict[str, Any]:
    told.begin("setting_up", order.candidates)
    plan = set_up(database, secret, load_pack(PACK), CHANCE, order.candidates, at, told=told.step)
    told.end()
    with _breaking_off():
        if server is not None:
            server.start()
        ground = Ground(address_of(server.url if server else url), Measured(), order.seed, tls)
        performance = asyncio.run(perform(plan, ground, order.course, server, told))
    if server is not None:
        server.stop()
    told.begin("comparing", len(plan.candidates))
    stored = read_stored(database, plan.sittings, performance.runs.values())
    findings = compare(performance.logs, stored, plan.items)
    with database.reading() as session:
        is_whole = verify_chain(session).first_bad is None
    told.step(len(plan.candidates))
    told.end()
    about = Circumstances(at.wall, order.seed, OWN if server else _spelled(ground.address), database.dialect, _own_cpu(), is_whole)
    return report_of(plan, order.course, ground.measured, performance, stored, findings, about)


@contextmanager
def _breaking_off() -> Iterator[None]:
    """Turn what keeps virtual people from going on into a sentence."""
    try:
        yield
    except (Misled, NoAnswer, DidNotStart) as error:
        raise _broken_off(error) from error
    except ExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if isinstance(first, (Misled, NoAnswer, DidNotStart)):
            raise _broken_off(first) from group
        raise


def _broken_off(error: BaseException) -> ExamError:
    reason = str(error) or type(error).__name__
    if isinstance(error, NoAnswer):
        return ExamError(Message(N_("The rehearsal broke off: the server does not answer (%(reason)s)"), {"reason": reason}))
    return ExamError(Message(N_("The rehearsal broke off: %(reason)s"), {"reason": reason}))


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _spelled(address: Address) -> str:
    return f"{address.scheme}://{address.host_header}"
