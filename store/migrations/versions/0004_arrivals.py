"""What a process without the root key takes in waits in `arrivals`; `orphans` are blobs of no row."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("blob", sa.String(length=32), nullable=True),
        sa.Column("header", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("arrivals_order", "arrivals", ["received_at"])
    op.create_table(
        "receipts",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tag"),
    )
    op.create_table(
        "orphans",
        sa.Column("blob", sa.String(length=32), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("blob"),
    )
