"""Specifications, version by version, drawings of forms, and what a set of forms tells of its drawing."""

from datetime import UTC, datetime

import sqlalchemy as sa
import yaml
from alembic import op

from examsrv.storage.append_only import trigger_statements
from examsrv.storage.columns import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("specification_version",)
WITH_REFERENCES = (
    "specification_id INTEGER CONSTRAINT fk_form_set_specification_id_specification REFERENCES specification (id)",
    "beside_id INTEGER CONSTRAINT fk_form_set_beside_id_form_set REFERENCES form_set (id)",
)
PACKS = sa.table("pack", sa.column("code"), sa.column("specifications", sa.JSON()))
OF_A_SPECIFICATION = ("id", "pack", "level", "component", "name", "version", "origin", "is_usual")
SPECIFICATIONS = sa.table("specification", *(sa.column(name) for name in OF_A_SPECIFICATION))
SEALED = """
UPDATE form_set SET sealed = (SELECT max(paper.sealed) FROM paper JOIN form ON form.id = paper.form_id WHERE form.form_set_id = form_set.id)
WHERE NOT EXISTS (SELECT 1 FROM paper JOIN form ON form.id = paper.form_id WHERE form.form_set_id = form_set.id AND paper.sealed IS NULL)
"""
"""The papers of a set were sealed together, or not at all."""
THIS_DAY = datetime(2026, 11, 26, tzinfo=UTC)
"""When specifications came whose database has no audit."""
VERSIONS = sa.table(
    "specification_version",
    *(sa.column(name) for name in ("specification_id", "version", "text", "is_imported")),
    sa.column("wall", Instant(timezone=True)),
)


def upgrade() -> None:
    """Make the tables; the specifications that came with packs move into them, those of level and component that came first as the usual ones."""
    op.create_table(
        "specification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("is_usual", sa.Boolean(), nullable=False),
        sa.Column("retired", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pack"], ["pack.code"], name=op.f("fk_specification_pack_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specification")),
    )
    op.create_index(op.f("ix_specification_pack"), "specification", ["pack"], unique=False)
    op.create_table(
        "specification_version",
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_specification_version_person_id_person")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_specification_version_specification_id_specification")),
        sa.PrimaryKeyConstraint("specification_id", "version", name=op.f("pk_specification_version")),
    )
    op.create_table(
        "drawing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("is_disjoint", sa.Boolean(), nullable=False),
        sa.Column("beside_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("form_set_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wall", Instant(timezone=True), nullable=False),
        sa.Column("ended", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["beside_id"], ["form_set.id"], name=op.f("fk_drawing_beside_id_form_set")),
        sa.ForeignKeyConstraint(["form_set_id"], ["form_set.id"], name=op.f("fk_drawing_form_set_id_form_set")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_drawing_person_id_person")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_drawing_specification_id_specification")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing")),
    )
    op.create_index(op.f("ix_drawing_state"), "drawing", ["state"], unique=False)
    op.add_column("form_set", sa.Column("unfinished", Instant(timezone=True), nullable=True))
    op.add_column("form_set", sa.Column("sealed", Instant(timezone=True), nullable=True))
    op.execute(SEALED)
    op.drop_column("paper", "sealed")
    op.add_column("form_set", sa.Column("specification_version", sa.Integer(), nullable=True))
    op.add_column("form_set", sa.Column("overlap_max", sa.Integer(), nullable=True))
    for column in WITH_REFERENCES:
        op.execute(f"ALTER TABLE form_set ADD COLUMN {column}")
    _move_specifications()
    op.drop_column("pack", "specifications")
    for statement in trigger_statements(op.get_bind().dialect.name, APPEND_ONLY):
        op.execute(statement)


def _move_specifications() -> None:
    connection = op.get_bind()
    began: datetime | None = connection.execute(
        sa.select(sa.func.min(sa.column("wall", Instant(timezone=True)))).select_from(sa.table("audit_entry"))
    ).scalar_one()
    usual = set()
    for code, kept in connection.execute(sa.select(PACKS.c.code, PACKS.c.specifications).order_by(PACKS.c.code)).all():
        for origin, text in sorted(kept.items()):
            said = yaml.safe_load(text)
            of = (code, said["level"], said["component"])
            values = {"name": said["name"], "version": 1, "origin": origin, "is_usual": of not in usual}
            added = SPECIFICATIONS.insert().values(pack=of[0], level=of[1], component=of[2], **values).returning(SPECIFICATIONS.c.id)
            number = connection.execute(added).scalar_one()
            connection.execute(
                VERSIONS.insert().values(specification_id=number, version=1, text=text, is_imported=True, wall=THIS_DAY if began is None else began)
            )
            usual.add(of)
