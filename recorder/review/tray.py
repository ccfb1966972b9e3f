"""The in-tray: files and recordings that are not yet in a note, and a hand on the work on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.filming import film_of
from recorder.progress import Figures, figures
from recorder.review.sight import Sight
from store.errors import ConflictError, NotFoundError
from store.hearings import Progress
from store.journal import LEFT_OUT, Sighting
from store.people import Member
from store.records import (
    AGREEMENT_NEEDED,
    GATHERING,
    PROBED,
    QUARANTINED,
    RECEIVED,
    TRANSCRIBED,
    Recording,
)
from store.store import Store

_WORKED_ON = (RECEIVED, GATHERING, PROBED, TRANSCRIBED)
_BEFORE_NOTE = (*_WORKED_ON, AGREEMENT_NEEDED, QUARANTINED)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A recording with a stage due, and how far that is."""

    recording: Recording
    heard_ms: int | None  # of sound so far
    figures: Figures


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is between a folder and a note."""

    unagreed: Sequence[Recording]  # wait until somebody in them has agreed
    on_the_way: Sequence[OnTheWay]
    set_aside: Sequence[Recording]  # quarantined
    files: Sequence[Sighting]  # arriving, or needing somebody


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was ever seen, and the recording that it became."""

    became: str  # its state, or its recording's
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
        rows = [r for r in self._store.recordings.all(*_BEFORE_NOTE) if self._sight.may_hear(r)]
        later = self._store.captures.later()  # a film is shown once, by its first file
        found = [each for each in rows if each.id not in later]
        return Arrivals(
            unagreed=[each for each in found if each.state == AGREEMENT_NEEDED],
            on_the_way=self._with_figures([each for each in found if each.state in _WORKED_ON]),
            set_aside=[each for each in found if each.state == QUARANTINED],
            files=[
                each
                for each in self._store.journal.waiting()
                if each.state != LEFT_OUT and self._mine(each)
            ],
        )

    def on_the_way(self) -> list[OnTheWay]:
        """Recordings with a stage due, and how far each is."""
        found = self._store.recordings.all(*_WORKED_ON)
        return self._with_figures([each for each in found if self._sight.may_hear(each)])

    def _with_figures(self, found: Sequence[Recording]) -> list[OnTheWay]:
        heard = self._store.hearings.progress() if found else {}
        # Thousands may wait, and each film is some rows to open: only what is being heard is told of.
        films = (self._store.captures.as_whole(r) if r.id in heard else r for r in found)
        return [_on_the_way(each, heard.get(each.id)) for each in films]

    def journal(self, states: Collection[str], limit: int, skip: int = 0) -> list[Seen]:
        """The files that were seen and what became of them, newest first: in `states`, or all."""
        found = self._store.files.page(self._sight.reach, states, limit, skip)
        return [Seen(became, file, self._recording_of(file)) for became, file in found]

    def tally(self) -> Mapping[str, int]:
        """How many files there are in each state."""
        return self._store.files.tally(self._sight.reach)

    def try_file_again(self, file_id: str) -> None:
        """Have a file looked into anew that was left in the folder; StateError if it was not."""
        try:
            file = self._store.files.get(file_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self._mine(file):
            raise UnknownError
        self._sight.may_change(file.case_id)
        try:
            self._store.files.again(file_id, self._person.id)
        except ConflictError as error:
            raise StateError("this file needs nobody any more") from error

    def try_again(self, recording_id: str) -> None:
        """Make a recording due again that was set aside; StateError if it is past that."""
        recording = self._sight.recording(recording_id, to_change=True)
        try:
            self._store.recordings.retry(recording.id, self._person.id)
        except ConflictError as error:
            raise StateError("this recording is in a note already") from error

    def wanting(self, recording: Recording) -> str:
        """What a film waits for, in a sentence; empty for whatever does not wait for that."""
        if recording.state != GATHERING:
            return ""
        try:
            return film_of(self._store, recording).wanting
        except ConflictError:  # it went on in this very moment
            return ""

    def go_on(self, recording_id: str) -> None:
        """Wait no longer for more files of a film; StateError if it does not wait for any."""
        recording = self._sight.recording(recording_id, to_change=True)
        try:
            self._store.captures.hurry(recording, self._person.id)
        except ConflictError as error:
            raise StateError("this film does not wait for other files any more") from error

    def cancel(self, recording_id: str) -> None:
        """Stop the work on a recording; it is kept. StateError if nothing is being done to it."""
        recording = self._sight.recording(recording_id, to_change=True)
        try:
            self._store.recordings.cancel(recording.id, self._person.id)
        except ConflictError as error:
            raise StateError("nothing is being done to this recording") from error

    def _recording_of(self, file: Sighting) -> Recording | None:
        return None if file.recording_id is None else self._store.recordings.get(file.recording_id)

    def _mine(self, file: Sighting) -> bool:
        """A practitioner's are those in their own folder."""
        reach = self._sight.reach
        if not reach.holds(file.practitioner_id, file.case_id):
            nobodys = file.practitioner_id is None and file.case_id is None
            return nobodys and reach.supervises
        return reach.supervises or file.practitioner_id == self._person.id


def _on_the_way(recording: Recording, heard: Progress | None) -> OnTheWay:
    return OnTheWay(recording, None if heard is None else heard.heard_ms, figures(recording, heard))
