"""A young person's own: invitations, calls, keepsakes, stories and feedback."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _invitations()
    _calls()
    _keepsakes()
    _stories()
    _feedback()


def _invitations() -> None:
    _table(
        "invitations",
        _id("person_id"),
        _id("actor_id"),
        sa.Column("tag", sa.String(length=64), nullable=False),
        _time("expires_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("used_at", nullable=True),
        _time("ended_at", nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.UniqueConstraint("tag"),
    )
    op.create_index("invitations_person", "invitations", ["person_id", "created_at"])
    op.create_index("invitations_ended", "invitations", ["ended_at"])


def _calls() -> None:
    _table(
        "calls",
        _id("person_id"),
        _id("note_id", nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _id("seen_by", nullable=True),
        _time("seen_at", nullable=True),
    )
    op.create_index("calls_open", "calls", ["seen_at", "created_at"])


def _keepsakes() -> None:
    _table(
        "keepsakes",
        _id("person_id"),
        _id("note_id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _id("subject_id"),
    )
    op.create_index("keepsakes_person", "keepsakes", ["person_id", "created_at"])


def _stories() -> None:
    _table(
        "stories",
        _id("actor_id"),
        sa.Column("state", sa.String(length=20), nullable=False),
        _id("agreed_by", nullable=True),
        _time("agreed_at", nullable=True),
        _id("approved_by", nullable=True),
        _time("approved_at", nullable=True),
    )


def _feedback() -> None:
    _table(
        "feedback",
        _id("person_id"),
        _id("note_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("note_id", "number", "person_id"),
    )


def _table(name: str, *own: Any) -> None:
    """A table of sealed rows, with what is its own between its id and what is sealed."""
    op.create_table(
        name,
        _id("id"),
        *own,
        _time("created_at"),
        _id("scope"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _id(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)
