from __future__ import annotations

import pytest
from sqlalchemy import update

from store.cases import Case
from store.errors import ConflictError, NotFoundError, TamperedError
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import note_versions


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"first", None)
    return store.notes.get(note_id)


def test_versions_are_added_and_never_replaced(
    store: Store, note: Note, practitioner: Member
) -> None:
    with store.database.write() as connection:
        number = store.notes.add_version(connection, note, b"second", practitioner.id, "draft")
    assert number == 2
    assert [store.notes.version(note.id, n).payload for n in (1, 2)] == [b"first", b"second"]
    assert store.notes.authors(note.id, 2) == [None, practitioner.id]


def test_of_two_edits_on_one_version_the_second_is_refused(
    store: Store, note: Note, practitioner: Member
) -> None:
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"mine", practitioner.id, "draft")
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.notes.add_version(connection, note, b"yours", practitioner.id, "draft")
    assert store.notes.get(note.id).number == 2
    assert store.notes.version(note.id, 2).payload == b"mine"


def test_a_decision_about_a_version_that_changed_is_refused(
    store: Store, note: Note, practitioner: Member, supervisor: Member
) -> None:
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"new", practitioner.id, "submitted")
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.notes.decide(connection, note, ("approved", supervisor.id, b""), "approved")
    assert store.notes.decisions(note.id) == []


def test_replies_stand_beside_the_version_they_speak_to(
    store: Store, note: Note, young_person: Member
) -> None:
    words = "It wasn't like that \N{THINKING FACE}"
    store.notes.reply(note, 1, young_person.id, words.encode())
    (reply,) = store.notes.replies(note.id)
    assert (reply.payload.decode(), reply.number) == (words, 1)


def test_an_export_is_remembered_once_a_version(
    store: Store, note: Note, practitioner: Member
) -> None:
    store.notes.exported(note.id, 1, practitioner.id)
    assert list(store.notes.exported_versions(note.id)) == [1]


def test_notes_of_an_erased_case_are_not_listed(store: Store, note: Note, case: Case) -> None:
    assert [each.id for each in store.notes.all()] == [note.id]
    store.erasing.case(case.id, "test")
    assert store.notes.all() == []


def test_an_unknown_note_or_version_is_not_found(store: Store, note: Note) -> None:
    with pytest.raises(NotFoundError):
        store.notes.get("nothing")
    with pytest.raises(NotFoundError):
        store.notes.version(note.id, 9)


@pytest.mark.parametrize("change", ["author", "gone"])
def test_who_wrote_a_note_cannot_be_changed_unseen(
    store: Store, note: Note, practitioner: Member, change: str
) -> None:
    """Whoever wrote any of it may not approve it."""
    for words in (b"second", b"third"):
        with store.database.write() as connection:
            now = store.notes.get(note.id)
            store.notes.add_version(connection, now, words, practitioner.id, "draft")
    second = note_versions.c.number == 2
    with store.database.write() as connection:
        if change == "author":
            connection.execute(update(note_versions).where(second).values(author_id=None))
        else:
            connection.execute(note_versions.delete().where(second))
    with pytest.raises(TamperedError):
        store.notes.authors(note.id, 3)
