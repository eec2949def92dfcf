"""Why the room handed in for somebody: the reason that was chosen, beside the note."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an earlier release asked for the reason and did not keep it."""
    op.add_column("incident", sa.Column("reason", sa.String(), nullable=True))
