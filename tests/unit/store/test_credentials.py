from __future__ import annotations

import pytest
from sqlalchemy import update

from store.cases import Case
from store.errors import ConflictError, DuplicateError, NotFoundError, TamperedError
from store.people import Member
from store.store import Store
from store.tables import credentials

KINDS = ["password", "passkey", "spare"]


@pytest.mark.usefixtures("every_look_later")
def test_what_was_added_is_found_by_its_person_and_by_its_name(
    store: Store, practitioner: Member, supervisor: Member
) -> None:
    store.credentials.add(practitioner.id, "password", b"hash", "test")
    store.credentials.add(practitioner.id, "passkey", b"key", "test", "its id")
    assert [each.payload for each in store.credentials.of(practitioner.id)] == [b"hash", b"key"]
    assert store.credentials.named("passkey", "its id").person_id == practitioner.id
    assert not store.credentials.has_any(supervisor.id, KINDS)
    for kind, name in (("passkey", "another"), ("password", "its id")):
        with pytest.raises(NotFoundError):
            store.credentials.named(kind, name)


def test_a_name_is_one_persons(store: Store, practitioner: Member, supervisor: Member) -> None:
    store.credentials.add(practitioner.id, "passkey", b"key", "test", "its id")
    with pytest.raises(DuplicateError):
        store.credentials.add(supervisor.id, "passkey", b"key", "test", "its id")
    with pytest.raises(NotFoundError):
        store.credentials.add("f" * 32, "password", b"hash", "test")


def test_of_two_that_use_one_at_once_the_second_is_refused(
    store: Store, practitioner: Member
) -> None:
    store.credentials.add(practitioner.id, "codes", b"0", "test")
    (seen,) = store.credentials.of(practitioner.id)
    store.credentials.change(seen, b"1")
    with pytest.raises(ConflictError):
        store.credentials.change(seen, b"2")
    with pytest.raises(ConflictError):
        store.credentials.remove(seen, "test")
    (now,) = store.credentials.of(practitioner.id)
    assert now.payload == b"1"
    store.credentials.remove(now, "test")
    with pytest.raises(ConflictError):
        store.credentials.change(now, b"3")


def test_putting_new_ones_removes_the_old_of_these_kinds_only(
    store: Store, practitioner: Member, supervisor: Member
) -> None:
    store.credentials.add(practitioner.id, "passkey", b"key", "test", "its id")
    store.credentials.add(supervisor.id, "password", b"hers", "test")
    for number in (b"1", b"2"):
        store.credentials.put(
            practitioner.id, {"password": [number], "spare": [number] * 2}, "test"
        )
    found = sorted((each.kind, each.payload) for each in store.credentials.of(practitioner.id))
    assert found == [("passkey", b"key"), ("password", b"2"), ("spare", b"2"), ("spare", b"2")]
    assert not store.credentials.has_any(practitioner.id, ["provider"])
    assert store.credentials.are_any("spare")
    store.credentials.clear(practitioner.id, "test")
    assert not store.credentials.has_any(practitioner.id, KINDS)
    assert store.credentials.has_any(supervisor.id, KINDS)


@pytest.mark.parametrize("column", ["person_id", "kind", "created_at"])
def test_nobody_makes_one_another_persons_by_writing_to_the_database(
    store: Store, practitioner: Member, supervisor: Member, column: str
) -> None:
    store.credentials.add(practitioner.id, "password", b"hash", "test")
    other = {"person_id": supervisor.id, "kind": "passkey", "created_at": 1}[column]
    with store.database.write() as connection:
        connection.execute(update(credentials).values({column: other}))
    whose = supervisor if column == "person_id" else practitioner
    with pytest.raises(TamperedError):
        store.credentials.of(whose.id)


def test_a_young_persons_go_with_their_case(store: Store, case: Case, young_person: Member) -> None:
    store.credentials.add(young_person.id, "passkey", b"key", "test", "its id")
    store.erasing.case(case.id, "test")
    assert not store.credentials.has_any(young_person.id, KINDS)
