"""Copies to be looked at, made beside the way to a note: of a picture, of a film, of sound.

They have a queue of their own (`store.derived`), worked off by a process of its own, once the
recording's note is drafted. Whatever fails here leaves recording and note as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from recorder.errors import (
    MediaError,
    NoSound,
    NoSpeech,
    NotMade,
    Stopping,
    TooLittleSpeech,
)
from recorder.home import Home
from recorder.media import film, index, peaks, picture, reading, straighten
from recorder.media.readable import Readable
from recorder.media.sniff import TYPES
from recorder.retrying import MAX_TRIES, Fault, fault_of, reason_of, wait_ms
from store.derived import COPY, INDEX, PEAKS, POSTER, PROXY, STRAIGHTENED, THUMBNAIL, New
from store.errors import ConflictError
from store.original import CopyDetails
from store.records import Recording
from store.sealing import Sealed
from store.session import now_ms

log = logging.getLogger(__name__)

T = TypeVar("T")

_KINDS = ("picture", "video", "audio")


class Copies:
    """What is due."""

    def due(self, home: Home) -> list[Recording]:
        """Recordings with nothing more to do on the way to a note."""
        aside = [NoSpeech.__name__, TooLittleSpeech.__name__]
        if "video" not in home.settings.agreement:
            aside.append(NoSound.__name__)  # seen before anybody was asked
        return home.store.makings.due(_KINDS, aside)

    def lost(self, home: Home, recording_id: str, error: BaseException) -> None:
        """Count the try: the recording may be why its worker was lost."""
        _failed(home, home.store.recordings.get(recording_id), error)


def make_or_wait(home: Home, recording_id: str, stopping: Callable[[], bool]) -> str:
    """Make what a recording lacks, and keep it; a word for the log.

    One of done, left, postponed, given up.
    """
    recording = home.store.recordings.get(recording_id)
    try:
        make(home, recording, stopping)
    except (ConflictError, Stopping):
        # It was made, erased, withdrawn or given to a case meanwhile, or we are being stopped.
        return "left"
    except Exception as error:  # noqa: BLE001 - the loop's outer edge: it becomes a state
        return _failed(home, recording, error)
    return "done"


def make(home: Home, recording: Recording, stopping: Callable[[], bool] = lambda: False) -> None:
    """Make all copies of a recording and store them together, or none of them.

    Raises a MediaError if none can be made, ConflictError if they are not wanted any more, Stopping
    once `stopping` says so.
    """
    making = _Making(home, recording, stopping)
    try:
        made = {"video": making.film, "audio": making.sound}.get(recording.kind, making.picture)()
        home.store.makings.keep(recording, made)
    except BaseException:
        home.store.makings.discard(making.sealed)
        raise


class _Making:
    """One recording's copies on their way into the vault."""

    def __init__(self, home: Home, recording: Recording, stopping: Callable[[], bool]) -> None:
        self._home = home
        self._recording = recording
        self._stopping = stopping
        self._original = home.store.recordings.open(recording.id)
        self.sealed: list[Sealed] = []  # every blob, whether or not it is of use

    def picture(self) -> list[New]:
        # One byte more than is taken, so that a longer one is refused without being read.
        copy = picture.derive(self._original.read(0, picture.MAX_BYTES + 1))
        page = self._offered(straighten.straighten, copy.jpeg) if straighten.is_there() else None
        plain = copy.jpeg if page is None else page.jpeg
        words = self._offered(reading.words_on, plain) if reading.is_there() else None
        found = [
            self._kept(COPY, 1, copy.jpeg, (copy.width, copy.height), words or ""),
            self._kept(THUMBNAIL, 1, copy.thumbnail, copy.small),
        ]
        if page is not None:
            found.append(self._kept(STRAIGHTENED, 1, page.jpeg, (page.width, page.height)))
        return found

    def sound(self) -> list[New]:
        return [self._drawn()]

    def film(self) -> list[New]:
        # One whose copies were made before there were peaks lacks nothing else.
        there = {each.kind for each in self._home.store.makings.of(self._recording.id)}
        made = [] if PROXY in there else self._shot()
        return made if PEAKS in there else [*made, *self._heard()]

    def _heard(self) -> list[New]:
        """The peaks of a film; none of one that is silent, or whose sound does not decode."""
        try:
            return [self._drawn()]
        except MediaError as error:
            if fault_of(error) is Fault.MACHINE:
                raise
            return []

    def _drawn(self) -> New:
        found = peaks.of(self._original, TYPES[self._recording.media_type])
        sealed = self._seal(iter([found]))
        return New(PEAKS, 1, sealed, CopyDetails.of(sealed, peaks.MEDIA_TYPE, len(found), 1))

    def _shot(self) -> list[New]:
        media_type, length_ms = TYPES[self._recording.media_type], self._recording.length_ms
        light = film.light_of(self._original, media_type)
        plain = film.proxy(self._original, media_type, length_ms, light)
        sealed = self._seal(self._going_on(plain))
        proxy = self._home.store.makings.reader(self._recording, sealed)
        size = film.size(proxy)
        details = CopyDetails.of(sealed, film.MEDIA_TYPE.mime, *size, pale=light.pale)
        stills = enumerate(film.posters(proxy), start=1)
        return [
            New(PROXY, 1, sealed, details),
            *self._indexed(proxy),
            *(self._kept(POSTER, n, each.jpeg, (each.width, each.height)) for n, each in stills),
        ]

    def _indexed(self, proxy: Readable) -> list[New]:
        """The index of a film that is to be looked at, so that nobody who presses play waits for it."""
        with suppress(MediaError):  # it plays without one, too
            found = index.index_of(proxy)
            if found is not None:
                sealed = self._seal(iter([index.packed(found)]))
                return [New(INDEX, 1, sealed, CopyDetails.of(sealed, index.MEDIA_TYPE, 1, 1))]
        return []

    def _offered(self, look: Callable[[bytes], T], jpeg: bytes) -> T | None:
        """What nobody has to have: None where it cannot be had of this picture in good time."""
        try:
            return look(jpeg)
        except MediaError as error:
            if fault_of(error) is Fault.MACHINE:
                raise
            fields = {"recording": self._recording.id, "reason": type(error).__name__}
            log.warning("picture not looked at", extra=fields)
            return None

    def _kept(
        self, kind: str, number: int, jpeg: bytes, size: tuple[int, int], words: str = ""
    ) -> New:
        sealed = self._seal(iter([jpeg]))
        return New(kind, number, sealed, CopyDetails.of(sealed, "image/jpeg", *size, words))

    def _seal(self, plaintext: Iterator[bytes]) -> Sealed:
        sealed = self._home.store.recordings.seal(self._recording.scope, plaintext)
        self.sealed.append(sealed)
        return sealed

    def _going_on(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            if self._stopping():
                raise Stopping
            yield block


def _failed(home: Home, recording: Recording, error: BaseException) -> str:
    """Try again later or leave it, by whose fault it was."""
    fault, before = fault_of(error), home.store.makings.standing(recording.id)
    attempts = 0 if before is None else before.attempts
    fields = {"recording": recording.id, "reason": type(error).__name__}
    # The class only: an exception's text may hold content.
    log.error("copies not made", extra=fields)
    last = fault is Fault.UNKNOWN and attempts + 1 >= MAX_TRIES
    try:
        if fault is Fault.RECORDING or last:
            home.store.makings.give_up(recording, NotMade.__name__)
            return "given up"
        next_try_at = now_ms() + wait_ms(attempts)
        home.store.makings.postpone(recording, reason_of(error), next_try_at)
    except ConflictError:
        return "left"
    return "postponed"
