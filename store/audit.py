"""The audit log: one hash-chained event for every state change and every reading.

Each event's hash covers its own fields and the hash before it, so an edit, a deletion or a
reordering breaks the chain. The head is authenticated under the root key, so the log's end cannot
be cut off, nor the whole of it rewritten, without that key. Events hold ids and actions only;
erasing a case leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from store.errors import AuditError
from store.keys import KeyRing
from store.session import Database, now_ms
from store.tables import audit, audit_head

SYSTEM = "system"
"""The actor of what no person did."""

_START = bytes(32)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    seq: int  # from 1, without gaps
    at: int  # ms since 1970, UTC
    actor: str  # person id, or SYSTEM
    action: str
    object: str  # id of what it was done to


class Audit:
    """Appends, reads and verifies."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def append(self, connection: Connection, actor: str, action: str, object_id: str) -> None:
        """Add an event inside the transaction that makes the change."""
        head = connection.execute(select(audit_head)).one_or_none()
        seq, before = (head.seq + 1, head.hash) if head else (1, _START)
        event = Event(seq, now_ms(), actor, action, object_id)
        digest = _hash(event, before)
        connection.execute(
            insert(audit).values(
                seq=seq, at=event.at, actor=actor, action=action, object=object_id, hash=digest
            )
        )
        values = {"seq": seq, "hash": digest, "mac": self._mac(seq, digest)}
        if head is None:
            connection.execute(insert(audit_head).values(id=1, **values))
        else:
            connection.execute(update(audit_head).values(**values))

    def record(self, actor: str, action: str, object_id: str) -> None:
        """Add an event on its own, e.g. a reading."""
        with self._database.write() as connection:
            self.append(connection, actor, action, object_id)

    def events(self) -> Iterator[Event]:
        """All events, oldest first."""
        with self._database.read() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.seq)):
                yield Event(row.seq, row.at, row.actor, row.action, row.object)

    def verify(self) -> int:
        """The number of events; AuditError naming the first one that does not fit."""
        before, seq = _START, 0
        with self._database.read() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.seq)):
                seq += 1
                if row.seq != seq:
                    raise AuditError(f"event {seq} is missing", seq)
                event = Event(row.seq, row.at, row.actor, row.action, row.object)
                before = _hash(event, before)
                if not hmac.compare_digest(before, row.hash):
                    raise AuditError(f"event {seq} was changed", seq)
            head = connection.execute(select(audit_head)).one_or_none()
        if head is None:
            if seq:
                raise AuditError("the head of the log is missing", seq)
            return 0
        if not hmac.compare_digest(head.mac, self._mac(head.seq, head.hash)):
            raise AuditError("the head of the log was changed", head.seq)
        if (head.seq, head.hash) != (seq, before):
            raise AuditError(f"the log ends at event {seq} and should end at {head.seq}", seq + 1)
        return seq

    def _mac(self, seq: int, digest: bytes) -> bytes:
        return self._keys.audit_mac(seq.to_bytes(8, "big") + digest)


def _hash(event: Event, before: bytes) -> bytes:
    fields = [event.seq, event.at, event.actor, event.action, event.object]
    return hashlib.sha256(before + json.dumps(fields).encode()).digest()
