"""What is listed of a recording once somebody does not agree to it any more."""

from __future__ import annotations

from dataclasses import replace

from recorder.codec import decode_draft, encode
from recorder.review.desk import Desk
from store.agreements import Said
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import PROBED, QUARANTINED, Recording
from store.store import Store
from tests.unit.recorder.review.test_dividing import several
from transcribe.model import Source

NO_MORE = Said("Jordan", "I do not want it kept", "today")


def listed(desk: Desk, recording: Recording) -> list[str]:
    return [each.note.id for each in desk.consent.standing(recording.id).made]


def put_into(store: Store, recording: Recording, note: Note) -> None:
    """Have a note stand on a recording, as if it were drafted from it."""
    payload = store.notes.version(note.id, note.number).payload
    draft = decode_draft(payload)
    heard = tuple(replace(s, sources=(Source(recording.id, 0, 1),)) for s in draft.statements)
    with store.database.write() as connection:
        new = encode(replace(draft, statements=heard))
        store.notes.add_version(connection, note, new, None, note.state)
        store.recordings.advance(connection, recording, PROBED)
        probed = replace(recording, state=PROBED)
        store.recordings.advance(connection, probed, "drafted", note_id=note.id)


def test_every_young_persons_own_note_is_listed(
    store: Store, desk: Desk, practitioner: Member, case: Case, recording: Recording
) -> None:
    whole, _ = several(store, practitioner), several(store, practitioner)
    put_into(store, recording, whole)
    (made,) = desk.dividing.divide(whole.id, 2, [case.id], ["Kwame", "Leila"])
    desk.consent.take_back(recording.id, NO_MORE)
    assert store.recordings.get(recording.id).state == QUARANTINED
    assert set(listed(desk, recording)) == {whole.id, made}


def test_a_note_that_was_merged_away_is_listed(
    store: Store, desk: Desk, recording: Recording, note: Note
) -> None:
    other = store.notes.get(_again(store, note))
    put_into(store, recording, other)
    kept = desk.contacts.merge((note.id, 1), (other.id, 2))
    gone = ({note.id, other.id} - {kept}).pop()
    assert set(listed(desk, recording)) == {kept, gone}


def _again(store: Store, note: Note) -> str:
    """Another note of the same kind, of a contact a minute later."""
    payload = store.notes.version(note.id, 1).payload
    new = replace(note, id="", number=0, contact_at=note.contact_at + 60_000)
    with store.database.write() as connection:
        return store.notes.create(connection, new, payload, None)
