"""What a person may see. Whatever they may not is, to them, not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from recorder.codec import decode_draft, decode_transcript
from recorder.errors import NotAllowedError, UnknownError
from recorder.review.authors import authors
from recorder.review.films import Film
from recorder.review.states import Role, Standing, State, writers
from recorder.supervising import is_supervision, signed_by
from store.age import Reader
from store.cases import Case, Caseload
from store.errors import ErasedError, NotFoundError
from store.notes import Note, Version
from store.people import Member
from store.records import ERASED, WITHDRAWN, Recording
from store.search import Reach
from store.store import Store
from transcribe.model import Draft, Transcript


@dataclass(frozen=True, slots=True)
class Media:
    """A recording and how it came."""

    recording: Recording
    film: Film  # its files
    origin: str  # who says when it was made; empty where that is not kept


class Sight:
    """The store through one person's eyes; UnknownError for what is not theirs to see."""

    def __init__(self, store: Store, person: Member) -> None:
        self._store = store
        self._person = person
        self._role = Role(person.role)

    def may_read(self, note: Note) -> bool:
        """Whether this note is this person's to read."""
        return self.reach.holds(note.practitioner_id, note.case_id)

    def may_hear(self, recording: Recording) -> bool:
        """Whether this recording is this person's to hear or look at."""
        return self.reach.holds(recording.practitioner_id, recording.case_id)

    def note(self, note_id: str) -> Note:
        """The note's row."""
        try:
            note = self._store.notes.get(note_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self.may_read(note):
            raise UnknownError
        return note

    def version(self, note: Note, number: int) -> Version:
        """Version `number` of the note."""
        try:
            return self._store.notes.version(note.id, number)
        except (NotFoundError, ErasedError) as error:
            raise UnknownError from error

    def draft(self, note: Note, number: int) -> Draft:
        """What the note says at version `number`."""
        return decode_draft(self.version(note, number).payload)

    def recording(self, recording_id: str) -> Recording:
        """The recording's row."""
        try:
            recording = self._store.recordings.get(recording_id)
        except NotFoundError as error:
            raise UnknownError from error
        if recording.state == ERASED or not self.may_hear(recording):
            raise UnknownError
        return recording

    def media(self, recording: Recording) -> Media:
        """How a recording came."""
        parts = self._store.captures.film(recording.id)
        origin = next((each.capture.origin for each in parts if each.part_of is None), "")
        return Media(recording, Film.of(recording, parts), origin)

    def made_from(self, note: Note) -> list[Media]:
        """What a note was made from, in the order it was made; a film in several files is one."""
        found = [self.media(each) for each in self._store.recordings.of_note(note.id)]
        later = {name for each in found for name, _ in each.film.files[1:]}
        return [each for each in found if each.recording.id not in later]

    def elsewhere(self, recordings: Iterable[Recording]) -> list[str]:
        """Ids of notes with other files of these films, which came earlier or later."""
        ids = set()
        for each in recordings:
            capture = self._store.captures.of(each.id) if each.kind == "video" else None
            if capture is None or capture.chapter is None:
                continue
            others = self._store.captures.came_late(each)
            if capture.late_for is not None:
                others.append(self._store.recordings.get(capture.late_for))
            ids |= {o.note_id for o in others if o.note_id and o.state != ERASED}
            ids -= {each.note_id}
        return sorted(name for name in ids if name and self.may_read(self._store.notes.get(name)))

    def transcript(self, recording: Recording) -> Transcript | None:
        """What was heard in the recording; None until it was written down.

        NotAllowedError once an agreement to it was taken back.
        """
        still_agreed(recording)
        try:
            payload = self._store.recordings.transcript(recording.id)
        except ErasedError as error:
            raise UnknownError from error
        return None if payload is None else decode_transcript(payload)

    def open(self, recording: Recording) -> Reader:
        """The recording's original; NotAllowedError once an agreement to it was taken back."""
        still_agreed(recording)
        try:
            return self._store.recordings.open(recording.id)
        except ErasedError as error:
            raise UnknownError from error

    def case(self, case_id: str | None) -> Case | None:
        """The case of a note or recording; None while it has none."""
        if case_id is None:
            return None
        try:
            return self._store.cases.get(case_id)
        except ErasedError as error:
            raise UnknownError from error

    def standing(self, note: Note) -> Standing:
        """What the rules need to know of the note."""
        try:
            wrote = authors(self._store, note)
        except ErasedError as error:
            raise UnknownError from error
        own = is_supervision(self._store, note)
        return Standing(
            State(note.state),
            note.practitioner_id,
            writers(note.practitioner_id, wrote),
            exported=bool(self._store.notes.exported_versions(note.id)),
            handed_to=self._handed_to(note),
            own=own,
            signed=signed_by(self._store, note) if own else frozenset(),
        )

    def _handed_to(self, note: Note) -> str | None:
        """Who finishes a note whose maker has left: the practitioner whose case it is."""
        if self._store.people.get(note.practitioner_id).left_at is None:
            return None
        case = self.case(note.case_id)
        return None if case is None else case.practitioner_id

    @cached_property
    def reach(self) -> Reach:
        """A supervisor sees all; a practitioner what they made, and what is on their own cases."""
        if self._role is Role.SUPERVISOR:
            return Reach(everyone=True)
        if self._role is not Role.PRACTITIONER:
            return Reach()
        return Reach(practitioner_id=self._person.id, case_ids=frozenset(self.caseload.cases))

    @cached_property
    def caseload(self) -> Caseload:
        """The practitioner's own open cases; a supervisor's, all."""
        own = None if self._role is Role.SUPERVISOR else self._person.id
        return self._store.cases.readable(own)


def still_agreed(recording: Recording) -> None:
    """NotAllowedError once an agreement to the recording was taken back."""
    if recording.reason == WITHDRAWN:
        raise NotAllowedError(
            "the agreement to this recording was taken back, so nobody hears or sees it"
        )
