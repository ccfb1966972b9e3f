"""Taking a file in: sealed and verified first, registered second, removed last.

At every step a crash leaves either the source or the sealed copy, and mostly both. Running again
over the same file is harmless: the same bytes in the same case are one recording.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from enum import Enum
from functools import partial

from recorder.home import Home
from recorder.intake.overview import Bookkeeper, Overview
from recorder.intake.owner import Owner, owner
from recorder.intake.scan import Arrived, Attention
from recorder.intake.take import mark, nobodys, remove_source, seal_whole, unknown
from recorder.intake.unseal import inner_name, inside, judge
from recorder.intake.watch import Watcher
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.errors import TamperedError
from store.journal import DUPLICATE, SEALED, Look
from store.laptops import Laptops
from store.records import Arrival, Recording
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
        self._caught_up = False

    def judge(self, readable: Readable, name: str) -> MediaType:
        """See `Taker`."""
        return judge(self._store.laptops, readable, name)

    def take(self, arrived: Arrived) -> Attention | None:
        """See `Taker`."""
        path = str(arrived.relative)
        if self._store.journal.known(path) != mark(arrived.signature):
            try:
                whose = owner(self._store, arrived.place.practitioner, arrived.place.case_ref)
            except TamperedError:
                return unknown(arrived)
            if whose is None:
                return nobodys(arrived)
            outcome, recording = receive(self._store, arrived, whose)
            if recording is None:
                return None
            log.info("file taken in", extra={"recording": recording.id, "outcome": outcome.value})
            self._books.taken(path)
        # Else it is in the vault already, and only its removal was missed, by a crash or a lock.
        if not self._keeping and remove_source(arrived):
            self._store.journal.removed(path)
        return None

    def tell(self, seen: Overview) -> None:
        """See `Taker`."""
        if not self._caught_up:  # a process before this one may have died before it noted this
            for path in set(self._store.journal.lying()) - seen.paths:
                self._store.journal.removed(path)
            self._caught_up = True
        self._books.keep(seen)


def watcher(home: Home) -> Watcher:
    """What looks at a home's folder for `recorder run`."""
    return Watcher(home.settings, Registrar(home))


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

    seal = partial(store.recordings.seal, whose.scope)
    sealed = seal_whole(arrived, content, seal, store.recordings.discard)
    if sealed is None:
        return Outcome.CHANGED, None
    arrival = replace(_arrival(arrived, whose), note_kind=note_kind)
    if recorded_at is not None:
        arrival = replace(arrival, recorded_at=recorded_at, recorded_from="said")
    recording, new = store.recordings.register(sealed, arrival)
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
    return Outcome.SEALED if new else Outcome.DUPLICATE, recording


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
