"""Teams, who sees a case beside them, and cases opened in an emergency."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0016"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _sealed() -> tuple[sa.Column[str], sa.Column[int], sa.Column[bytes]]:
    return (
        _id("scope"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def upgrade() -> None:
    """Without teams, every supervisor sees everybody's work, as before."""
    op.create_table(
        "teams", _id("id"), _at("created_at"), *_sealed(), sa.PrimaryKeyConstraint("id")
    )
    op.create_table(
        "memberships",
        _id("id"),
        _id("team_id"),
        _id("person_id"),
        _at("created_at"),
        *_sealed(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "person_id"),
    )
    op.create_table(
        "circles",
        _id("id"),
        _id("case_id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _id("subject_id"),
        _id("actor_id"),
        _at("created_at"),
        *_sealed(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "kind", "subject_id"),
    )
    op.create_index("circles_subject", "circles", ["subject_id", "kind"])
    op.create_table(
        "emergencies",
        _id("id"),
        _id("case_id"),
        _id("person_id"),
        _at("created_at"),
        _at("ends_at"),
        _at("ended_at", nullable=True),
        _id("reviewed_by", nullable=True),
        _at("reviewed_at", nullable=True),
        *_sealed(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("emergencies_person", "emergencies", ["person_id", "ends_at"])
