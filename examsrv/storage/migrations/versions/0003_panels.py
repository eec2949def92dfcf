"""Skills assessment and review: batches, task sets, groups of examiners, scripts, entries and how they were settled, hearings, documents."""

import sqlalchemy as sa
from alembic import op

from examsrv.storage.append_only import trigger_statements
from examsrv.storage.columns import Duration, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("adjudication", "entry", "hearing_entry", "panel_question", "reopening", "reserve_call")
BATCH_OF_A_SITTING = "ALTER TABLE sitting ADD COLUMN batch_id INTEGER CONSTRAINT fk_sitting_batch_id_batch REFERENCES batch (id)"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("combining", sa.JSON(), nullable=False),
        sa.Column("skills_need_proctors", sa.Boolean(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("name", name=op.f("uq_batch_name")),
    )
    op.create_table(
        "case_file",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_case_file")),
    )
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.Column("lifted", Instant(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_recusal_candidate_id_candidate")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_recusal_declared_by_person")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_recusal_lifted_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    op.create_index(op.f("ix_recusal_candidate_id"), "recusal", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_recusal_person_id"), "recusal", ["person_id"], unique=False)
    op.create_table(
        "task_set",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("set_id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_task_set_pack_pack")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_task_set")),
    )
    op.create_index(op.f("ix_task_set_pack"), "task_set", ["pack"], unique=False)
    op.create_table(
        "assessment_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("deadline", Instant(timezone=True), nullable=True),
        sa.Column("started", Instant(timezone=True), nullable=True),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_assessment_group_sitting_id_sitting")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_assessment_group_started_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_group")),
        sa.UniqueConstraint("sitting_id", "name", name=op.f("uq_assessment_group_sitting_id")),
    )
    op.create_index(op.f("ix_assessment_group_sitting_id"), "assessment_group", ["sitting_id"], unique=False)
    op.create_table(
        "examiner_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("began", Instant(timezone=True), nullable=False),
        sa.Column("arrived", Instant(timezone=True), nullable=True),
        sa.Column("ended", Instant(timezone=True), nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["assessment_group.id"], name=op.f("fk_examiner_assignment_group_id_assessment_group")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_examiner_assignment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examiner_assignment")),
    )
    op.create_index(op.f("ix_examiner_assignment_group_id"), "examiner_assignment", ["group_id"], unique=False)
    op.create_index(op.f("ix_examiner_assignment_person_id"), "examiner_assignment", ["person_id"], unique=False)
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_adjudication_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adjudication_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudication")),
    )
    op.create_index(op.f("ix_adjudication_attempt_id"), "adjudication", ["attempt_id"], unique=False)
    op.create_table(
        "reserve_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("called_by", sa.Integer(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_reserve_call_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_reserve_call_called_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reserve_call_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_call")),
    )
    op.create_index(op.f("ix_reserve_call_attempt_id"), "reserve_call", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_reserve_call_person_id"), "reserve_call", ["person_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("vetoes", sa.JSON(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_entry_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("attempt_id", "place", "edition", name=op.f("uq_entry_attempt_id")),
    )
    op.create_index(op.f("ix_entry_attempt_id"), "entry", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_entry_person_id"), "entry", ["person_id"], unique=False)
    op.create_table(
        "hearing_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Duration(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_hearing_entry_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hearing_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_entry")),
    )
    op.create_index(op.f("ix_hearing_entry_attempt_id"), "hearing_entry", ["attempt_id"], unique=False)
    op.create_table(
        "panel_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_panel_question_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_question_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_question")),
    )
    op.create_index(op.f("ix_panel_question_attempt_id"), "panel_question", ["attempt_id"], unique=False)
    op.create_table(
        "reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_reopening_approved_by_person")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_reopening_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_reopening_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
        sa.UniqueConstraint("attempt_id", "place", "edition", name=op.f("uq_reopening_attempt_id")),
    )
    op.create_index(op.f("ix_reopening_attempt_id"), "reopening", ["attempt_id"], unique=False)
    op.create_table(
        "review_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_review_document_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_document_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_document")),
        sa.UniqueConstraint("attempt_id", "digest", name=op.f("uq_review_document_attempt_id")),
    )
    op.create_index(op.f("ix_review_document_attempt_id"), "review_document", ["attempt_id"], unique=False)
    op.create_table(
        "script",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("station", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_script_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["group_id"], ["assessment_group.id"], name=op.f("fk_script_group_id_assessment_group")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_script_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_script")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_script_sitting_id")),
    )
    op.create_index(op.f("ix_script_group_id"), "script", ["group_id"], unique=False)
    op.create_table(
        "sheet_draft",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_sheet_draft_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sheet_draft_person_id_person")),
        sa.PrimaryKeyConstraint("attempt_id", "person_id", name=op.f("pk_sheet_draft")),
    )
    op.add_column("person", sa.Column("employer", sa.String(), nullable=True))
    op.add_column("person", sa.Column("training_classes", sa.String(), nullable=True))
    op.execute(BATCH_OF_A_SITTING)
    op.create_index(op.f("ix_sitting_batch_id"), "sitting", ["batch_id"], unique=False)
    for statement in trigger_statements(op.get_bind().dialect.name, APPEND_ONLY):
        op.execute(statement)
