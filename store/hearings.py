"""What was heard so far of a recording that is still being transcribed, a window at a time.

Kept so that a worker that is killed costs one window and not hours; gone once the transcript is
stored. The last part says how far the work has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.errors import ConflictError
from store.identities import Identities
from store.people import new_id
from store.records import Recording
from store.session import Database, now_ms
from store.tables import hearings, recordings

_LATELY = 6  # parts that a pace is taken from


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the hearing of a recording has come, and how fast."""

    heard_ms: int  # of sound
    pace: (
        float | None
    )  # ms of work a ms of sound, of late; None while fewer than two parts are there


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
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {
            recording_id: _progress([(heard_ms, at) for _, heard_ms, at in parts])
            for recording_id, parts in groupby(rows, key=lambda row: str(row[0]))
        }


def _progress(parts: Sequence[tuple[int, int]]) -> Progress:
    """From where each part ended, in ms of sound, and when it was stored, in ms since 1970.

    The middle one of the last paces: a night between two parts, when nobody worked, is no pace.
    """
    heard_ms, _ = parts[-1]
    paces = [
        max(later - at, 0) / (end - before)
        for (before, at), (end, later) in pairwise(parts[-_LATELY:])
        if end > before
    ]
    return Progress(heard_ms, median(paces) if paces else None)
