"""What somebody's recordings of late are found by, without looking at all that there ever were."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("recordings_worker", "recordings", ["practitioner_id", "received_at"])
