"""The audit log becomes an append-only Merkle tree; events may carry a sealed detail.

The chain of before is verified to its authenticated head first: a log that was tampered with is not
made good by an upgrade. What this needs of the old and the new form stands here, frozen.
"""

import hashlib
import hmac
import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

from store.errors import AuditError, KeyUnavailableError
from store.merkle import Edge, leaf_hash

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OLD = sa.table("audit", *(sa.column(n) for n in ("seq", "at", "actor", "action", "object", "hash")))
_OLD_HEAD = sa.table("audit_head", sa.column("seq"), sa.column("hash"), sa.column("mac"))
_NEW_HEAD = sa.table(
    "audit_head",
    sa.column("id", sa.Integer),
    sa.column("size", sa.Integer),
    sa.column("edge", sa.LargeBinary),
    sa.column("mac", sa.LargeBinary),
)
_MAC_LABEL = b"recorder/audit/head/v2\0"

_SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    # INSERT OR REPLACE deletes without a word to the trigger above.
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
    "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = '23000'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    # A session that plays a replica skips other triggers.
    "ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_change",
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM PUBLIC, CURRENT_USER",
)


def upgrade() -> None:
    bind = op.get_bind()
    edge = _converted(bind)
    op.add_column("audit", sa.Column("scope", sa.String(length=32), nullable=True))
    op.add_column("audit", sa.Column("detail", sa.LargeBinary(), nullable=True))
    op.drop_table("audit_head")
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if edge.size:
        data = b"".join(edge.hashes)
        mac = _mac(_MAC_LABEL + edge.size.to_bytes(8, "big") + data)
        bind.execute(_NEW_HEAD.insert().values(id=1, size=edge.size, edge=data, mac=mac))
    statements = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[bind.dialect.name]
    for statement in statements:
        op.execute(statement)


def _converted(bind: sa.Connection) -> Edge:
    """Verify the chain and put each event's leaf in place of its link; the tree's edge."""
    chain, edge = bytes(32), Edge()
    for row in bind.execute(sa.select(_OLD).order_by(_OLD.c.seq)).all():
        seq = edge.size + 1
        fields = [row.seq, row.at, row.actor, row.action, row.object]
        chain = hashlib.sha256(chain + json.dumps(fields).encode()).digest()
        if row.seq != seq or row.hash != chain:
            raise AuditError(f"the audit log cannot be upgraded: event {seq} was changed", seq)
        leaf = leaf_hash(json.dumps([*fields, None, None]).encode())
        bind.execute(_OLD.update().where(_OLD.c.seq == seq).values(hash=leaf))
        edge = edge.grown(leaf)
    head = bind.execute(sa.select(_OLD_HEAD)).one_or_none()
    if edge.size == 0 and head is None:
        return edge
    genuine = (
        head is not None
        and (head.seq, head.hash) == (edge.size, chain)
        and hmac.compare_digest(head.mac, _mac(edge.size.to_bytes(8, "big") + chain))
    )
    if not genuine:
        raise AuditError("the audit log cannot be upgraded: its head does not fit", edge.size)
    return edge


def _mac(data: bytes) -> bytes:
    audit_mac: Callable[[bytes], bytes] | None = context.config.attributes.get("audit_mac")
    if audit_mac is None:
        raise KeyUnavailableError("the audit log cannot be upgraded without the root key")
    return audit_mac(data)
