"""Taking a file in: sealed and verified first, registered second, removed last.

At every step a crash leaves either the source or the sealed copy, and mostly both. Running again
over the same file is harmless: the same bytes in the same case are one recording.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import partial

from recorder.around import SUPERVISION
from recorder.home import Home
from recorder.intake.attention import Attention, attention
from recorder.intake.nobodys import Nobodys
from recorder.intake.overview import Bookkeeper, Overview
from recorder.intake.owner import Owner, owner, supervised
from recorder.intake.scan import Arrived
from recorder.intake.take import clear_away, mark, or_discarded, seal_whole
from recorder.intake.unseal import inner_name, inside, judge
from recorder.intake.watch import Watcher
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.errors import TamperedError
from store.files import AS_IT_IS
from store.journal import DUPLICATE, SEALED, Look
from store.laptops import Laptops
from store.records import Arrival, Recording
from store.sealing import Sealed
from store.store import Store

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a file."""

    SEALED = "sealed"
    DUPLICATE = "duplicate"
    CHANGED = "changed"  # it moved under our hands: look again later


class Registrar:
    """Takes files in with the root key: straight to their case, and into the journal."""

    def __init__(self, home: Home) -> None:
        self._store = home.store
        self._keeping = home.settings.after_intake == "keep"
        self._books = Bookkeeper(home.store)
        self._nobodys = Nobodys(home.store)
        self._asked_at = home.store.files.asked_at()

    def judge(self, readable: Readable, name: str) -> MediaType:
        """See `Taker`."""
        return judge(self._store.laptops, readable, name)

    def take(self, arrived: Arrived) -> Attention | None:
        """See `Taker`."""
        path, marked = str(arrived.relative), mark(arrived.signature)
        if not self._books.is_taken(path, marked):
            try:
                whose = owner(self._store, arrived.place.practitioner, arrived.place.case_ref)
            except TamperedError:
                return attention(arrived.path, "unknown")
            if whose is None:
                if not self._nobodys.keep(arrived):
                    return None
                return None if self._keeping else clear_away(arrived)
            outcome, recording = receive(self._store, arrived, whose)
            if recording is None:
                return None
            log.info("file taken in", extra={"recording": recording.id, "outcome": outcome.value})
            self._books.taken(path, marked)
        # Else it is in the vault already, and only its removal was missed, by a crash or a lock.
        return None if self._keeping else clear_away(arrived)

    def tell(self, seen: Overview) -> None:
        """See `Taker`."""
        if self._nobodys.look():  # what became of it stands in the journal
            self._books.reload()
        self._books.keep(seen, self._nobodys.paths())

    def asked(self) -> frozenset[str] | None:
        """See `Taker`."""
        asked_at = self._store.files.asked_at()
        if asked_at == self._asked_at:
            return None
        self._asked_at = asked_at
        self._books.reload()
        self._nobodys.reload()
        waiting = self._store.journal.waiting()
        return frozenset(entry.path for entry in waiting if entry.reason == AS_IT_IS)


def watcher(home: Home, clock: Callable[[], float] = time.monotonic) -> Watcher:
    """What looks at a home's folder for `recorder run`."""
    return Watcher(home.settings, Registrar(home), clock)


def receive(
    store: Store,
    arrived: Arrived,
    whose: Owner,
    note_kind: str | None = None,
    recorded_at: int | None = None,
    laptops: Laptops | None = None,
) -> tuple[Outcome, Recording | None]:
    """Seal a file that has come to rest, verify it, register it and enter it in the journal.

    A file that came sealed is opened on the way and sealed anew. `recorded_at` (ms) is given when
    somebody said it; else the file's own time stands in. `laptops` opens what came sealed, where
    that is not `store`'s own. Raises MediaError for a sealed file that does not open to its end.
    """

    def content(readable: Readable) -> Readable:
        return inside(laptops or store.laptops, readable, arrived.path.name)

    if note_kind == SUPERVISION:
        whose = supervised(store, whose.practitioner_id)
    seal = partial(store.recordings.seal, whose.scope)
    sealed = seal_whole(arrived, content, seal, store.recordings.discard)
    if sealed is None:
        return Outcome.CHANGED, None
    arrival = replace(_arrival(arrived, whose), note_kind=note_kind)
    if recorded_at is not None:
        arrival = replace(arrival, recorded_at=recorded_at, recorded_from="said")
    with or_discarded(store, sealed):
        recording_id, new = _register(store, arrived, sealed, arrival)
    if not new:
        store.recordings.doubled(recording_id, sealed)
    return Outcome.SEALED if new else Outcome.DUPLICATE, store.recordings.get(recording_id)


def _register(store: Store, arrived: Arrived, sealed: Sealed, arrival: Arrival) -> tuple[str, bool]:
    """Recording and journal in one step: a crash leaves neither, or both."""
    with store.database.write() as connection:
        recording_id, new = store.recordings.enter(connection, sealed, arrival)
        look = Look(
            path=str(arrived.relative),
            scope=arrival.scope,
            practitioner_id=arrival.practitioner_id,
            state=SEALED if new else DUPLICATE,
            size=sealed.size,
            recording_id=recording_id,
            signature=mark(arrived.signature),
        )
        store.journal.enter(connection, look)
    return recording_id, new


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
