"""The in-tray: files and recordings that are not yet in a note, and a hand on the work on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.errors import StateError
from recorder.review.sight import Sight
from recorder.review.states import Role
from store.errors import ConflictError
from store.hearings import Progress
from store.journal import Sighting
from store.people import Member
from store.records import (
    AGREEMENT_NEEDED,
    PROBED,
    QUARANTINED,
    RECEIVED,
    TRANSCRIBED,
    Recording,
)
from store.store import Store

_BEFORE_NOTE = (RECEIVED, AGREEMENT_NEEDED, PROBED, TRANSCRIBED, QUARANTINED)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is between a folder and a note."""

    unagreed: Sequence[Recording]  # wait until somebody in them has agreed
    on_the_way: Sequence[Recording]
    set_aside: Sequence[Recording]  # quarantined
    files: Sequence[Sighting]  # arriving, or needing somebody
    heard: Mapping[str, Progress]  # of recordings that are being written down, by id


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was ever seen, and the recording that it became."""

    file: Sighting
    recording: Recording | None


class Tray:
    """Opened for one person: a practitioner's own, or everyone's for a supervisor."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def arrivals(self) -> Arrivals:
        """Recordings not yet in a note and files not yet taken."""
        found = [r for r in self._store.recordings.all(*_BEFORE_NOTE) if self._sight.may_hear(r)]
        return Arrivals(
            unagreed=[each for each in found if each.state == AGREEMENT_NEEDED],
            on_the_way=[r for r in found if r.state not in (QUARANTINED, AGREEMENT_NEEDED)],
            set_aside=[each for each in found if each.state == QUARANTINED],
            files=[each for each in self._store.journal.waiting() if self._mine(each)],
            heard=self._store.hearings.progress(),
        )

    def journal(self, limit: int) -> list[Seen]:
        """The latest files that were seen and what became of them, newest first."""
        recordings = {each.id: each for each in self._store.recordings.all()}
        seen = []
        for file in self._store.journal.recent(limit):
            recording = recordings.get(file.recording_id or "")
            hidden = recording is not None and not self._sight.may_hear(recording)
            if self._mine(file) and not hidden:
                seen.append(Seen(file, recording))
        return seen

    def try_again(self, recording_id: str) -> None:
        """Make a recording due again that was set aside; StateError if it is past that."""
        recording = self._sight.recording(recording_id)
        try:
            self._store.recordings.retry(recording.id, self._person.id)
        except ConflictError as error:
            raise StateError("this recording is in a note already") from error

    def cancel(self, recording_id: str) -> None:
        """Stop the work on a recording; it is kept. StateError if nothing is being done to it."""
        recording = self._sight.recording(recording_id)
        try:
            self._store.recordings.cancel(recording.id, self._person.id)
        except ConflictError as error:
            raise StateError("nothing is being done to this recording") from error

    def _mine(self, file: Sighting) -> bool:
        if Role(self._person.role) is Role.SUPERVISOR:
            return True
        return file.practitioner_id == self._person.id
