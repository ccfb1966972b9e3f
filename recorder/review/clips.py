"""The sound of one young person's part of a note about several: of its own sentences alone.

The recording lies with the whole note, because others are heard in it. Whoever approves the part has
to hear what it stands on, and nothing else: so these stretches are cut out for them, one sentence at a
time. docs/adr/0045.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from recorder.errors import UnknownError
from recorder.media import clip
from recorder.media.readable import Readable
from recorder.media.sniff import MP4, TYPES, MediaType
from recorder.review.films import Stretch
from recorder.review.sight import Sight
from recorder.review.states import Role, State
from recorder.supervising import is_part
from store.derived import PROXY
from store.errors import NotFoundError, TamperedError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from transcribe.model import SCRIPT, Draft, Source, Statement

_TO_BE_HEARD = {State.SUBMITTED.value, State.APPROVED.value}


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one sentence."""

    id: str  # of this sentence in this version
    length_ms: int
    shown_ms: int  # where it starts in the recording, as people count

    @property
    def stretch(self) -> Stretch:
        """All of it, to be played."""
        return Stretch(self.id, 0, self.length_ms, self.shown_ms)


class Clips:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, note: Note, draft: Draft) -> Mapping[str, Clip]:
        """What this person may hear of it from here, by statement id; of most notes nothing."""
        if not self._is_theirs(note):
            return {}
        found = {each.id: list(self._spans(each)) for each in draft.statements}
        return {key: _clip(note, key, spans) for key, spans in found.items() if spans}

    def sound(
        self, note_id: str, number: int, statement_id: str, *, going_on: bool = False
    ) -> tuple[Clip, bytes]:
        """A sentence's sound as a WAV file; UnknownError where there is none for this person.

        `going_on`: this is a further piece of a playing that is in the audit log already. Raises as
        `media.sound.pcm`, too.
        """
        note = self._sight.note(note_id)
        if note.number != number or not self._is_theirs(note):
            raise UnknownError
        statements = self._sight.draft(note, number).statements
        spans = [s for each in statements if each.id == statement_id for s in self._spans(each)]
        if not spans:
            raise UnknownError
        samples = b"".join(part for each in spans for part in self._cut(each))
        if not going_on:
            self._store.audit.record(self._person.id, "sentence played", note.id)
        return _clip(note, statement_id, spans), clip.wav(samples)

    def _is_theirs(self, note: Note) -> bool:
        """Whether this person is asked to hear it: somebody who may approve it, and no other."""
        asked = self._person.role == Role.SUPERVISOR.value and note.state in _TO_BE_HEARD
        return asked and note.case_id not in self._sight.only_reads and is_part(self._store, note)

    def _spans(self, statement: Statement) -> Iterator[Source]:
        for each in spans_of(statement):
            if each.end_ms is not None and is_there(self._store, self._sight, each):
                yield each

    def _cut(self, source: Source) -> Iterator[bytes]:
        # By the sentence, not by their reach: the recording itself may be out of it.
        film = self._sight.media(self._store.recordings.get(source.recording or "")).film
        for each in film.stretches(source.start_ms, source.end_ms):
            playable, kind = self._opened(self._store.recordings.get(each.recording))
            yield clip.cut(playable, kind, each.start_ms, each.end_ms)

    def _opened(self, recording: Recording) -> tuple[Readable, MediaType]:
        """What plays in its place where there is that: it is smaller, and as long."""
        original = self._sight.open(recording)
        with suppress(NotFoundError, TamperedError):  # the alarm remembers it
            return self._store.makings.open(recording.id, PROXY)[1], MP4
        return original, TYPES[recording.media_type]


def spans_of(statement: Statement) -> list[Source]:
    """Where a sentence was said; not of what was typed, or stands on a picture."""
    return [
        each
        for each in statement.sources
        if each.recording not in (None, SCRIPT) and each.start_ms is not None
    ]


def is_there(store: Store, sight: Sight, source: Source) -> bool:
    """Whether all of it is to be heard by anybody: no file of it was erased or withdrawn."""
    return all(each.is_there for each in _files(store, sight, source))


def _files(store: Store, sight: Sight, source: Source) -> list[Recording]:
    """The recording that is named, and each file of its film that this was said in."""
    named = store.recordings.get(source.recording or "")
    try:
        stretches = sight.media(named).film.stretches(source.start_ms, source.end_ms)
    except TamperedError:  # the alarm remembers it, and it keeps waiting: who plays it is told
        return [named]
    others = {each.recording for each in stretches} - {named.id}
    return [named, *map(store.recordings.get, others)]


def _clip(note: Note, statement_id: str, spans: list[Source]) -> Clip:
    length = sum((each.end_ms or 0) - (each.start_ms or 0) for each in spans)
    return Clip(f"{note.id}-{note.number}-{statement_id}", length, spans[0].start_ms or 0)
