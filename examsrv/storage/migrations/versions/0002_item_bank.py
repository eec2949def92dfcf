"""The bank's life: drafts, cases, comments, looks, tags, pictures, imports; files that candidates hand over."""

import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from examsrv.storage.append_only import trigger_statements
from examsrv.storage.columns import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("item_event", "item_look")
CASE_OF_A_VERSION = (
    "ALTER TABLE item_version ADD COLUMN case_digest VARCHAR CONSTRAINT fk_item_version_case_digest_case_version REFERENCES case_version (digest)"
)


def upgrade() -> None:
    """Make the tables, and a line in the list for each item that there is."""
    op.create_table(
        "case_version",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_case_version")),
    )
    op.create_index(op.f("ix_case_version_case_id"), "case_version", ["case_id"], unique=False)
    op.create_table(
        "item_tag",
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("pack", "item_id", "tag", name=op.f("pk_item_tag")),
    )
    op.create_index(op.f("ix_item_tag_tag"), "item_tag", ["tag"], unique=False)
    op.create_table(
        "bank_scope",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_bank_scope_pack_pack")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bank_scope_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "pack", "level", "section", name=op.f("pk_bank_scope")),
    )
    op.create_table(
        "case_draft",
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_case_draft_pack_pack")),
        sa.PrimaryKeyConstraint("pack", "case_id", name=op.f("pk_case_draft")),
    )
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.Column("settled", Instant(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_item_comment_person_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_item_comment_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comment")),
    )
    op.create_index("ix_item_comment_item", "item_comment", ["pack", "item_id"], unique=False)
    op.create_table(
        "item_draft",
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("base", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_item_draft_author_id_person")),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_item_draft_pack_pack")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_item_draft_reviewer_id_person")),
        sa.PrimaryKeyConstraint("pack", "item_id", name=op.f("pk_item_draft")),
    )
    op.create_index(op.f("ix_item_draft_case_id"), "item_draft", ["case_id"], unique=False)
    op.create_index(op.f("ix_item_draft_state"), "item_draft", ["state"], unique=False)
    op.create_table(
        "item_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_item_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_event")),
    )
    op.create_index("ix_item_event_item", "item_event", ["pack", "item_id"], unique=False)
    op.create_table(
        "item_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.Column("applied", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_item_import_pack_pack")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_item_import_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_import")),
    )
    op.create_index(op.f("ix_item_import_person_id"), "item_import", ["person_id"], unique=False)
    op.create_table(
        "item_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("with_key", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_item_look_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_look")),
    )
    op.create_index("ix_item_look_item", "item_look", ["pack", "item_id"], unique=False)
    op.create_index("ix_item_look_person", "item_look", ["person_id", "wall"], unique=False)
    op.create_table(
        "media",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_media_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_media")),
    )
    op.create_table(
        "item",
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("importance", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("stem", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.Column("last_used", Instant(timezone=True), nullable=True),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=True),
        sa.Column("discrimination", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_item_author_id_person")),
        sa.ForeignKeyConstraint(["digest"], ["item_version.digest"], name=op.f("fk_item_digest_item_version")),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_item_pack_pack")),
        sa.PrimaryKeyConstraint("pack", "item_id", name=op.f("pk_item")),
    )
    op.create_index("ix_item_case_id", "item", ["case_id"], unique=False)
    op.create_index("ix_item_changed", "item", ["pack", "changed"], unique=False)
    op.create_index("ix_item_digest", "item", ["digest"], unique=False)
    op.create_index("ix_item_last_used", "item", ["pack", "last_used"], unique=False)
    op.create_table(
        "upload",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_upload_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "digest", name=op.f("pk_upload")),
    )
    op.add_column("item_version", sa.Column("body", sa.JSON(), nullable=True))
    op.execute(CASE_OF_A_VERSION)
    _list_items()
    for statement in trigger_statements(op.get_bind().dialect.name, APPEND_ONLY):
        op.execute(statement)


def _list_items() -> None:
    columns = ("item_id", "pack", "kind", "level", "section", "point", "importance", "stem")
    version = sa.table("item_version", *map(sa.column, ("digest", "is_current", "difficulty", *columns)), sa.column("options", sa.JSON()))
    item = sa.table(
        "item", *map(sa.column, ("state", "digest", "version", "difficulty", "words", "candidates", *columns)), sa.column("changed", Instant())
    )
    audit = sa.table("audit_entry", sa.column("act"), sa.column("wall", Instant()))
    bind = op.get_bind()
    counts: dict[Any, int] = {
        (row.pack, row.item_id): row.versions
        for row in bind.execute(
            sa.select(version.c.pack, version.c.item_id, sa.func.count().label("versions")).group_by(version.c.pack, version.c.item_id)
        )
    }
    imported = bind.scalar(sa.select(sa.func.max(audit.c.wall)).where(audit.c.act == "pack.imported"))
    for row in bind.execute(sa.select(version).where(version.c.is_current == sa.true())).mappings().all():
        values = {name: row[name] for name in ("digest", "difficulty", *columns)}
        options = json.loads(row["options"]) if isinstance(row["options"], str) else row["options"]
        words = unicodedata.normalize("NFKC", "\n".join([row["item_id"], row["stem"], *(text for _letter, text in options)])).casefold()
        values |= {"state": "approved", "version": counts[row["pack"], row["item_id"]], "words": words, "candidates": 0}
        bind.execute(item.insert().values(changed=imported, **values))
