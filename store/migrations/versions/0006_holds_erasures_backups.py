"""Legal holds, certificates of erasure, and a ledger of backups.

What was erased before gets a certificate too, of the time that its identity has.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_IDENTITIES = sa.table(
    "identities", sa.column("id"), sa.column("recipient"), sa.column("erased_at")
)
_CASES = sa.table("cases", sa.column("id"), sa.column("state"))
_RECORDINGS = sa.table(
    "recordings",
    *(sa.column(n) for n in ("id", "scope", "state", "tag", "size", "header", "sealed")),
)
_ERASURES = sa.table(
    "erasures", *(sa.column(n) for n in ("id", "kind", "object", "actor", "at"))
)


def _sealed() -> "tuple[sa.Column[str], sa.Column[int], sa.Column[bytes]]":
    return (
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("placed_by", sa.String(length=32), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("released_by", sa.String(length=32), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        *_sealed(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("holds_case", "holds", ["case_id"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("object", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("object"),
    )
    op.create_table(
        "backups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        *_sealed(),
        sa.PrimaryKeyConstraint("id"),
    )
    _certify(op.get_bind())


def _certify(bind: sa.Connection) -> None:
    """Bring cases that were erased before into the form that erasing gives them now."""
    erased = sa.select(_IDENTITIES).where(_IDENTITIES.c.erased_at.is_not(None))
    for row in bind.execute(erased).all():
        bind.execute(
            _IDENTITIES.update().where(_IDENTITIES.c.id == row.id).values(recipient=b"")
        )
        bind.execute(
            _ERASURES.insert().values(
                id=uuid.uuid4().hex, kind="case", object=row.id, actor="system", at=row.erased_at
            )
        )
        bind.execute(
            _RECORDINGS.update()
            .where(_RECORDINGS.c.scope == row.id)
            .values(state="erased", tag=_RECORDINGS.c.id, size=0, header=b"", sealed=b"")
        )
