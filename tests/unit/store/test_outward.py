"""What became of notes on their way into the council's system, and of what is offered beside them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from store.cases import Case, CaseDetails
from store.errors import ConflictError, TamperedError
from store.notes import Note
from store.outward import (
    APPENDED,
    APPROVED,
    BEGUN,
    EVENT,
    LEFT,
    LET_BE,
    RECEIVED,
    SUMMARY,
    Offering,
    Passing,
)
from store.people import Member
from store.store import Store
from store.tables import exports, passages


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "approved", 0, 1, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)
    return store.notes.get(note_id)


def test_a_receipt_says_who_kept_it_when_and_of_which_version(store: Store, note: Note) -> None:
    store.passages.add(note, 1, BEGUN, Passing(1, made_sure_by="date of birth"), "sam")
    store.passages.add(note, 2, RECEIVED, Passing(1, "4711"), "sam")
    begun, received = store.passages.of(note.id)
    assert (begun.kind, begun.actor_id, begun.passing.made_sure_by) == (
        BEGUN,
        "sam",
        "date of birth",
    )
    assert (received.kind, received.passing.version, received.passing.note_there) == (
        RECEIVED,
        1,
        "4711",
    )
    assert received.at >= begun.at > 0
    assert [event.action for event in store.audit.events()][-2:] == [
        "person made sure of, version 1",
        "Mosaic receipt kept, version 1",
    ]


def test_what_has_a_receipt_has_left_the_house_once(store: Store, note: Note) -> None:
    store.passages.add(note, 1, BEGUN, Passing(1), "sam")
    assert list(store.notes.exported_versions(note.id)) == []
    store.passages.add(note, 2, RECEIVED, Passing(1, "4711"), "sam")
    store.passages.add(note, 3, RECEIVED, Passing(1, "4712"), "sam")
    assert list(store.notes.exported_versions(note.id)) == [1]


def test_what_waits_what_is_pasted_and_what_owes_a_receipt_is_found_by_the_database(
    store: Store, note: Note
) -> None:
    def found() -> tuple[bool, bool, bool]:
        unsent = [each.id for each in store.notes.unsent("approved")]
        return bool(unsent), bool(store.passages.begun()), bool(store.passages.owing())

    assert found() == (True, False, False)
    store.passages.add(note, 0, BEGUN, Passing(1), "sam")
    assert found() == (True, True, False)
    store.passages.add(note, 0, LET_BE, Passing(1), "sam")
    assert found() == (True, False, False)
    store.passages.add(note, 0, LEFT, Passing(1), "sam")
    assert found() == (False, False, True)
    store.passages.add(note, 0, RECEIVED, Passing(1, "4711"), "sam")
    assert found() == (False, False, False)
    store.notes.reply(note, 1, "f" * 32, b"not so")
    assert found() == (True, False, False)
    store.passages.add(note, 0, APPENDED, Passing(1, text="more", said=("a",)), "sam")
    assert found() == (True, False, True)
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"{}", "sam", "draft")
    assert found() == (False, False, True), "what is not approved waits for nothing yet"


def test_a_note_that_left_before_its_way_was_kept_owes_a_receipt(store: Store, note: Note) -> None:
    store.notes.exported(note.id, 1, "sam")
    assert store.passages.owing() == [note.id]
    store.passages.add(note, 0, RECEIVED, Passing(1, "4711"), "sam")
    assert store.passages.owing() == []


def test_an_appendment_makes_its_moment_the_last_that_anything_left(
    store: Store, note: Note
) -> None:
    store.notes.exported(note.id, 1, "sam")
    with store.database.write() as connection:
        connection.execute(update(exports).values(created_at=5))
    assert store.notes.last_export(note.id) == 5
    store.passages.add(note, 1, APPENDED, Passing(1, text="more", said=("a",)), "sam")
    assert store.notes.last_export(note.id) == store.passages.of(note.id)[0].at
    assert list(store.notes.exported_versions(note.id)) == [1]


def test_of_two_who_go_on_from_the_same_point_the_second_is_refused(
    store: Store, note: Note
) -> None:
    store.passages.add(note, 1, BEGUN, Passing(1), "sam")
    with pytest.raises(ConflictError):
        store.passages.add(note, 1, BEGUN, Passing(1), "kim")
    assert [each.actor_id for each in store.passages.of(note.id)] == ["sam"]


def test_the_first_receipt_of_each_note_is_the_one_that_time_runs_from(
    store: Store, note: Note, case: Case, practitioner: Member
) -> None:
    with store.database.write() as connection:
        new = Note("", case.id, case.id, practitioner.id, "case_note", "approved", 0, 1, 0)
        other = store.notes.create(connection, new, b"{}", None)
    store.passages.add(store.notes.get(other), 1, BEGUN, Passing(1), "sam")
    for number, there in enumerate(("1", "2"), start=1):
        store.passages.add(note, number, RECEIVED, Passing(1, there), "sam")
    assert {key: each.passing.note_there for key, each in store.passages.receipts().items()} == {
        note.id: "1"
    }


def test_a_receipt_that_was_taken_away_or_altered_is_told_of(store: Store, note: Note) -> None:
    store.passages.add(note, 1, BEGUN, Passing(1), "sam")
    store.passages.add(note, 2, RECEIVED, Passing(1, "4711"), "sam")
    with store.database.write() as connection:
        mine = passages.c.number == 2
        connection.execute(update(passages).where(mine).values(actor_id="kim"))
    with pytest.raises(TamperedError):
        store.passages.of(note.id)
    assert store.passages.receipts() == {}
    with store.database.write() as connection:
        connection.execute(delete(passages).where(passages.c.number == 1))
    with pytest.raises(TamperedError, match="missing"):
        store.passages.of(note.id)


def test_the_id_in_mosaic_stands_nowhere_in_clear(store: Store, note: Note) -> None:
    store.passages.add(note, 1, RECEIVED, Passing(1, "471147114"), "sam")
    with store.database.read() as connection:
        (row,) = connection.execute(select(passages)).all()
    assert "471147114" not in str(row)


def test_what_is_offered_of_a_case_is_kept_in_order(store: Store, case: Case) -> None:
    event = Offering("k", APPROVED, "2026-11-06", "Missing", "Missing", "Case note", "He was gone.")
    store.offers.add(case.id, 1, EVENT, event, "ruth")
    store.offers.add(case.id, 2, SUMMARY, Offering("3", LEFT, by="pack"), "sam")
    with pytest.raises(ConflictError):
        store.offers.add(case.id, 2, EVENT, event, "ruth")
    first, second = store.offers.of(case.id)
    assert (first.kind, first.offering, first.actor_id) == (EVENT, event, "ruth")
    assert (second.kind, second.offering.became) == (SUMMARY, LEFT)
    assert list(store.offers.cases()) == [case.id]


def test_an_erased_case_leaves_nothing_that_opens(store: Store, note: Note, case: Case) -> None:
    store.passages.add(note, 1, RECEIVED, Passing(1, "4711"), "sam")
    store.offers.add(case.id, 1, SUMMARY, Offering("1", APPROVED), "ruth")
    store.erasing.case(case.id, "test")
    assert store.passages.receipts() == {}
    assert list(store.offers.cases()) == []


def test_who_a_young_person_is_elsewhere_can_be_put_right(
    store: Store, practitioner: Member
) -> None:
    case = store.cases.add(CaseDetails("EV-7", "Sky", known_as=("S",)), practitioner.id, "test")
    store.cases.complete(case.id, "900007", "2010-02-03", "sam")
    details = store.cases.get(case.id).details
    assert (details.mosaic_id, details.born, details.name) == ("900007", "2010-02-03", "Sky")
    assert details.known_as == ("S",)
