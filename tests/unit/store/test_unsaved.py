"""What people typed and did not save: each one's own, and gone with the case."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from store.cases import Case
from store.errors import ConflictError, TamperedError
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM, audit, unsaved


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    return made(store, practitioner, case.id)


def made(store: Store, practitioner: Member, case_id: str | None) -> Note:
    new = Note("", case_id or TEAM, case_id, practitioner.id, "case_note", "draft", 0, 1, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)
    return store.notes.get(note_id)


def actions(store: Store, note: Note) -> list[str]:
    return [each.action for each in store.audit.events() if each.object == note.id]


def test_what_was_typed_comes_back_to_its_writer_alone(
    store: Store, note: Note, practitioner: Member, supervisor: Member
) -> None:
    first = store.unsaved.keep(note, practitioner.id, lambda _: b"half a sen")
    store.unsaved.keep(note, practitioner.id, lambda before: (before or b"") + b"tence")
    found = store.unsaved.of(note.id, practitioner.id)
    assert found is not None
    assert (found.payload, found.since) == (b"half a sentence", first)
    assert found.at >= found.since
    assert store.unsaved.of(note.id, supervisor.id) is None
    assert store.unsaved.others(note.id, supervisor.id) == [
        (practitioner.id, found.since, found.at)
    ]
    assert store.unsaved.others(note.id, practitioner.id) == []
    assert b"sentence" not in _sealed(store)


def test_an_hour_of_typing_is_one_row_one_event_and_no_version(
    store: Store, note: Note, practitioner: Member
) -> None:
    for _ in range(20):
        store.unsaved.keep(note, practitioner.id, lambda before: (before or b"") + b"x")
    with store.database.read() as connection:
        assert len(connection.execute(select(unsaved)).all()) == 1
        seen = list(connection.scalars(select(audit.c.action).where(audit.c.action.like("uns%"))))
    assert seen == ["unsaved words kept"]
    assert store.notes.get(note.id).number == 1
    store.audit.verify()


def test_what_is_thrown_away_or_settled_is_gone(
    store: Store, note: Note, practitioner: Member
) -> None:
    store.unsaved.keep(note, practitioner.id, lambda _: b"words")
    store.unsaved.throw_away(note.id, practitioner.id)
    store.unsaved.throw_away(note.id, practitioner.id)
    assert store.unsaved.of(note.id, practitioner.id) is None
    assert actions(store, note)[-1] == "unsaved words thrown away"
    store.unsaved.keep(note, practitioner.id, lambda _: b"words")
    assert store.unsaved.keep(note, practitioner.id, lambda _: None) is None
    assert store.unsaved.others(note.id, "") == []


def test_it_goes_with_the_case_it_was_typed_about(
    store: Store, note: Note, case: Case, practitioner: Member
) -> None:
    store.unsaved.keep(note, practitioner.id, lambda _: b"words")
    store.erasing.case(case.id, "test")
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_it_follows_its_note_to_a_case(store: Store, case: Case, practitioner: Member) -> None:
    loose = made(store, practitioner, None)
    store.unsaved.keep(loose, practitioner.id, lambda _: b"words")
    store.assigning.assign(loose, case.id, "test")
    with pytest.raises(ConflictError):  # sealed for the team, it would outlive the case
        store.unsaved.keep(loose, practitioner.id, lambda _: b"more words")
    found = store.unsaved.of(loose.id, practitioner.id)
    assert found is not None
    assert found.payload == b"words"
    store.unsaved.keep(store.notes.get(loose.id), practitioner.id, lambda _: b"more words")
    store.audit.verify()
    store.erasing.case(case.id, "test")
    assert store.unsaved.others(loose.id, "") == []


@pytest.mark.parametrize("column", ["person_id", "since", "at"])
def test_a_row_that_was_made_anothers_is_noticed_and_typed_over(
    store: Store, note: Note, practitioner: Member, supervisor: Member, column: str
) -> None:
    store.unsaved.keep(note, practitioner.id, lambda _: b"words")
    other = supervisor.id if column == "person_id" else 1
    with store.database.write() as connection:
        connection.execute(update(unsaved).values({column: other}))
    whose = supervisor if column == "person_id" else practitioner
    with pytest.raises(TamperedError):
        store.unsaved.of(note.id, whose.id)
    store.unsaved.keep(note, whose.id, lambda before: b"new" if before is None else before)
    found = store.unsaved.of(note.id, whose.id)
    assert found is not None
    assert found.payload == b"new"


def _sealed(store: Store) -> bytes:
    with store.database.read() as connection:
        return b"".join(connection.scalars(select(unsaved.c.sealed)))
