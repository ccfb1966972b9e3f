"""What the audit log says of one thing is found without reading all of it."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("audit_object", "audit", ["object", "seq"])
