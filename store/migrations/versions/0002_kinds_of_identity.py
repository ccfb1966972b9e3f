"""An identity says of which kind it is. All that were made before are X25519."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.add_column("identities", sa.Column("kind", sa.String(length=20), nullable=True))
    op.execute("UPDATE identities SET kind = 'X25519'")
    with op.batch_alter_table("identities") as table:
        table.alter_column("kind", existing_type=sa.String(length=20), nullable=False)
