"""Taking in what was sent from a browser: its pieces, read as one, become a recording.

The same rules hold as for a file in the watched folder: what is in it is judged by its content and
its name, its bytes are a recording once a case, and the journal says what became of it. Recording,
agreement, journal and the end of the upload are one transaction: a crash leaves it waiting or taken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from recorder.clock import local
from recorder.errors import MediaError, NotTaken
from recorder.home import Home
from recorder.intake.scan import code_of
from recorder.intake.take import or_discarded
from recorder.intake.unseal import inner_name, inside, is_sealed, judge
from recorder.media.readable import Readable, blocks
from recorder.media.sniff import MediaType, detect, named
from recorder.review.uploading import VOICE
from recorder.room import LITTLE, is_short_of_room
from store.audit import SYSTEM
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError
from store.journal import DUPLICATE, REMOVED, SOURCE_REMOVED, Look
from store.records import Arrival, Recording
from store.session import Connection, now_ms
from store.uploads import TAKEN, WHOLE, Upload

log = logging.getLogger(__name__)

_GIB = 1024**3
_AT_ONCE = 64 * 1024 * 1024  # bytes that are taken in while somebody waits
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_ENDINGS = {"mp4": ".m4a", "mov": ".mov", "m4a": ".m4a", "matroska": ".mka"}


class Sent:
    """See `recorder.review.uploading.Intake`; and what becomes of uploads by themselves."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._store = home.store
        self.most = home.settings.upload_gib * _GIB
        self.days = home.settings.upload_days

    def name_fits(self, name: str) -> None:
        """See `Intake`."""
        if named(PurePath(inner_name(name)).suffix) is None:
            raise NotTaken

    def has_room(self, size: int) -> bool:
        """See `Intake`. While it is taken in, it is there twice."""
        return not is_short_of_room(self._home, LITTLE + 2 * size)

    def takes_at_once(self, upload: Upload) -> bool:
        """See `Intake`."""
        return upload.offset <= _AT_ONCE

    def take(self, upload_id: str) -> Recording | None:
        """See `Intake`."""
        try:
            upload = self._store.uploads.get(upload_id)
            if upload.state != WHOLE:
                return None
            return self._taken(upload)
        except (NotFoundError, ErasedError, ConflictError):
            return None  # somebody else saw to it, or its case was erased meanwhile

    # --- what becomes of them by themselves ---

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop; what fails is tried again."""
        while not stop.is_set():
            try:
                self.look()
            except (StoreError, OSError) as error:
                log.error("uploads looked at in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show values
            stop.wait(self._home.settings.scan_seconds)

    def look(self) -> None:
        """Take in what is whole, finish what broke off, remove what nobody goes on with."""
        for upload_id in self._broken_off():
            self._finish(upload_id)
        for upload_id in self._store.uploads.whole():
            try:
                self.take(upload_id)
            except (StoreError, OSError) as error:
                log.error("upload not taken in", extra={"reason": type(error).__name__})  # noqa: TRY400 - likewise

    def _broken_off(self) -> Iterator[str]:
        yield from self._store.uploads.untouched(
            now_ms() - self._home.settings.unfinished_minutes * _MINUTE_MS
        )

    def _finish(self, upload_id: str) -> None:
        """A recording ends where it broke off; a file is the whole file, or waits for the rest."""
        try:
            upload = self._store.uploads.get(upload_id)
            late = now_ms() - self.days * _DAY_MS
            if upload.state == TAKEN:
                if upload.touched_at < late:
                    self._store.uploads.remove(upload_id, SYSTEM)
            elif upload.details.kind == VOICE and upload.offset:
                self._store.uploads.cut(upload_id, SYSTEM)
            elif upload.size == upload.offset and upload.offset:
                self._store.uploads.close(upload_id, SYSTEM)
            elif upload.touched_at < late:
                self._store.uploads.remove(upload_id, SYSTEM)
        except (NotFoundError, ErasedError, ConflictError):
            return

    # --- one of them ---

    def _taken(self, upload: Upload) -> Recording | None:
        pieces = self._store.uploads.content(upload.id)
        try:
            media_type, content, name = self._judged(upload, pieces)
        except MediaError as error:
            said = (code_of(error), error.sentence)
            self._store.uploads.refuse(upload.id, *said, upload.person_id)
            return None
        path = str(self._folder(upload) / name)
        sealed = self._store.recordings.seal(upload.scope, blocks(content))
        arrival = Arrival(
            scope=upload.scope,
            case_id=upload.case_id,
            practitioner_id=upload.person_id,
            media_type=media_type.key,
            kind=media_type.kind,
            name=inner_name(name),
            recorded_at=upload.details.made_at,
            recorded_from="file",
            note_kind=upload.details.note_kind,
        )
        look = Look(path, upload.scope, upload.person_id, REMOVED, sealed.size)
        with or_discarded(self._store, sealed), self._store.database.write() as connection:
            recording_id, new = self._store.recordings.enter(connection, sealed, arrival)
            self._enter(connection, upload, look if new else _double(look), recording_id)
            blobs = self._store.uploads.end(connection, upload.id, recording_id, upload.person_id)
        if not new:
            self._store.recordings.doubled(recording_id, sealed)
        self._store.uploads.forget(blobs)
        outcome = "sealed" if new else "duplicate"
        log.info("file taken in", extra={"recording": recording_id, "outcome": outcome})
        return self._store.recordings.get(recording_id)

    def _judged(self, upload: Upload, pieces: Readable) -> tuple[MediaType, Readable, str]:
        """What it is, what is in it, and its name; MediaError."""
        name = upload.details.name
        if upload.details.kind == VOICE:
            # Nobody named it, and where it broke off it ends: whoever opens it sees how far it goes.
            found = detect(pieces)
            began = local(upload.details.made_at, self._home.settings.timezone)
            ending = _ENDINGS.get(found.key, f".{found.key}")
            return found, pieces, f"voice-note-{began:%Y-%m-%d-%H%M%S}{ending}"
        laptops = self._store.laptops
        found = judge(laptops, pieces, name)
        return found, inside(laptops, pieces, name) if is_sealed(name) else pieces, name

    def _enter(
        self,
        connection: Connection,
        upload: Upload,
        look: Look,
        recording_id: str,
    ) -> None:
        """What the journal says of it, and what was agreed before it was made."""
        self._store.journal.enter(connection, replace(look, recording_id=recording_id))
        if look.state == REMOVED and upload.details.said is not None:
            said, by = upload.details.said, upload.person_id
            self._store.agreements.given_before(connection, recording_id, upload.scope, said, by)

    def _folder(self, upload: Upload) -> PurePath:
        """Where its person would have put it in the watched folder."""
        folder = PurePath(self._store.people.get(upload.person_id).handle)
        if upload.case_id is None:
            return folder
        return folder / self._store.cases.get(upload.case_id).details.ref


def _double(look: Look) -> Look:
    """Its bytes were in the vault already, and there is no source that could lie anywhere."""
    return replace(look, state=DUPLICATE, reason=SOURCE_REMOVED)
