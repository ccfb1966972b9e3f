"""Columns that many tables have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, UniqueConstraint

# Whose a row is and what it stands for: in clear, and authenticated with its sealed payload. Such a
# column changes only where the payload is sealed anew.
BOUND = {"bound": True}


def id_column(
    name: str = "id", *, primary: bool = False, nullable: bool = False, bound: bool = False
) -> Column[str]:
    """A column of ids."""
    info = BOUND if bound else {}
    return Column(name, String(32), primary_key=primary, nullable=nullable, info=info)


def sealed_columns() -> tuple[Column[str], Column[int], Column[bytes]]:
    """What a row with a sealed payload has."""
    return (
        id_column("scope"),
        Column("version", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )


def numbered_columns(owner: str) -> tuple[Any, ...]:
    """Those of entries beside a recording or case, which are only ever added."""
    return (
        id_column(primary=True),
        id_column(owner, bound=True),
        Column("number", Integer, nullable=False, info=BOUND),  # of the owner's, from 1
        id_column("actor_id", bound=True),
        Column("created_at", BigInteger, nullable=False, info=BOUND),
        *sealed_columns(),
        UniqueConstraint(owner, "number"),
    )
