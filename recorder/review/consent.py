"""Agreement to being recorded, as a person at the desk gives it, sees it and takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.review.agreed import PARENT, names_of, said_yes
from recorder.review.dividing import is_one_members
from recorder.review.rows import UNREADABLE
from recorder.review.sight import Sight
from store.agreements import Agreement, Said
from store.errors import ConflictError, TamperedError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store

HOW = {
    "in_person": "They said so, in person",
    "recorded": "They said so on the recording",
    "written": "In writing",
    "parent": PARENT,
}
"""Ways to agree, by the name in the form."""


@dataclass(frozen=True, slots=True)
class Made:
    """A note that was made from a recording."""

    note: Note
    shared: bool  # with the young person
    exported: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A recording and the agreement to it."""

    recording: Recording
    entries: Sequence[Agreement]  # oldest first
    made: Sequence[Made]
    transcript: bool  # whether words were written down from it
    copies: bool  # whether anything was made of it to be looked at
    theirs: bool  # the young person sees it on their own page, and can take it back there


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a young person took back themselves, and nobody here has seen yet."""

    recording: Recording
    at: int  # ms
    name: str  # theirs


class Consent:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def standing(self, recording_id: str) -> Standing:
        """What was agreed, and what was made from the recording."""
        recording = self._film(recording_id, to_change=False)
        notes = [] if recording.note_id is None else self._notes(recording, recording.note_id)
        return Standing(
            recording=recording,
            entries=self._store.agreements.of(recording.id),
            made=[self._made(note) for note in notes],
            transcript=self._store.recordings.has_transcript(recording.id),
            copies=self._store.makings.any(recording.id),
            theirs=self._is_theirs(recording),
        )

    def taken_back(self) -> list[TakenBack]:
        """What young people of this person's took back themselves, oldest first, until it was seen."""
        found = [each for each in self._store.agreements.unseen() if self._acts_on(each[0])]
        cases = self._store.cases.some({each.case_id for each, _ in found if each.case_id})
        names = {case_id: case.details.name for case_id, case in cases.items()}
        return [TakenBack(r, e.at, names.get(r.case_id or "", UNREADABLE)) for r, e in found]

    def see(self, recording_id: str) -> None:
        """This person knows that it was taken back; StateError if there is nothing to be told."""
        said = Said(self._person.name, "They have seen that it was taken back", "")
        try:
            self._store.agreements.see(self._film(recording_id), said, self._person.id)
        except ConflictError as error:
            raise StateError("somebody has seen that already") from error

    def ask(self, recording_id: str) -> None:
        """Hold the work until the person in the recording has agreed; StateError if it is done."""
        recording = self._film(recording_id)
        try:
            self._store.agreements.ask(recording, self._person.id)
        except ConflictError as error:
            raise StateError("nothing is being done to this recording") from error

    def give(self, recording_id: str, said: Said) -> None:
        """Write down who agreed, how and when; StateError if something is missing or too late."""
        recording = self._film(recording_id)
        try:
            self._store.agreements.give(recording, require_complete(said), self._person.id)
        except ConflictError as error:
            raise StateError("this recording does not wait for an agreement") from error

    def take_back(self, recording_id: str, said: Said) -> None:
        """Write a withdrawal down; the recording is set aside at once."""
        recording = self._film(recording_id)
        try:
            self._store.agreements.take_back(recording, require_complete(said), self._person.id)
        except ConflictError as error:
            raise StateError("the agreement was taken back already") from error

    def _film(self, recording_id: str, *, to_change: bool = True) -> Recording:
        """Who agrees to a film agrees to all its files."""
        whole = self._store.captures.whole(recording_id)
        return self._sight.recording(whole, to_change=to_change)

    def _acts_on(self, recording: Recording) -> bool:
        may_hear = self._sight.may_hear(recording)
        return may_hear and recording.case_id not in self._sight.only_reads

    def _is_theirs(self, recording: Recording) -> bool:
        case = self._sight.case(recording.case_id)
        entries = self._store.agreements.of(recording.id)
        return case is not None and said_yes(entries, names_of(case.details)) is not None

    def _notes(self, recording: Recording, note_id: str) -> list[Note]:
        """The note that a recording is in, and those that it went into or that went into it."""
        note = self._sight.note(note_id)
        before = self._sight.draft(note, note.number).earlier
        others = [self._store.notes.get(each.note) for each in before]
        if is_one_members(self._store, note):  # nowhere is written what it was divided into
            others += self._store.notes.all()
        film = self._store.captures.film(recording.id)
        files = frozenset({recording.id, *(part.recording.id for part in film)})
        readable = (each for each in others if self._sight.may_read(each))
        found = {each.id: each for each in readable if self._stands_on(each, files)}
        return list(({note.id: note} | found).values())

    def _stands_on(self, note: Note, files: frozenset[str]) -> bool:
        try:
            draft = self._sight.draft(note, note.number)
        except (UnknownError, TamperedError):  # whoever lists or opens it is told
            return False
        spans = [each.sources for each in draft.statements]
        spans += [each.sources for each in draft.actions]
        return any(source.recording in files for each in spans for source in each)

    def _made(self, note: Note) -> Made:
        kinds = [entry.kind for entry in self._store.notes.decisions(note.id)]
        marks = [kind for kind in kinds if kind in ("shared", "unshared")]
        shared = bool(marks) and marks[-1] == "shared"
        return Made(note, shared, exported=bool(self._store.notes.exported_versions(note.id)))


def require_complete(said: Said) -> Said:
    """What was said, once nothing of it is missing; StateError."""
    if not said.who.strip():
        raise StateError("write whose word it is", field="who")
    if not said.how.strip():
        raise StateError("say how they said it", field="how")
    if not said.when.strip():
        raise StateError("write when it was", field="when")
    return said
