"""Taking in what was sent from a browser: its pieces, read as one, become a recording.

The same rules hold as for a file in the watched folder: what is in it is judged by its content and
its name, its bytes are a recording once a case, and the journal says what became of it. Recording,
agreement, journal and the end of the upload are one transaction: a crash leaves it waiting or taken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import PurePath

from recorder.around import SUPERVISION
from recorder.clock import local
from recorder.errors import MediaError, NotTaken
from recorder.home import Home
from recorder.intake.owner import Owner, supervised
from recorder.intake.patience import Patience
from recorder.intake.scan import code_of
from recorder.intake.take import or_discarded
from recorder.intake.unseal import inner_name, inside, is_sealed, judge
from recorder.media import picture
from recorder.media.readable import Readable, blocks
from recorder.media.sniff import MediaType, detect, named
from recorder.review.saying import made_in
from recorder.review.uploading import VOICE
from recorder.room import LITTLE, is_short_of_room
from store.audit import SYSTEM
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError
from store.journal import DUPLICATE, REMOVED, SOURCE_REMOVED, Look
from store.records import Arrival, Recording
from store.sealing import Sealed
from store.session import Connection, now_ms
from store.uploads import OPEN, REFUSED, TAKEN, WHOLE, Upload

log = logging.getLogger(__name__)

_GIB = 1024**3
_AT_ONCE = 64 * 1024 * 1024  # bytes that are taken in while somebody waits
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_NO_PICTURE = (
    "This file is not a picture, so it cannot be shown here. Choose a photo or a picture of a drawing "
    "(JPEG, PNG, HEIC or WebP)."
)
_MOVED = (
    "The supervision that this picture was for lies in another record now. Open it there, and send "
    "the picture again."
)
_ENDINGS = {"mp4": ".m4a", "mov": ".mov", "m4a": ".m4a", "matroska": ".mka"}


class Sent:
    """See `recorder.review.uploading.Intake`; and what becomes of uploads by themselves."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._store = home.store
        self.most = home.settings.upload_gib * _GIB
        self.days = home.settings.upload_days
        self._unfinished, self._untaken = Patience(), Patience()

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
        except (NotFoundError, ErasedError):
            return None
        if upload.state != WHOLE:
            return None
        try:
            return self._taken(upload)
        except ConflictError:
            return None  # somebody else saw to it

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
        uploads = self._store.uploads
        self._each(uploads.untouched(self._since()), self._unfinished, self._finish)
        self._each(uploads.whole(), self._untaken, self.take)

    def _since(self) -> dict[str, int]:
        """Before when (ms) something of an upload must have come last, to be seen to, by state."""
        now, unfinished = now_ms(), self._home.settings.unfinished_minutes * _MINUTE_MS
        over = {TAKEN: now - self.days * _DAY_MS, REFUSED: now - self._refused_ms()}
        return {OPEN: now - unfinished, **over}

    def _each(
        self, ids: Collection[str], patience: Patience, task: Callable[[str], object]
    ) -> None:
        """One upload's trouble stops no other; it is tried again after a while."""
        stuck = patience.among(ids)
        for upload_id in ids:
            if upload_id in stuck:
                continue
            try:
                task(upload_id)
            except (StoreError, OSError) as error:
                fields = {"upload": upload_id, "reason": type(error).__name__}
                log.error("upload not taken in", extra=fields)  # noqa: TRY400 - a traceback may show values
                patience.later(upload_id, error)

    def _finish(self, upload_id: str) -> None:
        """A recording ends where it broke off; a file is the whole file, or waits for the rest."""
        uploads, late = self._store.uploads, now_ms() - self.days * _DAY_MS
        try:
            upload = uploads.get(upload_id)
            if upload.state in (TAKEN, REFUSED):
                uploads.remove(upload_id, SYSTEM)
            elif upload.details.answers and upload.size is None:
                uploads.remove(upload_id, SYSTEM)  # they did not say that it may be sent
            elif upload.details.kind == VOICE and upload.offset:
                uploads.cut(upload_id, SYSTEM)
            elif upload.size == upload.offset and upload.offset:
                uploads.close(upload_id, SYSTEM)
            elif upload.touched_at < late:
                uploads.remove(upload_id, SYSTEM)
        except (NotFoundError, ErasedError, ConflictError):
            return

    # --- one of them ---

    def _taken(self, upload: Upload) -> Recording | None:
        whose = self._whose(upload)
        try:
            media_type, content, name = self._judged(upload, self._store.uploads.content(upload.id))
            if upload.details.beside:
                self._fits_beside(upload, media_type, content)
            sealed = self._store.recordings.seal(whose.scope, blocks(content))
        except MediaError as error:  # what came sealed may turn out to be damaged where it ends
            said = error.sentence if upload.details.beside else f"{error.sentence} {self._until()}"
            self._store.uploads.refuse(upload.id, code_of(error), said, upload.person_id)
            return None
        arrival = Arrival(
            scope=whose.scope,
            case_id=whose.case_id,
            practitioner_id=whose.practitioner_id,
            media_type=media_type.key,
            kind=media_type.kind,
            name=inner_name(name),
            recorded_at=upload.details.made_at,
            recorded_from="file",
            note_kind=upload.details.note_kind,
            note_id=upload.details.beside or None,
            onto=upload.details.onto,
            said_by=upload.person_id if upload.details.answers else "",
        )
        return self._entered(upload, sealed, arrival, str(self._folder(whose) / name))

    def _entered(self, upload: Upload, sealed: Sealed, arrival: Arrival, path: str) -> Recording:
        """A recording of what was sealed, or the one that has these bytes already."""
        look = Look(path, arrival.scope, arrival.practitioner_id, REMOVED, sealed.size)
        to = upload.details.answers
        answered = self._store.notes.get(to) if to else None
        with or_discarded(self._store, sealed), self._store.database.write() as connection:
            if arrival.note_id is not None:  # or the next look refuses it: see `_fits_beside`
                self._store.notes.stays(connection, arrival.note_id, arrival.scope)
            recording_id, new = self._store.recordings.enter(connection, sealed, arrival)
            seen = look if new else _double(look)
            self._store.journal.add(connection, replace(seen, recording_id=recording_id))
            self._agree(connection, upload, recording_id)
            if answered is not None:
                said = made_in(upload.details.saying, recording_id, arrival.kind)
                reply = (upload.details.shown, upload.person_id, said)
                self._store.notes.reply_within(connection, answered, reply)
            blobs = self._store.uploads.end(connection, upload.id, recording_id, upload.person_id)
        if not new:
            self._store.recordings.doubled(recording_id, sealed)
        self._store.uploads.forget(blobs)
        outcome = "sealed" if new else "duplicate"
        log.info("file taken in", extra={"recording": recording_id, "outcome": outcome})
        return self._store.recordings.get(recording_id)

    def _refused_ms(self) -> int:
        return self._home.settings.refused_days * _DAY_MS

    def _until(self) -> str:
        """How long what is refused stays: nobody may look at it, and it may be the only copy."""
        end = local(now_ms() + self._refused_ms(), self._home.settings.timezone)
        return f"It is kept here until {end:%-d %B %Y}, then removed for good."

    def _whose(self, upload: Upload) -> Owner:
        """Supervision is the worker's own, for whichever young person it was begun.

        What a young person says is in their own record, and for whose record that is to hear.
        """
        if upload.details.answers:
            return Owner(self._store.cases.get(upload.scope).practitioner_id, upload.scope)
        if upload.details.beside:
            return Owner(upload.scope, None, own=True)
        if upload.details.note_kind == SUPERVISION:
            return supervised(self._store, upload.person_id)
        return Owner(upload.person_id, upload.case_id)

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

    def _agree(self, connection: Connection, upload: Upload, recording_id: str) -> None:
        """What was agreed before it was made, also where its bytes were here already."""
        said, by = upload.details.said, upload.person_id
        if said is not None:
            self._store.agreements.given_before(connection, recording_id, said, by)

    def _fits_beside(self, upload: Upload, media_type: MediaType, content: Readable) -> None:
        """MediaError for what cannot be shown beside a supervision: it is looked at before it counts."""
        if media_type.kind != "picture":
            raise NotTaken(_NO_PICTURE)
        if self._store.notes.get(upload.details.beside).scope != upload.scope:
            raise NotTaken(_MOVED)
        # One byte more than is taken, so that a longer one is refused without being read.
        picture.derive(content.read(0, picture.MAX_BYTES + 1))

    def _folder(self, whose: Owner) -> PurePath:
        """Where its person would have put it in the watched folder."""
        folder = PurePath(self._store.people.get(whose.practitioner_id).handle)
        if whose.case_id is None:
            return folder
        return folder / self._store.cases.get(whose.case_id).details.ref


def _double(look: Look) -> Look:
    """Its bytes were in the vault already, and there is no source that could lie anywhere."""
    return replace(look, state=DUPLICATE, reason=SOURCE_REMOVED)
