"""Who scores what: batches, groups of examiners and panels with their places, scripts, sheets handed in, and how disagreements were settled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class BatchRow(Base):
    """A round of examinations (批次) with its settings; `combining` is `domain/panel_marking.CombiningRule` in JSON types."""

    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    combining: Mapped[dict[str, Any]]
    skills_need_proctors: Mapped[bool] = mapped_column(default=False)
    wall: Mapped[datetime]


class AssessmentGroupRow(Base):
    """A group of examiners and the candidates that they score; of a review sitting, its panel. It scores nothing before it has started."""

    __tablename__ = "assessment_group"
    __table_args__ = (UniqueConstraint("sitting_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    name: Mapped[str]
    deadline: Mapped[datetime | None]
    started: Mapped[datetime | None]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AssignmentRow(Base):
    """An examiner of a group: on one of its places (1, 2, 3 …), or (`place` None) a reserve, called in the order of `rank`.

    Whoever leaves keeps the row; the next holder of the place gets a row of their own. `ground` and the digest `note` say why somebody left.
    """

    __tablename__ = "examiner_assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("assessment_group.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int | None]
    rank: Mapped[int]
    is_lead: Mapped[bool] = mapped_column(default=False)
    began: Mapped[datetime]
    arrived: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    ground: Mapped[str | None]
    note: Mapped[str | None]


class ScriptRow(Base):
    """An attempt under an examiner's number, which says nothing of the candidate. `position` is the order of speaking in a review."""

    __tablename__ = "script"
    __table_args__ = (UniqueConstraint("sitting_id", "number"),)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("assessment_group.id"), index=True)
    number: Mapped[int]
    position: Mapped[int]
    station: Mapped[int | None]


class RecusalRow(Base):
    """Somebody may not score a candidate (回避): declared by the examiner or entered by the office; `lifted` when it was entered wrongly."""

    __tablename__ = "recusal"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    ground: Mapped[str]
    note: Mapped[str | None]
    declared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]
    lifted: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SheetDraftRow(Base):
    """A sheet that is being filled in. `revision` counts the savings, so that two windows cannot overwrite each other."""

    __tablename__ = "sheet_draft"
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed: Mapped[datetime]


class EntryRow(Base):
    """A sheet handed in for one place of a script (append-only); place 0 is the leader's decision. The highest edition of a place counts.

    `marks` is by criterion, exact decimals as text; `comments` by criterion the digests of notes; `seconds` by task the time taken.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("attempt_id", "place", "edition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    place: Mapped[int]
    edition: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    marks: Mapped[dict[str, Any]]
    vetoes: Mapped[list[Any]]
    comments: Mapped[dict[str, Any]]
    seconds: Mapped[dict[str, Any]]
    digest: Mapped[str]
    wall: Mapped[datetime]


class ReopeningRow(Base):
    """An entry that two persons set aside so that its examiner can hand in anew (append-only); the entry itself stays."""

    __tablename__ = "reopening"
    __table_args__ = (UniqueConstraint("attempt_id", "place", "edition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    place: Mapped[int]
    edition: Mapped[int]
    note: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class ReserveCallRow(Base):
    """A reserve called to a disputed script (append-only), onto a place behind those of the group; the newest call to a place counts."""

    __tablename__ = "reserve_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    place: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class AdjudicationRow(Base):
    """How a disputed script is settled, when not by reserves (append-only): `leader` or `discussion`; `note` is the digest of the reasons.

    `sheets` names those that were in dispute: by place the edition. A discussion sets them aside.
    """

    __tablename__ = "adjudication"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    way: Mapped[str]
    sheets: Mapped[dict[str, Any]]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]
    wall: Mapped[datetime]


class HearingEntryRow(Base):
    """The panel's clock of one candidate's review (append-only): begin, pause, resume, end, absent. `at` is exam time; see `domain/hearing.py`.

    `person_id` None: the server itself, which had stood still or was restarted.
    """

    __tablename__ = "hearing_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str]
    at: Mapped[timedelta]
    ground: Mapped[str]
    note: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class PanelQuestionRow(Base):
    """A question that a panel member put to a candidate, with what was answered (append-only); `note` is the digest of the text."""

    __tablename__ = "panel_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]
    wall: Mapped[datetime]


class ReviewDocumentRow(Base):
    """A document that a candidate applied with, for the panel to read: sealed under the key of the person."""

    __tablename__ = "review_document"
    __table_args__ = (UniqueConstraint("attempt_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]
