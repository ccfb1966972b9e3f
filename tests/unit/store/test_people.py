from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from store.cases import Case, CaseDetails
from store.errors import NotFoundError, TamperedError
from store.people import Member
from store.store import Store
from store.tables import TEAM, credentials, links, people, sessions


def test_whoever_left_has_no_way_in_any_more(store: Store, practitioner: Member) -> None:
    token = store.access.begin(practitioner.id, 60_000)
    store.credentials.add(practitioner.id, "passkey", b"{}", "test", "key")
    link = store.access.new_link(practitioner.id, "test", 60_000)
    store.people.leave(practitioner.id, "test")
    assert store.people.get(practitioner.id).left_at is not None
    with pytest.raises(NotFoundError):
        store.access.person(token, 60_000)
    with pytest.raises(NotFoundError):
        store.access.invited(link)
    with store.database.read() as connection:
        for table in (sessions, links, credentials):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    assert [e.action for e in store.audit.events()][-1] == "person left"


def test_whoever_left_and_returned_is_as_before(store: Store, practitioner: Member) -> None:
    store.people.leave(practitioner.id, "test")
    store.people.come_back(practitioner.id, "test")
    assert store.people.get(practitioner.id) == practitioner
    assert store.audit.verify() > 0


def test_nobody_returns_by_one_column(store: Store, practitioner: Member) -> None:
    store.people.leave(practitioner.id, "test")
    with store.database.write() as connection:
        mine = people.c.id == practitioner.id
        connection.execute(update(people).where(mine).values(active=True))
    with pytest.raises(TamperedError, match="has left was changed"):
        store.people.get(practitioner.id)


def test_a_case_handed_over_is_its_new_practitioners(
    store: Store, case: Case, practitioner: Member
) -> None:
    assert practitioner.case_id is None
    other = store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    store.cases.give(case.id, other.id, "test")
    (given,) = store.cases.all(other.id)
    assert (given.id, given.details) == (case.id, case.details)
    assert store.cases.all(practitioner.id) == []
    assert [(e.action, e.object) for e in store.audit.events()][-1] == ("case handed over", case.id)


def test_no_other_case_is_handed_over(store: Store, case: Case, practitioner: Member) -> None:
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    store.cases.give(other.id, practitioner.id, "test")
    assert store.cases.get(case.id) == case
    with pytest.raises(NotFoundError):
        store.cases.give(TEAM, practitioner.id, "test")
