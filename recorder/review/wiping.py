"""What still lies on a camera's card or a phone although it is sealed here: to be wiped there.

Only what was sealed and read back whole is a recording at all, so nothing is named here before that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from recorder.media import gopro
from recorder.review.sight import Sight
from store.errors import ErasedError, TamperedError
from store.people import Member
from store.records import Recording
from store.session import now_ms
from store.store import Store

_LATELY_MS = 30 * 24 * 60 * 60 * 1000
_MADE_HERE = "voice-note-"  # in a browser: nothing of it lies anywhere else


@dataclass(frozen=True, slots=True)
class ToWipe:
    """Files of one device."""

    camera: bool  # on a camera's card; else on a phone, or wherever it was sent from
    recordings: Sequence[Recording]


class Wiping:
    """For one practitioner: their own files alone."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def waiting(self) -> list[ToWipe]:
        """What came lately and was not said to be wiped, the camera's first."""
        since = now_ms() - _LATELY_MS
        found = self._store.captures.unwiped(self._person.id, since)
        devices: dict[bool, list[Recording]] = {True: [], False: []}
        for each in found:
            name = self._name(each)
            if name and not name.startswith(_MADE_HERE) and self._sight.may_hear(each):
                devices[gopro.chapter(name) is not None].append(each)
        return [ToWipe(camera, rows) for camera, rows in devices.items() if rows]

    def done(self, recording_ids: Collection[str]) -> None:
        """They wiped these; whatever is not theirs, or was said already, is passed by."""
        since = now_ms() - _LATELY_MS
        mine = {each.id for each in self._store.captures.unwiped(self._person.id, since)}
        self._store.captures.wipe(sorted(mine & set(recording_ids)), self._person.id)

    def _name(self, recording: Recording) -> str:
        try:
            details = self._store.recordings.details(recording.id)
        except (TamperedError, ErasedError):  # the alarm tells of it, and no wiping is asked for
            return ""
        return "" if details.said_by else details.name
