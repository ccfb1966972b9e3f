"""What a person sends from a browser: a voice note as they speak, a photo, a film.

Bytes come in pieces, each sealed before it counts. What is begun by one person is to everybody else
not there. Making a recording of what is whole is intake's business (`Intake`), by the same rules as
for a file in the watched folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from recorder.around import SUPERVISION
from recorder.errors import StateError, UnknownError
from recorder.review.choosing import Choosing
from recorder.review.consent import require_complete
from store.agreements import Said
from store.errors import ConflictError, ErasedError, NotFoundError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.sealing import Sealed
from store.session import now_ms
from store.store import Store
from store.tables import TEAM
from store.uploads import OPEN, REFUSED, Upload, UploadDetails

VOICE, PHOTO, FILE = "voice", "photo", "file"
MOST_OPEN = 20
"""Uploads that one person may have under way."""

MOST_SAID = 64 * 1024 * 1024
"""Bytes of what a young person says or draws in one go: hours of speech."""

PIECE = 4 * 1024 * 1024
"""Bytes that are sealed at a time, and so what is in memory of one upload."""

ALGORITHMS = ("sha1", "sha256")
"""Of checksums; the first is the one that every server of the protocol has."""

_ERASED = (
    "your own record was erased, and a supervision can be kept nowhere else: ask whoever looks after "
    "Recorder"
)
_NAME = 200  # characters of a file's name that are kept


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is about to send."""

    kind: str  # VOICE, PHOTO or FILE
    case_id: str  # empty for none yet
    note_kind: str  # empty: as is usual
    name: str  # of the file; empty for what is recorded here
    size: int | None  # bytes; None while it is being made
    made_at: int | None  # ms; None: now
    others: bool | None  # whether anybody but its maker can be heard or seen; None: not said
    said: Said | None  # their agreement
    onto: str = ""  # id of the note that it goes into, whose case and kind it has


class Intake(Protocol):
    """What takes in what is whole. Taking files in is not this side's business."""

    most: int  # bytes in one upload
    days: int  # that one which broke off waits

    def name_fits(self, name: str) -> None:
        """MediaError, with what to do, for a file's name that nothing taken has."""

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more can be taken, and taken in."""

    def take(self, upload_id: str) -> Recording | None:
        """Make a recording of an upload that is whole; None if it was refused, or seen to by others.

        StoreError when it cannot be done now: it is done later by itself.
        """

    def takes_at_once(self, upload: Upload) -> bool:
        """Whether that is so quick that somebody may wait for it."""


class NoIntake:
    """Where nothing takes files in, there is no room for any."""

    most, days = 0, 0

    def name_fits(self, _name: str) -> None:
        """Any does."""

    def has_room(self, _size: int) -> bool:
        """None."""
        return False

    def take(self, _upload_id: str) -> Recording | None:
        """Nothing."""
        return None

    def takes_at_once(self, _upload: Upload) -> bool:
        """Never."""
        return False


class Uploading:
    """Opened for one person; a young person has nobody to choose from."""

    def __init__(
        self, store: Store, person: Member, choosing: Choosing | None, intake: Intake
    ) -> None:
        self._store = store
        self._person = person
        self._choosing = choosing
        self._intake = intake

    def begin(self, asked: Asked, kinds: Collection[str], metadata: str = "") -> Upload:
        """A new upload; UnknownError for a case that is not theirs, StateError for what is missing."""
        if self._choosing is None:
            raise UnknownError
        if asked.case_id and asked.case_id not in self._choosing.of([asked.case_id]):
            raise UnknownError
        if asked.note_kind and asked.note_kind not in kinds:
            raise StateError("choose what kind of note it is for")
        _agreed(asked)
        self._fits(asked)
        details = UploadDetails(
            kind=asked.kind,
            name=_plain(asked.name),
            made_at=now_ms() if asked.made_at is None else min(asked.made_at, now_ms()),
            note_kind=asked.note_kind or None,
            said=asked.said if asked.others else None,
            metadata=metadata,
            onto=asked.onto,
        )
        return self._begun(self._scope(asked), asked.size, details)

    def begin_beside(self, note: Note, name: str) -> Upload:
        """A new upload of a picture that is to stand beside a note in an own record; StateError."""
        self._fits(Asked(PHOTO, "", "", name, None, None, None, None))
        details = UploadDetails(PHOTO, _plain(name), now_ms(), beside=note.id)
        return self._begun(note.scope, None, details)

    def begin_said(self, note: Note, shown: int, saying: bytes, kind: str, name: str) -> Upload:
        """A new upload of what a young person says or draws beside a note that they were shown.

        `shown` is the version, `saying` what they say with it. StateError.
        """
        self._fits(Asked(kind, "", "", name, None, None, None, None))
        # Nobody but themselves sends it: that is their agreement.
        agreed = Said(self._person.name, "They sent it themselves", "as they sent it")
        details = UploadDetails(
            kind,
            _plain(name),
            now_ms(),
            said=agreed,
            answers=note.id,
            shown=shown,
            saying=saying.decode(),
        )
        return self._begun(note.scope, None, details)

    def _begun(self, scope: str, size: int | None, details: UploadDetails) -> Upload:
        try:
            return self._store.uploads.begin(self._person.id, scope, size, details, MOST_OPEN)
        except ConflictError as error:
            raise StateError(
                f"you have {MOST_OPEN} recordings and files on their way already: finish or remove "
                "some of them first"
            ) from error

    def all(self) -> list[Upload]:
        """Everything that this person has on its way, oldest first."""
        return self._store.uploads.of(self._person.id)

    def get(self, upload_id: str) -> Upload:
        """One; UnknownError if there is none, or it is somebody else's."""
        try:
            found = self._store.uploads.get(upload_id)
        except NotFoundError as error:
            raise UnknownError from error
        if found.person_id != self._person.id:
            raise UnknownError
        return found

    def writing(self, upload_id: str, offset: int) -> Writing:
        """A hand that takes what comes now; StateError if it does not go on at `offset`."""
        upload = self.get(upload_id)
        if upload.state != OPEN or upload.offset != offset:
            raise StateError("this does not go on where it broke off: ask where that was")
        if not self._intake.has_room(PIECE):
            raise NoRoomError
        most = MOST_SAID if upload.details.answers else self._intake.most
        return Writing(self._store, upload, min(most, self._intake.most))

    def say_size(self, upload_id: str, size: int) -> None:
        """How long it will be; StateError if it cannot be so."""
        self.get(upload_id)
        try:
            self._store.uploads.say_size(upload_id, size)
        except ConflictError as error:
            raise StateError("it cannot be of that length") from error

    def finish(self, upload_id: str) -> Upload | Recording | None:
        """All of it is here: the recording, or the upload where that takes a while or was refused.

        What was cut off is finished as far as it came. None where somebody else saw to it.
        """
        upload = self.get(upload_id)
        if upload.state == REFUSED:
            return upload
        cuts = upload.details.kind == VOICE
        close = self._store.uploads.cut if cuts else self._store.uploads.close
        try:
            close(upload.id, self._person.id)
        except ConflictError as error:
            raise StateError("there is nothing of it yet, or not all of it") from error
        if not self._intake.takes_at_once(upload):
            return self.get(upload_id)
        found = self._intake.take(upload.id)
        if found is not None:
            return found
        try:
            return self.get(upload_id)
        except UnknownError:
            return None

    def remove(self, upload_id: str) -> None:
        """Drop it, and all of it that came."""
        self.get(upload_id)
        try:
            self._store.uploads.remove(upload_id, self._person.id)
        except NotFoundError as error:
            raise UnknownError from error

    def _scope(self, asked: Asked) -> str:
        """Whose key it is sealed to from its first piece on: a supervision is never the case's."""
        if asked.note_kind != SUPERVISION:
            return asked.case_id or TEAM
        try:
            return self._store.own_records.of(self._person.id)
        except ErasedError as error:
            raise StateError(_ERASED) from error

    def _fits(self, asked: Asked) -> None:
        if asked.kind != VOICE and not asked.name:
            raise StateError("choose a file")
        if asked.name:
            self._intake.name_fits(asked.name)
        if (asked.size or 0) > self._intake.most:
            raise StateError(
                "this file is larger than is taken from a browser: put it into the synced folder"
            )
        if not self._intake.has_room(asked.size or PIECE):
            raise NoRoomError


class NoRoomError(StateError):
    """The disk is nearly full: nothing more is taken."""

    default = (
        "There is not enough room on Recorder's disk for this just now. Keep it on your device, ask IT "
        "to make room, then send it again."
    )


class OtherBytesError(StateError):
    """What came is not what was sent, by its checksum."""

    default = "This was changed on its way. It is sent again by itself."


class Writing:
    """Takes the body of one request: cut into pieces, each sealed as soon as it is full.

    With a checksum nothing counts before all of it was compared; else each piece counts at once.
    """

    def __init__(self, store: Store, upload: Upload, most: int) -> None:
        self._uploads = store.uploads
        self._upload = upload
        self._most = most
        self._waiting = bytearray()
        self._sealed: list[Sealed] = []  # and not counted yet
        self._expected: bytes | None = None
        self._hash = hashlib.sha256()
        self.offset = upload.offset  # bytes that count

    def expect(self, algorithm: str, digest: bytes) -> None:
        """All that comes must have this digest, by one of ALGORITHMS."""
        self._hash, self._expected = hashlib.new(algorithm, usedforsecurity=False), digest

    def feed(self, data: bytes) -> None:
        """Take what came. StateError, and nothing more counts, where it is too much."""
        self._hash.update(data)
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._seal()

    def end(self) -> int:
        """All of it came: how many bytes count now; OtherBytesError, and none of these do."""
        if self._expected is not None and self._hash.digest() != self._expected:
            self.drop()
            raise OtherBytesError
        self._seal()
        self._keep()
        return self.offset

    def break_off(self) -> None:
        """No more will come: what is here counts, unless a checksum was to be compared."""
        if self._expected is None:
            self.end()
        else:
            self.drop()

    def drop(self) -> None:
        """What does not count yet is let go."""
        self._waiting.clear()
        self._uploads.discard(self._sealed)
        self._sealed.clear()

    def _seal(self) -> None:
        data = bytes(self._waiting[:PIECE])
        del self._waiting[:PIECE]
        if data:
            self._sealed.append(self._uploads.seal(self._upload, data))
        if self._expected is None:
            self._keep()

    def _keep(self) -> None:
        if not self._sealed:
            return
        try:
            self.offset = self._uploads.keep(self._upload.id, self.offset, self._sealed, self._most)
        except (ConflictError, NotFoundError) as error:
            self.drop()
            raise StateError("this does not go on like that: ask where it broke off") from error
        self._sealed.clear()


def _plain(name: str) -> str:
    """A file's own name: no folders, nothing that is not seen, and not without end."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable())[-_NAME:].strip()


def _agreed(asked: Asked) -> None:
    """Who else can be heard or seen has agreed first; a picture of a drawing shows nobody."""
    if asked.kind == PHOTO:
        return
    if asked.others is None:
        raise StateError("say who can be heard or seen in it")
    if asked.others:
        require_complete(asked.said or Said("", "", ""))
