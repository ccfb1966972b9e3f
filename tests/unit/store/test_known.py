"""Whoever lists many rows looks their keys up once, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM
from store.uploads import UploadDetails

DAY_MS = 86_400_000


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """What is asked of the database in this block."""
    found: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", keep)
    yield found
    event.remove(store.database.engine, "before_cursor_execute", keep)


def looks(store: Store, listed: Callable[[], object]) -> int:
    """How many times keys are looked up for it."""
    with asked(store) as found:
        assert listed()
    return sum("FROM identities" in each.partition("WHERE")[0] for each in found)


def given(store: Store, practitioner: Member) -> list[Case]:
    details = (CaseDetails(f"EV-{number}", "Jordan") for number in range(4))
    return [store.cases.add(each, practitioner.id, "test") for each in details]


def test_the_pieces_of_an_upload(store: Store, practitioner: Member) -> None:
    details = UploadDetails("file", "x.wav", 1)
    for _ in range(3):
        upload = store.uploads.begin(practitioner.id, TEAM, None, details, most=9)
        sealed = [store.uploads.seal(upload, b"a piece") for _ in range(5)]
        store.uploads.keep(upload.id, 0, sealed, 99)
    assert looks(store, lambda: store.uploads.content(upload.id).size == 35) == 1
    assert looks(store, lambda: store.uploads.of(practitioner.id)) == 1
    assert [each.offset for each in store.uploads.of(practitioner.id)] == [35] * 3


def test_emergencies_and_circles(store: Store, practitioner: Member, supervisor: Member) -> None:
    for case in given(store, practitioner):
        store.emergencies.open(case.id, supervisor.id, "missing tonight", DAY_MS)
        store.circles.name(case.id, supervisor.id, "test")
        store.circles.name(case.id, practitioner.id, "test")
    assert looks(store, store.emergencies.unseen) == 1
    assert looks(store, lambda: store.circles.named_on(supervisor.id)) == 1
    assert looks(store, lambda: store.circles.of(case.id)) == 1
    assert len(store.circles.named_on(supervisor.id)) == 4


def test_what_came_of_listening_again(store: Store, practitioner: Member) -> None:
    for case in given(store, practitioner):
        new = Note("", case.id, case.id, practitioner.id, "case_note", "approved", 0, 1, 0)
        with store.database.write() as connection:
            note_id = store.notes.create(connection, new, b"words", None)
        note = store.notes.get(note_id)
        with store.database.write() as connection:
            store.relistenings.add(connection, note, practitioner.id, b"right")
    assert looks(store, store.relistenings.all) == 1
    assert store.relistenings.all() == [("case_note", b"right")] * 4
