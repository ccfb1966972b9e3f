from __future__ import annotations

import pytest
from sqlalchemy import select, update

from store.cases import Case, CaseDetails
from store.errors import DuplicateError, ErasedError, NotFoundError, TamperedError
from store.people import Member
from store.reach import Reach
from store.store import Store
from store.tables import cases


def test_a_case_is_found_by_its_reference_however_it_is_written(store: Store, case: Case) -> None:
    assert store.cases.by_ref(" ev-1001 ") == case


def test_a_reference_is_taken_once(store: Store, case: Case, practitioner: Member) -> None:
    with pytest.raises(DuplicateError):
        store.cases.add(CaseDetails("EV-1001", "Sam"), practitioner.id, "test")
    assert store.cases.all() == [case]


def test_an_unknown_reference_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.cases.by_ref("EV-9")


def test_erasing_one_case_leaves_others_whole(
    store: Store, case: Case, young_person: Member, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    link = store.access.new_link(young_person.id, "test", 60_000)
    store.erasing.case(case.id, "test")
    store.erasing.case(case.id, "test")
    assert store.cases.all() == [other]
    with pytest.raises(ErasedError):
        store.cases.by_ref("EV-1001")
    with pytest.raises(ErasedError):
        store.people.get(young_person.id)
    with pytest.raises(NotFoundError):
        store.access.sign_in(link, 60_000)
    assert store.people.get(practitioner.id) == practitioner
    assert store.audit.verify() > 0


def test_a_row_moved_to_another_case_does_not_open(
    store: Store, case: Case, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    with store.database.write() as connection:
        sealed = connection.scalar(select(cases.c.sealed).where(cases.c.id == other.id))
        connection.execute(update(cases).where(cases.c.id == case.id).values(sealed=sealed))
    with pytest.raises(TamperedError):
        store.cases.get(case.id)


def test_a_handle_is_taken_once_whatever_its_case(store: Store, practitioner: Member) -> None:
    assert store.people.by_handle("AMARA") == practitioner
    with pytest.raises(DuplicateError):
        store.people.add(Member("", "supervisor", "Amara", "Another", None), "test")


def test_everyone_is_listed_with_staff_first(
    store: Store, young_person: Member, practitioner: Member, supervisor: Member
) -> None:
    assert store.people.all() == [practitioner, supervisor, young_person]
    assert store.people.all("supervisor") == [supervisor]


def test_whether_there_are_more_cases_than_so_many(store: Store, practitioner: Member) -> None:
    everyone = Reach(everyone=True)
    assert not store.cases.more_than(0, everyone)
    for number in range(2):
        store.cases.add(CaseDetails(f"EV-{number}", "Jordan"), practitioner.id, "test")
    asked = [store.cases.more_than(count, everyone) for count in (0, 1, 2, 50)]
    assert asked == [True, True, False, False]
    assert not store.cases.more_than(0, Reach())
