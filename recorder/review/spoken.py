"""What was said in a recording: whose each word is, and putting right what was misheard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.codec import encode
from recorder.correcting import made_in
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.revise import MAX_TEXT
from recorder.review.sight import Sight, still_agreed
from recorder.review.states import Role
from store.errors import ConflictError
from store.people import Member
from store.records import Recording
from store.store import Store
from transcribe.corrected import Correction, Said, said, text_of
from transcribe.model import Segment, Transcript

OVERTAKEN = "somebody put these words right while you had them open: compare, and save again"
_TRIES = 5  # when others put other words right at the same moment


@dataclass(frozen=True, slots=True)
class Line:
    """A segment as it stands."""

    place: int  # in the transcript, from 0
    segment: Segment  # as it was heard
    words: tuple[Said, ...]

    @property
    def text(self) -> str:
        """What it says now."""
        return text_of(self.words)

    @property
    def taken_for(self) -> tuple[Said, ...]:
        """The names that stand for something else that was heard."""
        return tuple(word for word in self.words if word.taken_for is not None)

    @property
    def put_right(self) -> tuple[Said, ...]:
        """The words that are a person's, and the places of those that were taken out."""
        return tuple(word for word in self.words if word.heard is not None)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A transcript with what people put right in it."""

    transcript: Transcript  # as it was heard
    lines: Sequence[Line]
    number: int  # corrections so far
    names: Mapping[str, str]  # by person id, of those who made them
    refused: str | None  # why this reader may not put words right

    @property
    def unsure(self) -> bool:
        """Whether the machine was not sure of some of its words that still stand."""
        return any(word.unsure for line in self.lines for word in line.words)

    def place(self, start_ms: int | None, end_ms: int | None) -> int | None:
        """The first segment that is heard in a stretch of the recording; None if there is none."""
        if start_ms is None or end_ms is None:
            return None
        for line in self.lines:
            begin, end = line.segment.start_ms, line.segment.end_ms
            if begin is not None and end is not None and begin < end_ms and end > start_ms:
                return line.place
        return None


class Transcripts:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, recording_id: str) -> Spoken | None:
        """What was said in a recording; None until it was written down. UnknownError."""
        recording = self._sight.recording(recording_id)
        heard = self._sight.transcript(recording)
        self._store.audit.record(self._person.id, "transcript read", recording.id)
        if heard is None:
            return None
        made = made_in(self._store, recording.id)
        people = {each.by for each in made}
        return Spoken(
            transcript=heard,
            lines=[
                Line(place, segment, said(segment, place, made))
                for place, segment in enumerate(heard.segments)
            ],
            number=len(made),
            names={each: self._store.people.get(each).name for each in people},
            refused=refusal(recording, self._person),
        )

    def put_right(self, recording_id: str, seen: int, place: int, text: str) -> None:
        """Other words for the segment at `place`, from who saw the first `seen` corrections.

        Empty words take it out. StateError if somebody else was first; NotAllowedError from who may
        only read; UnknownError for a place that is none.
        """
        recording = self._sight.recording(recording_id, to_change=True)
        why = refusal(recording, self._person)
        if why is not None:
            raise NotAllowedError(why)
        still_agreed(recording)
        heard = self._sight.transcript(recording)
        if heard is None or not 0 <= place < len(heard.segments):
            raise UnknownError
        correction = Correction(place, _clean(text))
        for _ in range(_TRIES):
            if self._kept(recording, heard.segments[place], correction, seen):
                return
        raise StateError(OVERTAKEN)

    def _kept(
        self, recording: Recording, segment: Segment, correction: Correction, seen: int
    ) -> bool:
        """Whether it stands; not, if somebody put other words right at this very moment."""
        made = made_in(self._store, recording.id)
        if text_of(said(segment, correction.segment, made)) == correction.text:
            return True
        words = (each for each in made[seen:] if each.text is not None)
        if any(each.segment == correction.segment for each in words):
            raise StateError(OVERTAKEN)
        try:
            payload = encode(correction)
            self._store.corrections.add(recording, len(made) + 1, payload, self._person.id)
        except ConflictError:
            return False
        return True


def refusal(recording: Recording, person: Member) -> str | None:
    """Why somebody may not put right what was heard in a recording."""
    own = recording.practitioner_id == person.id
    if own or person.role == Role.SUPERVISOR.value:
        return None
    return "this is another practitioner's recording: ask them to put it right"


def _clean(text: str) -> str:
    cleaned = " ".join(text.split())
    if len(cleaned) > MAX_TEXT:
        raise StateError("that is too long for what was said here", field="words")
    return cleaned
