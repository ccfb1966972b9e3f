"""Everything that is held about one young person, as entries in the order it happened.

Each is opened as it comes, so that no more than one note or transcript is in the memory at a time. What
does not open is said in its place, and holds up nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from recorder import correcting
from recorder.access import speaking
from recorder.access.marks import Mark, marking
from recorder.access.model import Act, Entry, Line
from recorder.codec import decode_draft
from recorder.review.circling import name_of
from recorder.review.dividing import is_for_several, is_workers_own
from recorder.review.prepared import marked
from recorder.review.states import State
from recorder.review.theirs import of_note
from store.audit import SYSTEM
from store.cases import Case
from store.errors import ErasedError, TamperedError
from store.notes import Note
from store.records import Recording
from store.store import Store

DAMAGED = (
    "This does not open as it was written. Ask whoever runs Recorder: a backup may hold it whole."
)
TOGETHER = (
    "This is about several people and is not handed over as a whole: others speak in it, or are"
    " spoken of. What was made of it for this record alone stands as a note of its own; where there"
    " is none yet, somebody makes each one's own note first."
)
_EVERY = tuple(each.value for each in State)
_ALL = 1_000_000  # lines of a log: more than any case has

Read = Callable[[], Entry]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that happened, not opened yet."""

    at: int  # ms
    title: str
    read: Read


class Gathering:
    """Opened for one case."""

    def __init__(self, store: Store, case: Case, timezone: str) -> None:
        self._store = store
        self._case = case
        self._zone = timezone
        self.damaged = 0

    @property
    def case(self) -> Case:
        """Whose."""
        return self._case

    @property
    def timezone(self) -> str:
        """In which times are said."""
        return self._zone

    def marking(self) -> Mark:
        """What marks its entries."""
        return marking(self._store, self._case, self._risky())

    def entries(self) -> Iterator[Entry]:
        """What the case itself says, then all that happened, oldest first."""
        yield self._about()
        for each in self._sorted():
            yield self._read(each)

    def count(self) -> int:
        """How many entries there are."""
        return 1 + len(self._sorted())

    def one(self, number: int) -> Entry | None:
        """The entry of this number, from 0; None if there are fewer."""
        if number == 0:
            return self._about()
        waiting = self._sorted()
        return self._read(waiting[number - 1]) if 0 < number <= len(waiting) else None

    def _risky(self) -> frozenset[str]:
        """The sentences that somebody said could put someone at risk."""
        found = [marked(self._store.notes.decisions(note.id)).values() for note in self._notes()]
        return frozenset(words for marks in found for words, stands in marks if stands)

    def acts(self) -> Iterator[Act]:
        """Who did and saw what, oldest first."""
        events = self._store.audit.of_case(self._case.id, _ALL)
        for event in reversed(events):
            who = "Recorder itself" if event.actor == SYSTEM else self._name(event.actor)
            yield Act(event.at, who, event.action, event.object)

    def hands_over(self, recording: Recording) -> bool:
        """Whether a recording is there, of this record, and in nothing that is about several people."""
        if recording.case_id != self._case.id or recording.gone_at is not None:
            return False
        note_id = recording.note_id
        return note_id is None or not self._is_together(self._store.notes.get(note_id))

    # --- within ---

    def _about(self) -> Entry:
        return Entry(0, "The record itself", tuple(speaking.of_case(self._case.details)))

    def _sorted(self) -> list[Waiting]:
        return sorted(self._waiting(), key=lambda each: each.at)

    def _read(self, waiting: Waiting) -> Entry:
        try:
            return waiting.read()
        except (TamperedError, ErasedError):
            self.damaged += 1
            return Entry(waiting.at, waiting.title, (Line("", DAMAGED, ours=True),))

    def _waiting(self) -> Iterator[Waiting]:
        together = set[str]()
        for note in self._notes():
            title = speaking.title_of(note)
            if self._is_together(note):
                together.add(note.id)
                yield _ready(note.contact_at, title, (Line("", TOGETHER, ours=True),))
                continue
            yield Waiting(note.contact_at, title, partial(self._note, note, title))
        for recording in self._recordings():
            title = speaking.KINDS[recording.kind]
            if recording.note_id in together:
                yield _ready(recording.recorded_at, title, (Line("", TOGETHER, ours=True),))
                continue
            yield Waiting(recording.recorded_at, title, partial(self._recording, recording, title))
        yield from self._beside()

    def _beside(self) -> Iterator[Waiting]:
        young = self._store.young
        for call in young.calls.of(self._case.id):
            lines = speaking.of_call(call, self._name, self._zone)
            yield _ready(call.at, "They asked for somebody", lines)
        person = self._store.people.of_case(self._case.id)
        if person is None:
            return
        for kept in young.keepsakes.of(person.id):
            yield _ready(kept.at, "They keep this", (Line("", kept.words, heading=kept.kind),))
        for invited in young.invitations.of(person.id):
            lines = speaking.of_invitation(invited, self._name, self._zone)
            yield _ready(invited.at, "They were invited", lines)

    def _note(self, note: Note, title: str) -> Entry:
        newest = decode_draft(self._store.notes.version(note.id, note.number).payload)
        lines = [*speaking.of_note(note, newest), *self._before(note)]
        for said in of_note(self._store, note.id):
            lines += speaking.of_saying(said, newest, self._name, self._zone)
        for given in self._store.young.feedback.of(note.id):
            lines.append(speaking.of_feedback(given))
        for decision in self._store.notes.decisions(note.id):
            lines.append(speaking.of_decision(decision, self._name, self._zone))
        return Entry(note.contact_at, title, tuple(lines))

    def _before(self, note: Note) -> Iterator[Line]:
        """What earlier versions said that the newest does not."""
        known: set[str] = set()
        for version in reversed(self._store.notes.versions(note.id, note.number)):
            if not version.payload:
                yield speaking.gone(version, self._name, self._zone)
                continue
            draft = decode_draft(version.payload)
            for each in draft.statements:
                if version.number != note.number and each.text not in known:
                    yield speaking.earlier(version, each, self._name, self._zone)
                known.add(each.text)

    def _recording(self, recording: Recording, title: str) -> Entry:
        lines = [*speaking.of_recording(recording, self._zone)]
        agreed = self._store.agreements.of(recording.id)
        lines += [speaking.of_agreement(each, self._name, self._zone) for each in agreed]
        there = (recording,) if recording.gone_at is None else ()
        at, found = recording.recorded_at, correcting.both(self._store, recording.id)
        if found is not None:
            first, stands = found
            lines += speaking.of_transcript(stands, first, recording.id)
            return Entry(at, title, tuple(lines), there, stands.unheard)
        unread = bool(there) and recording.kind != "picture"
        lines += [speaking.unwritten()] if unread else []
        return Entry(at, title, tuple(lines), there, unread=unread)

    def _is_together(self, note: Note) -> bool:
        """Whether others have a part in a note, so that it is nobody's to be handed over whole."""
        return is_for_several(self._store, note) or is_workers_own(self._store, note)

    def _notes(self) -> list[Note]:
        return self._store.notes.all(*_EVERY, case_id=self._case.id)

    def _recordings(self) -> Iterable[Recording]:
        return [each for each in self._store.recordings.all() if each.case_id == self._case.id]

    def _name(self, actor_id: str) -> str:
        return name_of(self._store, actor_id)


def _ready(at: int, title: str, lines: Iterable[Line]) -> Waiting:
    return Waiting(at, title, lambda: Entry(at, title, tuple(lines)))
