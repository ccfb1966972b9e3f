"""What waits for a second person is found without reading every decision."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("decisions_kind", "decisions", ["kind", "note_id"])
