"""An index of the notes in each record, the newest first or last: a member of staff's own record is read by it."""

from alembic import op

revision = "0025"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("notes_scope", "notes", ["scope", "contact_at"])
