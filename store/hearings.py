"""What was heard so far of a recording that is still being transcribed, a window at a time.

Kept so that a worker that is killed costs one window and not hours; gone once the transcript is
stored. The last part says how far the work has come.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.errors import ConflictError
from store.identities import Identities
from store.people import new_id
from store.records import Recording
from store.session import Database, now_ms
from store.tables import hearings, recordings


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the hearing of a recording has come, and how fast."""

    heard_ms: int  # of sound
    since: int  # ms since 1970, UTC: when its first part was stored
    until: int  # when its last part was
    first_ms: int  # of sound in the first part


class Hearings:
    """Keeps the parts of a transcript in the making."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._database = database
        self._identities = identities

    def keep(self, recording: Recording, number: int, heard_ms: int, payload: bytes) -> None:
        """Store the part of this number.

        ConflictError if another worker was quicker, or if the recording has left its state: it was
        cancelled or erased, and going on would be in vain.
        """
        values = {
            "id": new_id(),
            "recording_id": recording.id,
            "number": number,
            "heard_ms": heard_ms,
            "created_at": now_ms(),
            "scope": recording.scope,
            "version": 1,
        }
        try:
            with self._database.write() as connection:
                state = select(recordings.c.state).where(recordings.c.id == recording.id)
                if connection.scalar(state) != recording.state:
                    raise ConflictError(f"recording {recording.id} has moved on already")
                sealed = self._identities.sealed(connection, hearings, values, payload)
                connection.execute(insert(hearings).values(**sealed))
        except IntegrityError as error:
            raise ConflictError(f"recording {recording.id} is being heard elsewhere") from error

    def of(self, recording_id: str) -> list[bytes]:
        """The parts of a recording, in order."""
        query = select(hearings).where(hearings.c.recording_id == recording_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(hearings.c.number)).all()
            return [self._identities.opened(connection, hearings, row) for row in rows]

    def start_over(self, recording_id: str) -> None:
        """Drop the parts: they were heard in another way than the rest would be."""
        with self._database.write() as connection:
            self.forget(connection, recording_id)

    def forget(self, connection: Connection, recording_id: str) -> None:
        """Drop the parts, within the caller's transaction."""
        connection.execute(delete(hearings).where(hearings.c.recording_id == recording_id))

    def progress(self) -> dict[str, Progress]:
        """How far each recording that is being heard has come, by its id."""
        columns = (hearings.c.recording_id, hearings.c.heard_ms, hearings.c.created_at)
        query = select(*columns).order_by(hearings.c.recording_id, hearings.c.number)
        found: dict[str, Progress] = {}
        with self._database.read() as connection:
            for recording_id, heard_ms, at in connection.execute(query):
                first = found.get(recording_id, Progress(heard_ms, at, at, heard_ms))
                found[recording_id] = Progress(heard_ms, first.since, at, first.first_ms)
        return found
