"""Uploads are found by how they stand, every two seconds."""

from alembic import op

revision = "0023"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("uploads_state", "uploads", ["state", "touched_at"])
