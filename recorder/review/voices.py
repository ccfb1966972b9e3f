"""Whose voices are in a recording: shown with a few seconds of each, and named by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recorder.around import people_around
from recorder.codec import decode_draft, encode
from recorder.correcting import made_in
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.joining import joined, parted
from recorder.noting import told
from recorder.review.authors import FILED
from recorder.review.dividing import is_one_members
from recorder.review.sight import Sight, still_agreed
from recorder.review.spoken import OVERTAKEN, refusal
from recorder.review.standing import follow
from recorder.review.states import OVERTAKEN as CHANGED
from recorder.review.states import Move, Role, State, next_state
from recorder.review.writing import writing
from recorder.whose import voices_named
from store.errors import ConflictError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from transcribe.corrected import Correction
from transcribe.model import Draft, Earlier, Segment, Transcript
from transcribe.naming import as_named, given
from transcribe.spoken import UNSURE

MAX_NAME = 80  # characters
_TYPICAL_MS = 5000  # long enough to know a voice by


@dataclass(frozen=True, slots=True)
class Voice:
    """One of the voices that were told apart."""

    label: str  # what the machine calls it
    name: str  # whose it is, as it stands; the label where nobody knows
    by: str | None  # the name of who said so; None: the machine's guess, or nobody
    place: int  # of a typical segment in the transcript
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices of a recording."""

    found: Sequence[Voice]  # none in a dictation
    lines: Sequence[str | None]  # by segment: who says it
    by_hand: frozenset[int]  # segments that people gave to somebody one by one
    people: Sequence[str]  # whom the case and the team know
    number: int  # corrections so far
    refused: str | None  # why this reader may not name them
    edited: bool  # somebody has changed the note since it was filed
    note_number: int  # the newest version of the note; 0 while there is none


class Naming:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, recording_id: str) -> Voices:
        """Whose voices are in a recording, as it stands. UnknownError."""
        recording = self._sight.recording(recording_id)
        heard, note = self._sight.transcript(recording), self._note(recording)
        made = made_in(self._store, recording.id)
        people = people_around(self._store, recording)
        found: list[Voice] = []
        lines: list[str | None] = []
        if heard is not None:
            whose = voices_named(as_named(heard, made), people)
            lines = [segment.speaker for segment in whose.transcript.segments]
            voices = given(heard, made).voices
            names = {**whose.suggested, **{label: one.speaker for label, one in voices.items()}}
            by = {label: self._store.people.get(one.by).name for label, one in voices.items()}
            found = _voices(heard, names, by)
        return Voices(
            found=found,
            lines=lines,
            by_hand=frozenset(given(heard, made).lines) if heard is not None else frozenset(),
            people=list(dict.fromkeys(person.name for person in people)),
            number=len(made),
            refused=refusal(recording, self._person),
            edited=note is not None and self._edited(note),
            note_number=0 if note is None else note.number,
        )

    def say(self, recording_id: str, seen: int, correction: Correction, timezone: str) -> None:
        """Whose a voice is, from who saw the first `seen` corrections.

        The note is filed again by it, unless somebody has changed it. StateError if somebody else
        was first; NotAllowedError from who may only read; UnknownError for a place that is none.
        """
        recording = self._allowed(recording_id)
        heard = self._sight.transcript(recording)
        known = heard is not None and 0 <= correction.segment < len(heard.segments)
        if heard is None or not known or heard.segments[correction.segment].speaker is None:
            raise UnknownError
        name = " ".join(correction.speaker.split())
        if not name or len(name) > MAX_NAME or name == UNSURE:
            raise StateError("say who speaks, in 80 letters or fewer", field="name")
        made = made_in(self._store, recording.id)
        if len(made) != seen:
            raise StateError(OVERTAKEN)
        entry = Correction(correction.segment, None, speaker=name, every=correction.every)
        try:
            self._store.corrections.add(recording, seen + 1, encode(entry), self._person.id)
        except ConflictError as error:
            raise StateError(OVERTAKEN) from error
        note = self._note(recording)
        if note is not None and not self._edited(note):
            self._filed_again(recording, note, timezone, None)

    def file_again(self, recording_id: str, number: int, timezone: str) -> None:
        """File what was said anew by its voices, in place of what version `number` of the note says.

        What people changed in that is gone from the new version. StateError, NotAllowedError.
        """
        recording = self._allowed(recording_id)
        note = self._note(recording)
        if note is None:
            raise UnknownError
        if note.number != number:
            raise StateError(CHANGED)
        if is_one_members(self._store, note):
            raise StateError(
                "each young person has a note of their own made out of this: put right what it says "
                "there"
            )
        self._filed_again(recording, note, timezone, self._person.id)

    def _allowed(self, recording_id: str) -> Recording:
        recording = self._sight.recording(recording_id, to_change=True)
        why = refusal(recording, self._person)
        if why is not None:
            raise NotAllowedError(why)
        still_agreed(recording)
        return recording

    def _note(self, recording: Recording) -> Note | None:
        return None if recording.note_id is None else self._store.notes.get(recording.note_id)

    def _edited(self, note: Note) -> bool:
        """Whether people worked on the note already: then only they change it."""
        authors = self._store.notes.authors(note.id, note.number)
        return note.state != State.DRAFT.value or any(author is not None for author in authors)

    def _filed_again(
        self, recording: Recording, note: Note, timezone: str, author: str | None
    ) -> None:
        state, role = State(note.state), Role(self._person.role)
        if author is not None:
            state = next_state(self._sight.standing(note), Move.EDIT, author, role)
        payload = encode(refiled(self._store, note, recording, timezone))
        with writing(self._store) as connection:
            number = self._store.notes.add_version(connection, note, payload, author, state.value)
            if author is not None:
                now, entry = replace(note, number=number, state=state.value), (FILED, author, b"")
                self._store.notes.decide(connection, now, entry, state.value)
                follow(self._store, connection, note, state.value, author)


def refiled(store: Store, note: Note, recording: Recording, timezone: str) -> Draft:
    """What a note says, with what was said in `recording` filed anew."""
    so_far = decode_draft(store.notes.version(note.id, note.number).payload)
    origin = Earlier(note.id, note.number, whole=False)
    others, _ = parted(so_far, frozenset({recording.id}), origin)
    made, _ = told(store, recording, note.kind, timezone)
    # What people took out stays kept, though what it says may be filed again.
    return replace(joined(others, made), removed=so_far.removed)


def _voices(heard: Transcript, names: Mapping[str, str], by: Mapping[str, str]) -> list[Voice]:
    labels = dict.fromkeys(each.speaker for each in heard.segments if each.speaker)
    found = []
    for label in labels:
        if label == UNSURE:
            continue
        mine = [n for n, each in enumerate(heard.segments) if each.speaker == label]
        place = min(mine, key=lambda n: abs(_length(heard.segments[n]) - _TYPICAL_MS))
        typical = heard.segments[place]
        name = names.get(label, label)
        found.append(Voice(label, name, by.get(label), place, typical.start_ms, typical.end_ms))
    return found


def _length(segment: Segment) -> int:
    return (segment.end_ms or 0) - (segment.start_ms or 0)
