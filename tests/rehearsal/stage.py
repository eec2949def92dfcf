"""A database that is marked for rehearsals, and what setting up needs."""

from datetime import timedelta

from examsrv.domain.moment import Moment
from examsrv.rehearsal.setting_up import Plan, set_up
from examsrv.services.inventing import Chance
from examsrv.services.rehearsing import mark_for_rehearsal
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from question_bank.pack import load_pack

SECRET = Secret(bytes(range(32)))
CHANCE = Chance(chance.public_id, chance.seed, chance.key, chance.code)


def this_moment() -> Moment:
    return Moment(MachineClock().wall(), timedelta())


def marked(database: Database) -> Database:
    with database.writing() as session:
        mark_for_rehearsal(session, this_moment())
    return database


def planned(database: Database, candidates: int, **more: object) -> Plan:
    return set_up(database, SECRET, load_pack("4-05-06-02"), CHANCE, candidates, this_moment(), **more)
