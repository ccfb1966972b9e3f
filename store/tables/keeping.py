"""What keeps the rest safe: the log, backups, holds, erasures and switches."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import sealed_columns as _sealed
from store.tables.base import metadata

switches = Table(
    "switches",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("at", BigInteger, nullable=False),
    _id("actor"),
)

holds = Table(
    "holds",
    metadata,
    _id(primary=True),
    _id("case_id", bound=True),
    _id("placed_by", bound=True),
    Column("placed_at", BigInteger, nullable=False, info=_BOUND),
    _id("released_by", nullable=True, bound=True),
    Column("released_at", BigInteger, nullable=True, info=_BOUND),  # None: in force
    *_sealed(),
    Index("holds_case", "case_id"),
)

erasures = Table(
    "erasures",
    metadata,
    _id(primary=True),  # what the certificate names
    Column("kind", String(10), nullable=False),  # case, recording or own record
    _id("object"),
    _id("actor"),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("object"),
)

disposals = Table(
    "disposals",  # what goes by a rule, since it was told of, and what went: its certificate
    metadata,
    _id(primary=True),
    Column("kind", String(20), nullable=False),  # see store/disposal.py
    _id("object"),
    Column("rule", String(20), nullable=False),
    Column("told_at", BigInteger, nullable=False),
    _id("actor", nullable=True),
    Column("at", BigInteger, nullable=True),  # None: it is still there
    Column("size", BigInteger, nullable=True),  # bytes, as it was sealed
    Column("sha256", String(64), nullable=True),  # of it as it was sealed
    UniqueConstraint("object", "kind"),
)

backups = Table(
    "backups",
    metadata,
    _id(primary=True),  # of the set
    Column("made_at", BigInteger, nullable=False, info=_BOUND),  # erased before: not in it
    Column("verified_at", BigInteger, nullable=True),  # None: not finished, or cut short
    Column(
        "expires_at", BigInteger, nullable=True, info=_BOUND
    ),  # None: kept until somebody removes it
    Column("gone_at", BigInteger, nullable=True),  # when it was seen removed
    *_sealed(),  # where it is
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    _id("actor"),
    Column("action", String(40), nullable=False),
    Column("object", String(40), nullable=False),
    _id("scope", nullable=True),  # whose key sealed the detail
    Column("detail", LargeBinary, nullable=True),  # sealed
    Column("hash", LargeBinary, nullable=False),  # its leaf in the Merkle tree
    Index("audit_object", "object", "seq"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row, id 1
    Column("size", Integer, nullable=False),  # events
    Column("edge", LargeBinary, nullable=False),  # the right edge of the tree over them
    Column("mac", LargeBinary, nullable=False),  # under the root key: nobody else can move it
)
