from __future__ import annotations

import pytest
from sqlalchemy import select, update

from store.cases import Case, CaseDetails
from store.errors import ErasedError, HeldError, NotFoundError, TamperedError
from store.holds import UNREADABLE
from store.people import Member
from store.records import Arrival
from store.store import Store
from store.tables import holds

REASON = "the inquiry wants all of it"


def test_what_is_held_is_not_erased_until_every_hold_is_released(
    store: Store, case: Case, arrival: Arrival
) -> None:
    recording, _ = store.recordings.register(store.recordings.seal(case.id, [b"words"]), arrival)
    first = store.holds.place(case.id, REASON, "test")
    second = store.holds.place(case.id, "a claim", "test")
    for released in (first, second):
        with pytest.raises(HeldError):
            store.erasing.case(case.id, "test")
        with pytest.raises(HeldError):
            store.erasing.recording(recording.id, "test")
        store.holds.release(released, "over", "test")
    assert b"".join(store.recordings.open(recording.id)) == b"words"
    assert store.erasing.all() == []
    store.erasing.recording(recording.id, "test")
    store.erasing.case(case.id, "test")


def test_a_hold_holds_its_own_case_alone(store: Store, case: Case, practitioner: Member) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    store.holds.place(case.id, REASON, "test")
    store.erasing.case(other.id, "test")
    assert store.cases.all() == [case]


def test_holds_in_force_are_listed_with_their_reasons(store: Store, case: Case) -> None:
    first = store.holds.place(case.id, REASON, "test")
    second = store.holds.place(case.id, "a claim", "test")
    assert [(each.id, each.reason) for each in store.holds.all()] == [
        (first, REASON),
        (second, "a claim"),
    ]
    store.holds.release(first, "it has ended", "test")
    assert [each.id for each in store.holds.all()] == [second]


def test_a_hold_is_released_once(store: Store, case: Case) -> None:
    hold = store.holds.place(case.id, REASON, "test")
    store.holds.release(hold, "over", "test")
    for unknown in (hold, "no such hold"):
        with pytest.raises(NotFoundError):
            store.holds.release(unknown, "over", "test")


def test_an_erased_case_cannot_be_held(store: Store, case: Case) -> None:
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.holds.place(case.id, REASON, "test")


def test_reasons_are_sealed_with_the_case_and_the_log_says_who(store: Store, case: Case) -> None:
    hold = store.holds.place(case.id, REASON, "ruth")
    store.holds.release(hold, "it has ended", "sam")
    with store.database.read() as connection:
        row = connection.execute(select(holds)).one()
    assert row.scope == case.id
    assert b"inquiry" not in row.sealed
    assert (row.placed_by, row.released_by) == ("ruth", "sam")
    told = [(e.actor, e.action, e.object) for e in store.audit.events()][-3:]
    assert told == [
        ("ruth", "legal hold placed", case.id),
        ("system", "holds sealed anew: 2", hold),
        ("sam", "legal hold released", case.id),
    ]


def test_a_hold_that_was_not_released_here_still_holds(store: Store, case: Case) -> None:
    store.holds.place(case.id, REASON, "test")
    with store.database.write() as connection:
        connection.execute(update(holds).values(released_by="nobody", released_at=1))
    with pytest.raises(TamperedError):
        store.erasing.case(case.id, "test")
    assert store.cases.all() == [case]


def test_a_hold_that_does_not_open_is_listed_and_holds_and_hides_no_other(
    store: Store, case: Case
) -> None:
    damaged, whole = (store.holds.place(case.id, each, "test") for each in (REASON, "Another."))
    with store.database.write() as connection:
        row = connection.execute(select(holds).where(holds.c.id == damaged)).one()
        flipped = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        connection.execute(update(holds).where(holds.c.id == damaged).values(sealed=flipped))
    assert {each.id: each.reason for each in store.holds.all()} == {
        damaged: UNREADABLE,
        whole: "Another.",
    }
    assert damaged in {each.object for each in store.audit.events() if "tamper" in each.action}
    with pytest.raises(TamperedError):
        store.erasing.case(case.id, "test")
