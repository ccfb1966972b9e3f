"""Which cases are restricted stands in more places than one row."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from store.cases import Case, CaseDetails
from store.errors import ConflictError, TamperedError
from store.people import Member
from store.restrictions import REGISTER
from store.store import Store, connect
from store.tables import circles
from tests.databases import Databases
from tests.unit.store.homes import Kept

WHY = "a relative works here"


def taken(store: Store, row_id: str = "") -> list[dict[str, object]]:
    """Rows of circles that were deleted by somebody else: of restrictions, or one."""
    mine = circles.c.id == row_id if row_id else circles.c.kind == "restricted"
    with store.database.write() as connection:
        rows = [dict(row) for row in connection.execute(select(circles).where(mine)).mappings()]
        connection.execute(delete(circles).where(mine))
    return rows


def reached(store: Store, person: Member, case: Case) -> bool:
    reach = store.circles.reach(person.id, frozenset(), supervises=True)
    return reach.holds(case.practitioner_id, case.id)


def test_a_restriction_that_is_deleted_holds_and_is_told_of(
    store: Store, case: Case, supervisor: Member
) -> None:
    store.circles.restrict(case.id, WHY, supervisor.id)
    assert store.circles.restrictions.undone() == []
    set_ = store.circles.of(case.id).restriction
    taken(store)
    assert not reached(store, supervisor, case)
    assert store.circles.restrictions.undone() == [case.id]
    found = store.circles.of(case.id).restriction
    assert found is not None
    assert set_ is not None
    assert (found.actor_id, found.reason, found.undone) == (supervisor.id, WHY, True)
    assert 0 <= set_.at - found.at < 60_000
    events = [each for each in store.audit.events() if each.action == "tampering found"]
    assert [each.object for each in events] == [case.id]
    store.circles.restrict(case.id, "again", "test")
    assert (store.circles.restrictions.undone(), reached(store, supervisor, case)) == ([], False)


def test_one_that_was_deleted_can_be_lifted(store: Store, case: Case, supervisor: Member) -> None:
    store.circles.restrict(case.id, WHY, "test")
    taken(store)
    store.circles.lift(case.id, "over", "test")
    assert reached(store, supervisor, case)
    assert store.circles.restrictions.undone() == []


@pytest.mark.parametrize("deleted", [True, False])
def test_a_register_that_is_deleted_or_put_back_gives_way_to_the_log(
    store: Store, case: Case, supervisor: Member, *, deleted: bool
) -> None:
    other = store.cases.add(CaseDetails("EV-9", "Sky"), case.practitioner_id, "test")
    store.circles.restrict(other.id, WHY, "test")
    (earlier,) = taken(store, REGISTER)
    with store.database.write() as connection:
        connection.execute(insert(circles).values(**earlier))
    store.circles.restrict(case.id, WHY, "test")
    store.circles.lift(other.id, "over", "test")
    taken(store)
    taken(store, REGISTER)
    if not deleted:
        with store.database.write() as connection:
            connection.execute(insert(circles).values(**earlier))
        with pytest.raises(TamperedError, match="put back"):
            store.audit.verify()
    assert store.circles.restricted() == {case.id}
    assert store.circles.restrictions.undone() == [case.id, REGISTER]
    assert not reached(store, supervisor, case)
    store.circles.restrict(case.id, "again", "test")
    assert store.circles.restrictions.undone() == []
    assert store.audit.verify()


def test_a_register_that_was_changed_gives_way_to_the_log(store: Store, case: Case) -> None:
    store.circles.restrict(case.id, WHY, "test")
    taken(store)
    for change in ({"sealed": b"row2"}, {"version": 9}, {"scope": case.id}):
        before = taken(store, REGISTER)
        with store.database.write() as connection:
            connection.execute(insert(circles).values(**before[0]))
            connection.execute(update(circles).where(circles.c.id == REGISTER).values(**change))
        assert store.circles.restricted() == {case.id}
        assert REGISTER in store.circles.restrictions.undone()
        taken(store, REGISTER)
        with store.database.write() as connection:
            connection.execute(insert(circles).values(**before[0]))
    assert store.circles.restrictions.undone() == [case.id]


def test_a_home_from_before_there_was_a_register_gets_one_when_it_is_opened(
    databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty()
    Kept.of("0018").restore(url, tmp_path).close()
    where = (url, tmp_path / "vault", tmp_path / "keys")
    with closing(connect(*where)) as store:
        shut = store.circles.restricted()
        events = store.audit.verify()
        assert (len(shut), store.circles.restrictions.undone()) == (1, [])
        taken(store)
    with closing(connect(*where)) as store:
        assert store.circles.restricted() == shut
        assert store.audit.verify() == events, "once"
        assert store.circles.restrictions.undone() == list(shut)


def test_of_an_erased_case_nothing_is_kept(store: Store, case: Case) -> None:
    store.circles.restrict(case.id, WHY, "test")
    store.erasing.case(case.id, "test")
    assert store.circles.restricted() == frozenset()
    assert store.circles.restrictions.undone() == []


def test_a_register_that_is_deleted_while_its_cases_row_is_there_is_put_right_and_told_each_time(
    store: Store, case: Case
) -> None:
    store.circles.restrict(case.id, WHY, "test")
    with pytest.raises(ConflictError):
        store.circles.restrict(case.id, "again", "test")
    for times in (1, 2):
        taken(store, REGISTER)
        assert store.circles.restrictions.undone() == [REGISTER]
        events = [each for each in store.audit.events() if each.action == "tampering found"]
        assert [each.object for each in events] == [REGISTER] * times
        assert not store.circles.restrictions.stands(case.id)
        store.circles.restrict(case.id, "again", "test")
        assert store.circles.restrictions.stands(case.id)
        assert store.circles.restrictions.undone() == []
    found = store.circles.of(case.id).restriction
    assert found is not None
    assert (found.reason, found.undone) == (WHY, False)
    assert store.audit.verify()
