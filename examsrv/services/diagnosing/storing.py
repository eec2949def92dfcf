"""The database: whether what it acknowledges survives a power cut, whether its schema is the present one, where the audit chain stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from examsrv.services.auditing import newest_entries
from examsrv.services.diagnosing.findings import Finding, Installation, fine, warning, wrong
from examsrv.storage.migrating import is_known, is_newest, revision_of
from question_bank.message import N_

FULL = {"1": "NORMAL", "0": "OFF"}
KEPT_ON_DISK = frozenset({"ext4", "ext3", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs"})
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
OVER_A_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "gfs2", "ocfs2", "virtiofs", "vboxsf", "fuse.sshfs", "fuse.glusterfs"}
)
UNSAFE_OPTIONS = frozenset({"nobarrier", "barrier=0"})
POSTGRESQL_NEEDS = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "local", "remote_write", "remote_apply"}}


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, its type and its options."""

    point: str
    kind: str
    options: frozenset[str]


def look_at_durability(at: Installation) -> Iterator[Finding]:
    """Look whether what is acknowledged is on disk: as the server's own connections are set, and on what file system."""
    if at.database.dialect == "postgresql":
        yield from _of_postgresql(at)
    else:
        yield from _of_sqlite(at)


def look_at_schema(at: Installation) -> Iterator[Finding]:
    """Compare the database's schema with the program's."""
    with at.database.reading() as session:
        revision = revision_of(session)
    if is_newest(revision):
        yield fine(N_("The database has the present schema (%(revision)s)."), revision=revision)
    elif revision is None or is_known(revision):
        yield wrong(N_("The database does not have the present schema. Run: examsrv db upgrade"))
    else:
        yield wrong(N_("The database has schema %(revision)s, newer than this version of the program. Install the newer version."), revision=revision)


def look_at_audit(at: Installation) -> Iterator[Finding]:
    """Name the head of the audit chain, to be compared with the one that was written down."""
    with at.database.reading() as session:
        newest = newest_entries(session, 1)
    if newest:
        yield fine(N_("The audit chain has %(entries)d entries. Head: %(head)s"), entries=newest[0].number, head=newest[0].head)
    else:
        yield warning(N_("The audit chain is empty: nothing was ever done here. Is this the right database?"))


def mount_of(folder: Path, mounts: str) -> Mount | None:
    """Return the file system under `folder` from the text of `/proc/self/mountinfo`: the last one mounted at its deepest point."""
    found = None
    for line in mounts.splitlines():
        before, _separator, after = line.partition(" - ")
        point = before.split()[4].replace("\\040", " ")
        kind, _source, *options = after.split()
        here = Mount(point, kind, frozenset(",".join([before.split()[5], *options]).split(",")))
        if folder.is_relative_to(point) and (found is None or len(point) >= len(found.point)):
            found = here
    return found


def file_system_findings(folder: Path, mount: Mount | None) -> Iterator[Finding]:
    """Judge the file system on which the database lies."""
    kind = mount.kind if mount else "?"
    if kind in IN_MEMORY:
        yield wrong(N_("%(folder)s lies in memory (%(kind)s): a power cut loses everything. Put EXAMSRV_DATA on a disk."), folder=folder, kind=kind)
    elif kind in OVER_A_NETWORK:
        text = N_("%(folder)s lies on a network drive (%(kind)s), on which SQLite is not safe. Put EXAMSRV_DATA on a disk of this machine.")
        yield wrong(text, folder=folder, kind=kind)
    elif mount is not None and mount.options & UNSAFE_OPTIONS:
        yield wrong(N_("The disk of %(folder)s is mounted without write barriers; a power cut may lose answers."), folder=folder)
    elif kind in KEPT_ON_DISK:
        yield fine(N_("%(folder)s lies on a disk of this machine (%(kind)s)."), folder=folder, kind=kind)
    else:
        yield warning(N_("%(folder)s lies on a file system that was not tried (%(kind)s)."), folder=folder, kind=kind)


def _of_sqlite(at: Installation) -> Iterator[Finding]:
    connection = at.database.engine.raw_connection()  # set as the server's writer is, without a transaction
    try:
        cursor = connection.cursor()
        found = [str(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("journal_mode", "synchronous")]
    finally:
        connection.close()
    mode, synchronous = found[0], FULL.get(found[1], "FULL")
    if mode != "wal" or synchronous != "FULL":
        yield wrong(N_("SQLite is not durable: journal_mode=%(mode)s, synchronous=%(synchronous)s."), mode=mode, synchronous=synchronous)
    else:
        yield fine(
            N_("SQLite writes every acknowledged answer to disk: journal_mode=%(mode)s, synchronous=%(synchronous)s."),
            mode=mode,
            synchronous=synchronous,
        )
    folder = Path(at.database.url.database or "").resolve().parent
    yield from file_system_findings(folder, mount_of(folder, at.mounts.read_text(encoding="utf-8")))


def _of_postgresql(at: Installation) -> Iterator[Finding]:
    with at.database.reading() as session:
        found = {name: str(session.scalar(text(f"SHOW {name}"))) for name in POSTGRESQL_NEEDS}
    unsafe = [f"{name}={value}" for name, value in found.items() if value not in POSTGRESQL_NEEDS[name]]
    if unsafe:
        yield wrong(N_("PostgreSQL is not durable: %(settings)s. Set it back and reload PostgreSQL."), settings=", ".join(unsafe))
    else:
        settings = ", ".join(f"{name}={value}" for name, value in found.items())
        yield fine(N_("PostgreSQL writes every acknowledged answer to disk: %(settings)s."), settings=settings)
