"""An installation for virtual people: prepared once, copied for each trial, with a server of its own on it."""

import asyncio
import itertools
import os
import shutil
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from examsrv.rehearsal.running import OwnServer
from examsrv.rehearsal.setting_up import Plan, set_up
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.storage.sealing import load_secret
from examsrv.web import chance
from question_bank.pack import load_pack
from tests.builders import QUICK_HASHER
from tests.databases import Cluster, create
from tests.faults.crowd import Crowd
from tests.faults.judging import DATABASE, address_of
from tests.rehearsal.stage import CHANCE, marked, this_moment

CANDIDATES, SEATS = 24, 12
SECRET, PREPARED = "secret.key", "prepared"
_numbers = itertools.count(1)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Prepared:
    """A folder with a database that holds a sitting which waits to be started, and what its people know."""

    folder: Path
    plan: Plan

    def copy_to(self, folder: Path) -> str:
        """Copy everything, down to the disk: it is there before the power is cut. Return the address of a database that is not embedded."""
        for name in (DATABASE, SECRET):
            shutil.copyfile(self.folder / name, folder / name)
        (folder / SECRET).chmod(0o600)
        for place in (folder / DATABASE, folder / SECRET, folder):
            handle = os.open(place, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        return ""


@dataclass(frozen=True)
class PreparedOnPostgreSQL:
    """The same on a cluster, whose database `name` is copied; the folder has the secret."""

    folder: Path
    plan: Plan
    cluster: Cluster
    name: str

    def copy_to(self, folder: Path) -> str:
        """Copy everything; return the address of the copied database."""
        shutil.copyfile(self.folder / SECRET, folder / SECRET)
        (folder / SECRET).chmod(0o600)
        copied = f"trial_{next(_numbers)}"
        create(self.cluster.server, copied, self.name)
        return self.cluster.server + copied


def prepare(folder: Path, template: Path) -> Prepared:
    """Set up two rooms of candidates on a copy of the empty database `template`."""
    folder.mkdir()
    shutil.copyfile(template, folder / DATABASE)
    return Prepared(folder, _set_up(folder, Database(address_of(folder))))


def prepare_on_postgresql(folder: Path, cluster: Cluster) -> PreparedOnPostgreSQL:
    """Set up the same in a new database on `cluster`."""
    folder.mkdir()
    create(cluster.server, PREPARED)
    database = Database(cluster.server + PREPARED)
    upgrade(database)
    return PreparedOnPostgreSQL(folder, _set_up(folder, database), cluster, PREPARED)


def _set_up(folder: Path, database: Database) -> Plan:
    """Set up and close the database. The staff's passwords are cheap ones."""
    secret = load_secret(folder / SECRET, chance.key)
    plan = set_up(marked(database), secret, load_pack("4-05-06-02"), CHANCE, CANDIDATES, this_moment(), seats=SEATS, hashed=QUICK_HASHER.hash)
    database.close()
    return plan


@dataclass
class Stage:
    """A trial's installation in `folder`. `environment` adds to what the server is told."""

    prepared: Prepared | PreparedOnPostgreSQL
    folder: Path
    seed: int
    environment: Mapping[str, str] = field(default_factory=dict)

    def play(self, trial: Callable[[OwnServer, Crowd], Coroutine[Any, Any, Found]]) -> Found:
        """Start the server, let `trial` happen before it, and end both."""
        server = OwnServer(self.folder, self.prepared.copy_to(self.folder), environment=self.environment)
        server.start()

        async def whole() -> Found:
            crowd = Crowd(self.prepared.plan, server.url, self.seed)
            try:
                return await trial(server, crowd)
            finally:
                await crowd.leave()

        try:
            return asyncio.run(whole())
        finally:
            server.kill()
