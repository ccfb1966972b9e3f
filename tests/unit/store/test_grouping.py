from __future__ import annotations

import pytest

from store.errors import ConflictError
from store.notes import MERGED, Note
from store.records import DRAFTED, Arrival, Recording
from store.store import Store


@pytest.fixture
def notes(store: Store, arrival: Arrival) -> list[str]:
    """Two notes of one case; a recording is in the first, another in the second."""
    made = []
    for content in (b"one", b"two"):
        sealed = store.recordings.seal(arrival.scope, [content])
        recording, _ = store.recordings.register(sealed, arrival)
        new = Note(
            "",
            arrival.scope,
            arrival.case_id,
            arrival.practitioner_id,
            "case_note",
            "draft",
            0,
            1,
            0,
        )
        with store.database.write() as connection:
            made.append(store.notes.create(connection, new, content, None))
            store.recordings.advance(connection, recording, DRAFTED, note_id=made[-1])
    return made


def _in(store: Store, note_id: str) -> list[Recording]:
    return store.recordings.of_note(note_id)


def test_recordings_are_seen_by_their_notes(
    store: Store, notes: list[str], arrival: Arrival
) -> None:
    waiting, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"x"]), arrival)
    found = store.grouping.within(arrival.scope)
    assert found == {note_id: _in(store, note_id) for note_id in notes}
    assert waiting.id not in {each.id for some in found.values() for each in some}
    with store.database.read() as connection:
        assert store.grouping.notes(connection, arrival.scope) == len(notes)


def test_a_recording_moves_from_note_to_note_and_each_move_is_in_the_log(
    store: Store, notes: list[str]
) -> None:
    one, other = notes
    (moved,) = _in(store, one)
    with store.database.write() as connection:
        store.grouping.move(connection, [moved.id], (one, other), "test")
    assert (len(_in(store, one)), len(_in(store, other))) == (0, 2)
    with store.database.write() as connection:
        store.grouping.move(connection, None, (other, one), "test")
    assert (len(_in(store, one)), len(_in(store, other))) == (2, 0)
    actions = [event.action for event in store.audit.events() if event.object == moved.id]
    assert actions.count("recording regrouped") == 2


def test_a_recording_that_is_not_there_any_more_moves_nothing(
    store: Store, notes: list[str]
) -> None:
    one, other = notes
    ids = [each.id for note_id in notes for each in _in(store, note_id)]
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.grouping.move(connection, ids, (one, other), "test")
    assert (len(_in(store, one)), len(_in(store, other))) == (1, 1)


def test_a_merged_note_is_kept_and_stands_in_no_list(store: Store, notes: list[str]) -> None:
    one, other = notes
    with store.database.write() as connection:
        store.notes.decide(connection, store.notes.get(one), ("merged", "test", b""), MERGED)
    assert [note.id for note in store.notes.all()] == [other]
    assert [note.id for note in store.notes.all(MERGED)] == [one]
    assert store.notes.version(one, 1).payload == b"one"
