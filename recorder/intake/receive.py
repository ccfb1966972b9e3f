"""Taking a file in: sealed and verified first, registered second, removed last.

At every step a crash leaves either the source or the sealed copy, and mostly both. Running again
over the same file is harmless: the same bytes in the same case are one recording.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import Enum

from recorder.intake.scan import Arrived, Signature
from recorder.intake.unseal import inner_name, inside
from recorder.media.readable import FileReadable, blocks
from store.errors import ErasedError, NotFoundError
from store.journal import DUPLICATE, SEALED, Look
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM


class Outcome(Enum):
    """What became of a file."""

    SEALED = "sealed"
    DUPLICATE = "duplicate"
    CHANGED = "changed"  # it moved under our hands: look again later
    NOBODY = "nobody"  # its folder belongs to nobody on the team


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a file is, by the folder it lies in."""

    practitioner_id: str
    case_id: str | None

    @property
    def scope(self) -> str:
        """The identity it is sealed to."""
        return self.case_id or TEAM


def owner(store: Store, practitioner: str | None, case_ref: str | None) -> Owner | None:
    """The owner that a path names, None if its first folder is nobody's.

    A reference that is no known case leaves the file unassigned, in its practitioner's list.
    """
    if practitioner is None:
        return None
    try:
        member = store.people.by_handle(practitioner)
    except NotFoundError:
        return None
    if case_ref is None:
        return Owner(member.id, None)
    try:
        return Owner(member.id, store.cases.by_ref(case_ref).id)
    except (NotFoundError, ErasedError):
        return Owner(member.id, None)


def receive(
    store: Store,
    arrived: Arrived,
    whose: Owner,
    note_kind: str | None = None,
    recorded_at: int | None = None,
) -> tuple[Outcome, Recording | None]:
    """Seal a file that has come to rest, verify it, register it and enter it in the journal.

    A file that came sealed is opened on the way and sealed anew. `recorded_at` (ms) is given when
    somebody said it; else the file's own time stands in. Raises MediaError for a sealed file that
    does not open to its end.
    """
    descriptor = os.open(arrived.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        if Signature.of(os.fstat(descriptor)) != arrived.signature:
            return Outcome.CHANGED, None
        content = inside(store, FileReadable(descriptor), arrived.path.name)
        sealed = store.recordings.seal(whose.scope, blocks(content))
        same = Signature.of(os.fstat(descriptor)) == arrived.signature
    finally:
        os.close(descriptor)
    if not same or sealed.size != content.size:
        store.recordings.discard(sealed)
        return Outcome.CHANGED, None
    arrival = replace(_arrival(arrived, whose), note_kind=note_kind)
    if recorded_at is not None:
        arrival = replace(arrival, recorded_at=recorded_at, recorded_from="said")
    recording, new = store.recordings.register(sealed, arrival)
    outcome = Outcome.SEALED if new else Outcome.DUPLICATE
    store.journal.note(
        Look(
            path=str(arrived.relative),
            scope=whose.scope,
            practitioner_id=whose.practitioner_id,
            state=SEALED if new else DUPLICATE,
            size=recording.size,
            recording_id=recording.id,
            signature=mark(arrived.signature),
        )
    )
    return outcome, recording


def remove(store: Store, arrived: Arrived) -> bool:
    """Remove a source that is in the vault, unless it changed since; whether it is gone."""
    try:
        if Signature.of(arrived.path.lstat()) != arrived.signature:
            return False
        arrived.path.unlink()
    except FileNotFoundError:
        return True
    store.journal.removed(str(arrived.relative))
    return True


def mark(signature: Signature) -> str:
    """A signature as the journal keeps it."""
    return f"{signature.size}:{signature.mtime_ns}:{signature.inode}:{signature.device}"


def _arrival(arrived: Arrived, whose: Owner) -> Arrival:
    return Arrival(
        scope=whose.scope,
        case_id=whose.case_id,
        practitioner_id=whose.practitioner_id,
        media_type=arrived.media_type.key,
        kind=arrived.media_type.kind,
        name=inner_name(arrived.path.name),
        recorded_at=arrived.signature.mtime_ns // 1_000_000,
        recorded_from="file",
    )
