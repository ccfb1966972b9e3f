"""The audit log: one event for every state change and every reading, in a Merkle tree.

Each event is a leaf of an RFC 6962 tree. The head row holds the tree's right edge, so that adding
an event costs O(log n), authenticated under the root key: without that key no event can be changed,
added, moved or cut off unseen. Who holds the key can still rewrite everything; what finds that is a
signed checkpoint that lies elsewhere (store/checkpoint.py). The database refuses to update or
delete events.

Events hold ids and actions in clear. A detail is sealed under its case's key, and the tree is over
the ciphertext: erasing a case leaves the log whole.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from store.checkpoint import Checkpoint, Signer, kept, load, save
from store.errors import AuditError, ErasedError, NotFoundError, StoreError, TamperedError
from store.identities import Identities
from store.keys import KeyRing
from store.merkle import HASH_SIZE, Edge, leaf_hash
from store.pins import Pins, sealed_anew
from store.sealed import Place
from store.session import Database, now_ms
from store.tables import audit, audit_head, notes, recordings

log = logging.getLogger(__name__)

SYSTEM = "system"
"""The actor of what no person did."""

_HEAD = b"recorder/audit/head/v2\0"
_SIGNING = b"recorder/audit/checkpoint/v1\0"
_BATCH = 1000  # rows read at once
_LONGEST_ID = 40  # characters, as the column has


@dataclass(frozen=True, slots=True)
class Detail:
    """What an event says beyond ids: sealed under the identity of `scope`."""

    scope: str
    text: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    seq: int  # from 1, without gaps
    at: int  # ms since 1970, UTC
    actor: str  # person id, or SYSTEM
    action: str
    object: str  # id of what it was done to
    scope: str | None = None  # whose key sealed the detail
    detail: bytes | None = field(default=None, repr=False)  # sealed

    def leaf(self) -> bytes:
        """Its leaf in the tree (32 bytes)."""
        detail = None if self.detail is None else self.detail.hex()
        fields = (self.seq, self.at, self.actor, self.action, self.object, self.scope, detail)
        return leaf_hash(json.dumps(fields).encode())


class Audit:
    """Appends, reads, verifies and signs."""

    def __init__(self, database: Database, keys: KeyRing, identities: Identities) -> None:
        self._database = database
        self._keys = keys
        self._identities = identities

    def append(
        self,
        connection: Connection,
        actor: str,
        action: str,
        object_id: str,
        detail: Detail | None = None,
    ) -> None:
        """Add an event inside the transaction that makes the change.

        AuditError if the head was tampered with: a false log is not continued.
        """
        head = self._head(connection, lock=True)
        seq, scope, sealed = head.size + 1, None, None
        if detail is not None:
            scope, place = detail.scope, Place("audit", str(seq), 1)
            sealed = self._identities.seal(connection, scope, place, detail.text)
        event = Event(seq, now_ms(), actor, action, object_id, scope, sealed)
        leaf = event.leaf()
        try:
            connection.execute(insert(audit).values(**asdict(event), hash=leaf))
        except IntegrityError as error:
            raise AuditError(f"event {seq} is there already", seq) from error
        self._keep(connection, head.grown(leaf))

    def record(self, actor: str, action: str, object_id: str, detail: Detail | None = None) -> None:
        """Add an event on its own, e.g. a reading."""
        with self._database.write() as connection:
            self.append(connection, actor, action, object_id, detail)

    def pin(self, connection: Connection, table: Table, row_id: str, version: int) -> None:
        """Say that a row was sealed anew, so that no earlier copy of it passes for it."""
        self.append(connection, SYSTEM, sealed_anew(table, version), row_id)

    def tampering(self, error: TamperedError) -> None:
        """Add that something was found which is not as it was written here.

        A log that cannot be added to (a database that is read-only, or full, or a false head) is
        no reason to keep quiet about what was found: that error goes its way all the same.
        """
        try:
            self.record(SYSTEM, "tampering found", error.object_id[:_LONGEST_ID] or "unknown")
        except StoreError as why:
            fields = {"object": error.object_id[:_LONGEST_ID], "reason": type(why).__name__}
            log.error("tampering found and not audited", extra=fields)  # noqa: TRY400 - a traceback may show values

    def events(self) -> Iterator[Event]:
        """All events, oldest first."""
        with self._database.read() as connection:
            for row in _rows(connection):
                yield _event(row)

    def of_case(self, case_id: str, limit: int) -> list[Event]:
        """The newest events about a case and what lies or lay in it, newest first.

        Whatever became of a note or recording: what was merged or erased was done to them, too.
        """
        within = (
            select(each.c.id).where(each.c.case_id == case_id) for each in (notes, recordings)
        )
        objects = union_all(select(literal(case_id)), *within)
        query = select(audit).where(audit.c.object.in_(objects)).order_by(audit.c.seq.desc())
        with self._database.read() as connection:
            return [_event(row) for row in connection.execute(query.limit(limit))]

    def open(self, event: Event) -> bytes:
        """The detail of `event`; ErasedError once its case is, NotFoundError if it has none."""
        if event.scope is None or event.detail is None:
            raise NotFoundError(f"event {event.seq} has no detail")
        with self._database.read() as connection:
            place = Place("audit", str(event.seq), 1)
            return self._identities.open(connection, event.scope, place, event.detail)

    def reason(self, connection: Connection, row: Row[Any]) -> bytes:
        """The detail of an event's row; empty where there is none that opens."""
        try:
            place = Place("audit", str(row.seq), 1)
            return self._identities.open(connection, row.scope, place, row.detail)
        except (NotFoundError, TamperedError, ErasedError):
            return b""

    def verify(self, checkpoints: Iterable[Checkpoint] = ()) -> int:
        """The number of events; AuditError naming the first one that does not fit.

        The log must lead to its head, and have the root of each of `checkpoints` at its size.
        TamperedError for a row that was put back to before what the log says of it.
        """
        pins = Pins()
        size = self._verified(checkpoints, pins).size
        with self._database.read() as connection:
            pins.check(connection)
        return size

    def checkpoint(self, folder: Path) -> Path:
        """Sign how far the log has come, into `folder`; the file is there already if it stood still.

        Nothing is signed that does not verify or disagrees with the newest checkpoint there. A row
        that was put back is told of, and is no reason not to sign what the log says.
        """
        signer, newest = self.signer(), kept(folder)[-1:]
        known = [load(path, signer) for path in newest]
        pins = Pins()
        edge = self._verified(known, pins)
        with suppress(TamperedError), self._database.read() as connection:
            pins.check(connection)
        if known and known[0].size == edge.size:
            return newest[0]
        return save(folder, Checkpoint(signer.name, edge.size, edge.root()), signer, now_ms())

    def signer(self) -> Signer:
        """What signs this log's checkpoints: derived from the key that authenticates its head."""
        return signer_of(self._keys)

    def at(self, connection: Connection) -> Checkpoint:
        """How far the log has come as `connection` sees it, verified."""
        edge = self._walked(connection, {}, Pins())
        return Checkpoint(self.signer().name, edge.size, edge.root())

    def _verified(self, checkpoints: Iterable[Checkpoint], pins: Pins) -> Edge:
        signed: dict[int, set[bytes]] = defaultdict(set)
        for checkpoint in checkpoints:
            signed[checkpoint.size].add(checkpoint.root)
        with self._database.read() as connection:
            edge = self._walked(connection, signed, pins)
        if max(signed, default=0) > edge.size:
            raise AuditError(
                f"the log ends at event {edge.size}, and {max(signed)} events were signed",
                edge.size + 1,
            )
        return edge

    def _walked(self, connection: Connection, signed: Mapping[int, set[bytes]], pins: Pins) -> Edge:
        edge, agreed = Edge(), 0
        for edge in _grow(connection, pins):
            if edge.size in signed:
                if signed[edge.size] != {edge.root()}:
                    raise AuditError(
                        f"events {agreed + 1} to {edge.size} are not those that were signed",
                        agreed + 1,
                    )
                agreed = edge.size
        _compare(edge, self._head(connection))
        return edge

    def _head(self, connection: Connection, *, lock: bool = False) -> Edge:
        """The tree's edge as it was kept; AuditError if it was not kept by this key's holder."""
        # Locked where the database can: two appends at once must not grow the same edge.
        query = select(audit_head).where(audit_head.c.id == 1)
        try:
            row = connection.execute(query.with_for_update() if lock else query).one_or_none()
            genuine = row is None or hmac.compare_digest(row.mac, self._mac(row.size, row.edge))
        except (TypeError, AttributeError, OverflowError) as error:  # not even the right types
            raise AuditError("the head of the log was changed", 1) from error
        if not genuine:
            raise AuditError("the head of the log was changed", 1)
        if row is None:
            if connection.scalar(select(audit.c.seq).limit(1)) is not None:
                raise AuditError("the head of the log is missing", 1)
            return Edge()
        starts = range(0, len(row.edge), HASH_SIZE)
        return Edge(row.size, tuple(row.edge[start : start + HASH_SIZE] for start in starts))

    def _keep(self, connection: Connection, head: Edge) -> None:
        edge = b"".join(head.hashes)
        values = {"size": head.size, "edge": edge, "mac": self._mac(head.size, edge)}
        if head.size == 1:
            connection.execute(insert(audit_head).values(id=1, **values))
        else:
            connection.execute(update(audit_head).where(audit_head.c.id == 1).values(**values))

    def _mac(self, size: int, edge: bytes) -> bytes:
        return self._keys.audit_mac(_HEAD + size.to_bytes(8, "big") + edge)


def signer_of(keys: KeyRing) -> Signer:
    """What signs the checkpoints of the log whose head these keys authenticate."""
    return Signer(keys.audit_mac(_SIGNING))


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    """All events in order, a batch at a time: no cursor is open while they are looked at."""
    query = select(audit).order_by(audit.c.seq).limit(_BATCH)
    batch = connection.execute(query).all()
    while batch:
        yield from batch
        batch = connection.execute(query.where(audit.c.seq > batch[-1].seq)).all()


def _event(row: Row[Any]) -> Event:
    return Event(row.seq, row.at, row.actor, row.action, row.object, row.scope, row.detail)


def _grow(connection: Connection, pins: Pins) -> Iterator[Edge]:
    """The tree's edge before the first event and after each, as the events themselves give it."""
    edge, rows = Edge(), _rows(connection)
    yield edge
    while True:
        seq = edge.size + 1
        try:
            row = next(rows, None)
            leaf = None if row is None else _event(row).leaf()
        except (SQLAlchemyError, TypeError, ValueError, AttributeError) as error:
            raise AuditError(f"event {seq} cannot be read", seq) from error
        if row is None or leaf is None:
            return
        if row.seq != seq:
            raise AuditError(f"event {seq} is missing", seq)
        if leaf != row.hash:
            raise AuditError(f"event {seq} was changed", seq)
        pins.see(row.action, row.object)
        edge = edge.grown(leaf)
        yield edge


def _compare(edge: Edge, head: Edge) -> None:
    """AuditError unless the events lead to the head that was kept."""
    if edge.size != head.size:
        raise AuditError(
            f"the log ends at event {edge.size} and should end at {head.size}",
            min(edge.size, head.size) + 1,
        )
    start, rest = 1, edge.size
    for found, expected in zip(edge.hashes, head.hashes, strict=True):
        if found != expected:
            raise AuditError(f"event {start} or one after it was changed", start)
        width = 1 << rest.bit_length() - 1
        start, rest = start + width, rest - width
