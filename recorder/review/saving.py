"""A new version of a note by somebody, with what follows from it, in one transaction."""

from __future__ import annotations

from recorder.codec import encode
from recorder.errors import StateError
from recorder.review.onrecord import require_off_record
from recorder.review.sight import Sight
from recorder.review.standing import follow
from recorder.review.states import OVERTAKEN, Move, Role, next_state
from recorder.review.writing import writing
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft


def at(sight: Sight, note_id: str, number: int) -> Note:
    """The note, which has to stand at version `number`; StateError if it does not. UnknownError."""
    note = sight.note(note_id)
    if note.number != number:
        raise StateError(OVERTAKEN)
    return note


def saved(store: Store, sight: Sight, person: Member, note: Note, draft: Draft) -> int:
    """Keep `draft` as the note's next version; its number. StateError, NotAllowedError."""
    moved = next_state(sight.standing(note), Move.EDIT, person.id, Role(person.role))
    require_off_record(store, note, sight.draft(note, note.number), draft)
    with writing(store) as connection:
        payload, state = encode(draft), moved.value
        number = store.notes.add_version(connection, note, payload, person.id, state)
        follow(store, connection, note, state, person.id)
    return number
