"""What was heard at the beginning of files that are nobody's yet.

A file from a folder that belongs to nobody waits in `arrivals`. A row here says that its opening is
to be heard, and then what was said in it: sealed under the team, for nobody knows yet whose case it
is. The row goes with the arrival, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, update

from store.errors import ConflictError
from store.identities import Identities
from store.payloads import decode_text
from store.records import LONGEST_WAIT_MS
from store.session import Database, now_ms
from store.tables import TEAM, arrivals, openings

DUE, HEARD, UNHEARD = "due", "heard", "unheard"


@dataclass(frozen=True, slots=True)
class Opening:
    """How it stands with a file's opening."""

    arrival_id: str
    state: str  # DUE, HEARD or UNHEARD
    reason: str | None  # a code: why it was not heard, or waits
    attempts: int
    created_at: int  # ms
    words: str = field(repr=False)  # empty unless HEARD


class Openings:
    """Says what is due, keeps what was heard."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._database = database
        self._identities = identities

    def want(self, arrival_id: str) -> None:
        """Have an arrival's opening heard; once wanted, or settled meanwhile, is fine."""
        with self._database.write() as connection:
            waits = select(arrivals.c.id).where(arrivals.c.id == arrival_id)
            if connection.scalar(waits) is None or _row(connection, arrival_id) is not None:
                return
            values = {
                "arrival_id": arrival_id,
                "state": DUE,
                "reason": None,
                "attempts": 0,
                "next_try_at": 0,
                "created_at": now_ms(),
                "scope": TEAM,
                "version": 1,
            }
            sealed = self._identities.sealed(connection, openings, values, b"")
            connection.execute(insert(openings).values(**sealed))

    def due(self) -> Sequence[Opening]:
        """Openings to hear now, the oldest first; without their words, for there are none yet."""
        now, next_try = now_ms(), openings.c.next_try_at
        # So far ahead it was put by a clock that was wrong.
        come = (next_try <= now) | (next_try > now + LONGEST_WAIT_MS)
        query = select(openings).where(openings.c.state == DUE, come)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(openings.c.created_at)).all()
        return [_opening(row, "") for row in rows]

    def get(self, arrival_id: str) -> Opening | None:
        """The opening as it stands, without its words; None if it is not wanted, or settled."""
        with self._database.read() as connection:
            row = _row(connection, arrival_id)
        return None if row is None else _opening(row, "")

    def of(self, arrival_id: str) -> Opening | None:
        """As `get`, with what was said; TamperedError if that is not as it was sealed."""
        with self._database.read() as connection:
            row = _row(connection, arrival_id)
            if row is None:
                return None
            payload = self._identities.opened(connection, openings, row)
        return _opening(row, decode_text(payload, arrival_id))

    def keep(self, arrival_id: str, words: str) -> None:
        """Store what was said, once; ConflictError if the file was settled or heard meanwhile."""
        with self._database.write() as connection:
            row = _due(connection, arrival_id)
            changed = {"state": HEARD, "reason": None}
            self._identities.anew(connection, openings, row, changed, words.encode())

    def give_up(self, arrival_id: str, reason: str) -> None:
        """It cannot or must not be heard; the file waits on. ConflictError as `keep`."""
        self._change(arrival_id, state=UNHEARD, reason=reason)

    def postpone(self, arrival_id: str, reason: str, next_try_at: int) -> None:
        """Count a failed attempt and say when to try again (ms); ConflictError as `keep`."""
        more = openings.c.attempts + 1
        self._change(arrival_id, attempts=more, reason=reason, next_try_at=next_try_at)

    def _change(self, arrival_id: str, **values: object) -> None:
        with self._database.write() as connection:
            _due(connection, arrival_id)
            mine = openings.c.arrival_id == arrival_id
            connection.execute(update(openings).where(mine).values(**values))


def _row(connection: Connection, arrival_id: str) -> Any:
    query = select(openings).where(openings.c.arrival_id == arrival_id)
    return connection.execute(query).one_or_none()


def _due(connection: Connection, arrival_id: str) -> Any:
    row = _row(connection, arrival_id)
    if row is None or row.state != DUE:
        raise ConflictError(f"arrival {arrival_id} was seen to already")
    return row


def _opening(row: Any, words: str) -> Opening:
    return Opening(row.arrival_id, row.state, row.reason, row.attempts, row.created_at, words)
