"""What goes by a rule of retention: told of beforehand, and certified when it went."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recordings", sa.Column("gone_at", sa.BigInteger(), nullable=True))
    op.add_column("recordings", sa.Column("gone_by", sa.String(length=20), nullable=True))
    op.create_table(
        "disposals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("object", "kind"),
    )
