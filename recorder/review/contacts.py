"""One contact, one note: merging notes of the same contact, and taking recordings out of one.

A note that was merged stays as it was, with its versions, decisions and replies, in no list; the
other says where its words came from. Both changes are one transaction on exactly the versions that
were looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recorder import visits
from recorder.codec import encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.joining import joined, moment, parted
from recorder.review.dividing import SEVERAL, apart, takes_more
from recorder.review.saving import at
from recorder.review.sight import Sight
from recorder.review.states import Move, Role, State, next_state
from recorder.review.writing import writing
from recorder.suggest import Suggesting, Suggestion
from recorder.supervising import is_part
from recorder.visits import Visit
from store.notes import Note, is_own
from store.people import Member
from store.records import Recording
from store.session import Connection
from store.store import Store
from templates import recorded_keys
from transcribe.model import Draft, Earlier

_WHOLE = (
    "a supervision, and a note that was made for one young person out of one about several, is not "
    "split: take out of it what does not belong there"
)


_SHUT = (
    "nothing more can be recorded into this note: record it for the young person, and it becomes a note "
    "of its own"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another note of the same young person."""

    note: Note
    practitioner: Member
    recordings: Sequence[Recording]
    near: bool  # it may be of the same contact
    refused: str | None  # why it cannot be merged


class Contacts:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._role = Role(person.role)
        self._sight = sight

    def candidates(self, note_id: str, gap_ms: int, around_ms: int) -> list[Candidate]:
        """Other notes of the case, those that may be of the same contact first.

        Only those are looked at whose times are no further than `around_ms` from this one's.
        """
        note = self._sight.note(note_id)
        if note.case_id is None:
            return []
        by_note = self._store.grouping.within(note.case_id)
        own, mine = self._draft(note), by_note.get(note.id, [])
        visit, found = self._visit(note, own, mine), []
        for other in self._store.notes.all(case_id=note.case_id):
            its = by_note.get(other.id, [])
            if other.id == note.id or not self._sight.may_read(other):
                continue
            if _least(note, mine, other, its) > around_ms:
                continue
            draft = self._draft(other)
            distance = visits.apart(visit, self._visit(other, draft, its), gap_ms)
            near = distance is not None and _alike(note, other)
            near = near and not _split(note, own, other, draft)
            near = near and self._parts(note, other) is None
            maker = self._store.people.get(other.practitioner_id)
            found.append(Candidate(other, maker, its, near, self._refusal(note, other)))
        return sorted(found, key=lambda each: (not each.near, -each.note.contact_at))

    def suggestions(self, notes: Iterable[Note]) -> dict[str, Suggestion]:
        """Whom unassigned notes of this person's to read may be about, by note; never certain."""
        reading = Suggesting(self._store, self._sight.sees)
        found = {note.id: reading.of(note) for note in notes if self._sight.may_read(note)}
        return {note_id: each for note_id, each in found.items() if each is not None}

    def stays_whole(self, note: Note) -> str:
        """Why no recording can ever be taken out of a note; empty where one can.

        Out of one of these a part would lie in another record than its pictures, or in two.
        """
        return _WHOLE if is_own(note) or is_part(self._store, note) else ""

    def may_go_on(self, note: Note) -> bool:
        """Whether what this person records now can go into this note."""
        mine = note.practitioner_id == self._person.id
        return mine and note.kind in recorded_keys() and takes_more(self._store, note)

    def goes_on(self, note_id: str) -> Note:
        """The note that this person records more into; StateError, UnknownError."""
        note = self._sight.note(note_id)
        if not self.may_go_on(note):
            raise StateError(_SHUT)
        return note

    def merge(self, first: tuple[str, int], second: tuple[str, int]) -> str:
        """Make one note of two, each given by id and version; the id of the one that stays.

        It is the one of the earlier contact, as a draft. StateError, NotAllowedError, UnknownError.
        """
        notes = sorted((at(self._sight, *first), at(self._sight, *second)), key=_age)
        why = self._refusal(*notes)
        if why is not None:
            raise StateError(why, field="other")
        kept, gone = notes
        words = self._draft(gone)
        its = tuple(each.id for each in self._store.recordings.of_note(gone.id))
        trace = Earlier(gone.id, gone.number, whole=True, recordings=its)
        draft = joined(self._draft(kept), replace(words, earlier=(*words.earlier, trace)))
        with writing(self._store) as connection:
            self._save(connection, kept, draft, "joined", gone.id)
            entry = ("merged", self._person.id, kept.id.encode())
            self._store.notes.decide(connection, gone, entry, State.MERGED.value)
            ids = (gone.id, kept.id)
            self._store.grouping.move(connection, None, ids, self._person.id)
        return kept.id

    def split(self, note_id: str, number: int, recording_ids: Sequence[str]) -> str:
        """Take recordings, and all that was said in them, into a note of their own; its id.

        StateError unless some of the note's recordings are chosen, and some stay.
        """
        note, chosen = at(self._sight, note_id, number), set(recording_ids)
        self._next(note, Move.SPLIT)
        if whole := self.stays_whole(note):
            raise StateError(whole)
        made_from = {each.recording.id: each for each in self._sight.made_from(note)}
        if not chosen:
            raise StateError("choose the recordings to take out", field="recording")
        if not chosen <= made_from.keys():
            raise UnknownError
        if chosen == made_from.keys():
            raise StateError("leave at least one recording in this note", field="recording")
        there = {each.id: each for each in self._store.recordings.of_note(note.id)}
        # A film that came in several files goes whole.
        files = {name for each in chosen for name, _ in made_from[each].film.files}
        out = frozenset(files & there.keys())
        origin = Earlier(note.id, note.number, whole=False)
        stays, goes = parted(self._draft(note), out, origin)
        first = min(there[each].recorded_at for each in out)
        new = replace(note, state=State.DRAFT.value, contact_at=moment(goes.told, first))
        left = replace(note, contact_at=moment(stays.told, note.contact_at))
        with writing(self._store) as connection:
            new_id = self._store.notes.create(connection, new, encode(goes), self._person.id)
            self._save(connection, left, stays, "split", new_id)
            ids = (note.id, new_id)
            self._store.grouping.move(connection, out, ids, self._person.id)
        return new_id

    def _refusal(self, note: Note, other: Note) -> str | None:
        """Why two notes cannot be merged, if they cannot."""
        if note.id == other.id or note.case_id is None or note.case_id != other.case_id:
            return "only two notes about the same young person can be merged"
        if note.kind != other.kind:
            return "only two notes of the same kind can be merged"
        why = self._parts(note, other)
        if why is not None:
            return why
        try:
            for each in (note, other):
                self._next(each, Move.MERGE)
        except (NotAllowedError, StateError) as error:
            return error.sentence
        return None

    def _parts(self, note: Note, other: Note) -> str | None:
        """Why one is a part of a divided note and the other is not like it; None if that is well."""
        return apart(self._store, note, other) if note.kind in SEVERAL else None

    def _next(self, note: Note, move: Move) -> None:
        next_state(self._sight.standing(note), move, self._person.id, self._role)

    def _draft(self, note: Note) -> Draft:
        return self._sight.draft(note, note.number)

    def _visit(self, note: Note, draft: Draft, recordings: Sequence[Recording]) -> Visit:
        sources = (self._store.journal.sources(each.id) for each in recordings)
        paths = [path for found in sources for path, _ in found]
        return visits.of_note(note, draft, recordings, paths)

    def _save(
        self, connection: Connection, note: Note, draft: Draft, kind: str, other: str
    ) -> None:
        """The next version of a note, and beside it what was done and with which other note."""
        state, actor = State.DRAFT.value, self._person.id
        number = self._store.notes.add_version(connection, note, encode(draft), actor, state)
        now = replace(note, number=number, state=state)
        self._store.notes.decide(connection, now, (kind, actor, other.encode()), state)


def _alike(note: Note, other: Note) -> bool:
    return (note.practitioner_id, note.kind) == (other.practitioner_id, other.kind)


def _least(note: Note, mine: Sequence[Recording], other: Note, its: Sequence[Recording]) -> int:
    """How near two notes come by their clear times (ms)."""
    ours = (note.contact_at, *(each.recorded_at for each in mine))
    theirs = (other.contact_at, *(each.recorded_at for each in its))
    return min(abs(one - two) for one in ours for two in theirs)


def _age(note: Note) -> tuple[int, int, str]:
    return note.contact_at, note.created_at, note.id


def _split(note: Note, draft: Draft, other: Note, its: Draft) -> bool:
    """Whether somebody took one of the two out of the other: they know better."""
    return any(each.note == other.id for each in draft.earlier if not each.whole) or any(
        each.note == note.id for each in its.earlier if not each.whole
    )
