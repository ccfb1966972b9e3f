"""What was made of pictures and films to be looked at, as a person at the desk sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recorder.errors import NotMade, UnknownError
from recorder.pictures import shown
from recorder.review.sight import Sight, still_agreed
from store.age import Reader
from store.derived import FAILED, INDEX, POSTER, PROXY, Derived
from store.errors import ErasedError, NotFoundError, TamperedError
from store.people import Member
from store.records import WITHDRAWN, Recording
from store.store import Store


@dataclass(frozen=True, slots=True)
class Copies:
    """What there is of one recording."""

    made: tuple[Derived, ...]
    failed: str | None = None  # the code of why nothing could be made

    def first(self, kind: str) -> Derived | None:
        """The first of a kind, None if there is none."""
        return next((each for each in self.made if each.kind == kind), None)

    @property
    def film(self) -> Derived | None:
        """What plays in its place."""
        return self.first(PROXY)

    @property
    def awaited(self) -> bool:
        """Whether a film has no smaller version yet, and may get one."""
        return self.film is None and self.failed is None

    @property
    def pale(self) -> bool:
        """Whether the colours of a film are not as they were."""
        return self.film is not None and self.film.details.pale

    @property
    def posters(self) -> tuple[Derived, ...]:
        """Frames of it, the best first."""
        return tuple(each for each in self.made if each.kind == POSTER)


class Gallery:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, recording: Recording) -> Copies:
        """What there is of a recording; nothing once an agreement to it was taken back."""
        if recording.reason == WITHDRAWN:
            return Copies(())
        standing = self._store.makings.standing(recording.id)
        failed = standing.reason if standing is not None and standing.state == FAILED else None
        try:
            return Copies(tuple(self._store.makings.of(recording.id)), failed)
        except ErasedError as error:
            raise UnknownError from error
        except TamperedError:  # told already; what was made can be made again
            return Copies((), NotMade.__name__)

    def of_all(self, recordings: Iterable[Recording]) -> dict[str, Copies]:
        """Likewise of several, by their ids; of sound there is nothing."""
        return {each.id: self.of(each) for each in recordings if each.kind != "audio"}

    def small(self, recordings: Iterable[Recording]) -> dict[str, str]:
        """Of which of these there is something small to look at in a list, and its kind.

        Nothing of what this person may not look at, and nothing is made for it.
        """
        open_ = [each for each in recordings if each.reason != WITHDRAWN]
        return self._store.makings.small([each.id for each in open_ if self._sight.may_hear(each)])

    def picture(self, recording_id: str, kind: str, *, going_on: bool = False) -> bytes:
        """A JPEG of a picture; NotAllowedError once an agreement to it was taken back.

        `going_on`: this is a further look at what is in the audit log already.
        """
        recording = self._seen(recording_id)
        if recording.kind != "picture":
            raise UnknownError
        self._log(recording, going_on=going_on)
        try:
            return shown(self._store, recording, kind)
        except ErasedError as error:
            raise UnknownError from error

    def open(
        self, recording_id: str, kind: str, number: int = 1, *, going_on: bool = False
    ) -> tuple[Derived, Reader]:
        """Something made of a recording; UnknownError if it was not, NotAllowedError likewise."""
        recording = self._seen(recording_id)
        try:
            found = self._store.makings.open(recording.id, kind, number)
        except (NotFoundError, ErasedError) as error:
            raise UnknownError from error
        self._log(recording, going_on=going_on)
        return found

    def index(self, recording_id: str) -> bytes | None:
        """The index that was kept with a film, of one that this person was given; None without one.

        One that does not open is told of, and made anew by whoever asks.
        """
        try:
            _, reader = self._store.makings.open(recording_id, INDEX)
            return reader.read(0, reader.size)
        except (NotFoundError, ErasedError, TamperedError):
            return None

    def make_again(self, recording_id: str) -> None:
        """Drop what was made of a recording, and have it made again."""
        recording = self._seen(recording_id)
        self._sight.may_change(recording.case_id)
        if recording.kind == "audio":
            raise UnknownError
        self._store.makings.again(recording.id, self._person.id)

    def _seen(self, recording_id: str) -> Recording:
        recording = self._sight.recording(recording_id)
        still_agreed(recording)
        return recording

    def _log(self, recording: Recording, *, going_on: bool) -> None:
        if not going_on:
            self._store.audit.record(self._person.id, "recording played", recording.id)
