"""What people put right in a transcript, and the living summaries of cases."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, owner in (("corrections", "recording_id"), ("summaries", "case_id")):
        op.create_table(
            table,
            sa.Column("id", sa.String(length=32), nullable=False),
            sa.Column(owner, sa.String(length=32), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("actor_id", sa.String(length=32), nullable=False),
            sa.Column("created_at", sa.BigInteger(), nullable=False),
            sa.Column("scope", sa.String(length=32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint(owner, "number"),
        )
