"""Answering what a young person says: every thing they say, but that it is right, has to be answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from recorder.codec import decode_draft
from recorder.errors import StateError, UnknownError
from recorder.review.revise import MAX_TEXT
from recorder.review.saying import ANSWERED, APPENDED, BESIDE, CHANGED, Said, encode_answer
from recorder.review.sight import Sight
from recorder.review.theirs import Theirs, of_note, of_several
from recorder.review.writing import writing
from store.listing import READ
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft

_NO_WORDS = "write what you answer them"
_TOO_LONG = "that is too long for an answer: say the rest when you see them"
_NOT_CHANGED = "the note still says what they were shown: change it first, or choose something else"
_NOT_GONE = "this note has not gone to Mosaic, so nothing can have been added there"
_OTHERWISE = "the young person has said something else meanwhile: read that first"


class Answering:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def beside(self, notes: Iterable[Note]) -> dict[str, Mapping[str, Sequence[Theirs]]]:
        """What stands next to sentences of notes that this person reads, by note and sentence."""
        return of_several(self._store, notes)

    def unread(self, note_id: str) -> str:
        """The id of the last thing said of a note, until somebody read all of it; empty then."""
        note = self._sight.note(note_id)
        replies = self._store.notes.replies(note.id)
        if not replies:
            return ""
        decided = self._store.notes.decisions(note.id)
        read = max((each.created_at for each in decided if each.kind == READ), default=0)
        return replies[-1].id if replies[-1].created_at > read else ""

    def read(self, note_id: str, last: str) -> None:
        """Say that this person read what the young person wrote, up to the entry `last`.

        StateError if more was written since, something waits for an answer, or the note went on.
        """
        note = self._changing(note_id)
        if any(each.waits for each in of_note(self._store, note.id)):
            raise StateError("answer it: that tells the young person that somebody has read it")
        with writing(self._store) as connection:
            if self._store.listing.newest_reply(connection, note.id) != last:
                raise StateError("the young person has written more: read that first")
            self._store.notes.decide(connection, note, (READ, self._person.id, b""), note.state)

    def answer(self, note_id: str, to: str, at: int, words: str, outcome: str = "") -> None:
        """Answer something they said, as it stood at `at` (ms), and say what came of it.

        When nothing else waits, all of it counts as read. StateError where nothing is said, what is
        said to have come of it did not, or they have said something else since.
        """
        note = self._changing(note_id)
        found = {each.id: each for each in of_note(self._store, note.id)}
        if to not in found:
            raise UnknownError
        last = self._store.notes.replies(note.id)[-1].id
        self._may(note, found[to], at, words, outcome)
        waits = any(each.waits for key, each in found.items() if key != to)
        me, keep = self._person.id, self._store.notes.decide
        with writing(self._store) as connection:
            if self._store.listing.newest_reply(connection, note.id) != last:
                raise StateError(_OTHERWISE)
            entry = (ANSWERED, me, encode_answer(to, words.strip(), outcome))
            keep(connection, note, entry, note.state)
            if not waits:
                keep(connection, note, (READ, me, b""), note.state)

    def _changing(self, note_id: str) -> Note:
        note = self._sight.note(note_id)
        self._sight.may_change(note.case_id)
        return note

    def _may(self, note: Note, to: Said, at: int, words: str, outcome: str) -> None:
        if not words.strip():
            raise StateError(_NO_WORDS, field=f"answer-{to.id}")
        if len(words) > MAX_TEXT:
            raise StateError(_TOO_LONG, field=f"answer-{to.id}")
        if outcome not in {"", CHANGED, BESIDE, APPENDED}:
            raise UnknownError
        if outcome == CHANGED and not self._was_changed(note, to):
            raise StateError(_NOT_CHANGED, field=f"outcome-{to.id}")
        if outcome == APPENDED and not self._store.notes.exported_versions(note.id):
            raise StateError(_NOT_GONE, field=f"outcome-{to.id}")
        if to.at != at or to.taken_back is not None:
            raise StateError(_OTHERWISE)

    def _was_changed(self, note: Note, to: Said) -> bool:
        """Whether the sentence they spoke of, or the note if it was all of it, reads otherwise now."""
        old, new = (self._draft(note, number) for number in (to.number, note.number))
        about = to.saying.statement
        return _text(old, about) != _text(new, about) if about else old != new

    def _draft(self, note: Note, number: int) -> Draft:
        return decode_draft(self._store.notes.version(note.id, number).payload)


def _text(draft: Draft, statement_id: str) -> str | None:
    return next((each.text for each in draft.statements if each.id == statement_id), None)
