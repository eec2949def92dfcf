"""Rosters, photos and a sitting to try them on."""

import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import openpyxl
from PIL import Image
from sqlalchemy.orm import Session
from stdnum.cn import ric

from examsrv.domain.moment import Actor, Moment
from examsrv.services.rostering import RosterFile, RosterImport, RosterPreview, import_roster, preview, read_roster
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import RoomRow, SeatRow, SiteRow, SittingRoomRow, SittingRow

SECRET = Secret(bytes(range(32)))
OFFICE = Actor(None, "office")
AT = Moment(datetime(2026, 11, 22, 1, tzinfo=UTC), timedelta(hours=5))
HEADINGS = ("准考证号", "姓名", "证件号码", "考场", "座位")
SEATS, SPARE = 32, 32
LARGEST_SEED = 2**63 - 1


def id_number(person: int) -> str:
    """Return a right citizen's number, another for each person."""
    first_17 = f"15010219900307{person:03}"
    return first_17 + ric.calc_check_digit(first_17 + "0")


def row(person: int, **other: object) -> list[object]:
    """Return a good row for a person in room 01; single cells may be others."""
    cells = {"ticket": f"{person:04}", "name": f"考生{person}", "id_number": id_number(person), "room": "01 考场", "seat": str(person)}
    return list((cells | other).values())


def csv_roster(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    return "\n".join(",".join(map(str, cells)) for cells in (headings, *rows)).encode()


def xlsx_roster(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    for cells in (headings, *rows):
        book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture(size: tuple[int, int] = (400, 500), kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (30, 90, 160)).save(out, kind, **options)
    return out.getvalue()


def add_sitting(session: Session, name: str = "三级理论", rooms: Sequence[str] = ("01 考场", "02 考场")) -> int:
    """Add a sitting in rooms of 32 seats, the last one a spare, at a site of its own; return its number."""
    site = SiteRow(name=f"考点 {name}")
    session.add(site)
    session.flush()
    sitting = SittingRow(
        site_id=site.id,
        name=name,
        occupation="4-05-06-02",
        level="L3",
        component="theory",
        planned=datetime(2026, 11, 28, 1, tzinfo=UTC),
        limit=timedelta(minutes=90),
        late_limit=timedelta(minutes=30),
        leave_after=timedelta(minutes=30),
    )
    session.add(sitting)
    session.flush()
    for room_name in rooms:
        room = RoomRow(site_id=site.id, name=room_name, columns=8)
        session.add(room)
        session.flush()
        session.add(SittingRoomRow(sitting_id=sitting.id, room_id=room.id))
        for number in range(1, SEATS + 1):
            session.add(SeatRow(room_id=room.id, number=number, code=f"{room.id}-{number}", is_spare=number == SPARE))
    session.flush()
    return sitting.id


@dataclass
class Chance:
    """Chance that can be foretold: each draw is another."""

    draws: itertools.count = field(default_factory=lambda: itertools.count(1))

    def id(self) -> str:
        return f"attempt-{next(self.draws)}"

    def seed(self) -> int:
        return LARGEST_SEED - next(self.draws)

    def key(self) -> bytes:
        return next(self.draws).to_bytes(32, "little")


CHANCE = Chance()


def looked_at(session: Session, sitting: int, content: bytes, photos: bytes | None = None) -> RosterPreview:
    return preview(session, SECRET, sitting, _file(content, photos))


def imported(session: Session, sitting: int, content: bytes, photos: bytes | None = None, new_id: Callable[[], str] = CHANCE.id) -> RosterImport:
    roster = _file(content, photos)
    return import_roster(session, SECRET, sitting, roster, roster.digest, OFFICE, AT, new_id, CHANCE.seed, CHANCE.key)


def _file(content: bytes, photos: bytes | None) -> RosterFile:
    return read_roster("名册.xlsx" if content.startswith(b"PK") else "名册.csv", content, photos)
