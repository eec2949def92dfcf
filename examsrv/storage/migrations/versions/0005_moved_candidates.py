"""Candidates who are moved to another seat: where they sat before, and which machine was cut off."""

import sqlalchemy as sa
from alembic import op

from examsrv.storage.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; whoever was moved by an earlier release was signed out."""
    op.add_column("incident", sa.Column("from_seat", sa.Integer(), nullable=True))
    op.add_column("candidate_session", sa.Column("cut_off", Instant(timezone=True), nullable=True))
