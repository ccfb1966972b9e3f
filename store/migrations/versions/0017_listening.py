"""What people listened to before they approved, and what came of hearing it once more."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, *more in (
        ("listenings",),
        ("relistenings", sa.UniqueConstraint("note_id", "number")),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.String(length=32), nullable=False),
            sa.Column("note_id", sa.String(length=32), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("actor_id", sa.String(length=32), nullable=False),
            sa.Column("created_at", sa.BigInteger(), nullable=False),
            sa.Column("scope", sa.String(length=32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            *more,
        )
    # Films that were seen to before there was a picture of their sound: it alone is made of them.
    op.execute(
        "UPDATE makings SET state = 'waiting', attempts = 0, next_try_at = 0 WHERE state = 'made' "
        "AND recording_id IN (SELECT id FROM recordings WHERE kind = 'video')"
    )
    op.create_index("listenings_note", "listenings", ["note_id", "actor_id"])
