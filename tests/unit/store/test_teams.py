from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from store.cases import Case
from store.circles import Restriction
from store.errors import ConflictError, DuplicateError, NotFoundError, TamperedError
from store.people import Member
from store.store import Store
from store.tables import circles, emergencies, memberships, teams

HOUR = 3_600_000


def events(store: Store, action: str) -> list[str]:
    """Objects of the events with this action."""
    return [each.object for each in store.audit.events() if each.action == action]


def test_people_join_and_leave_teams(
    store: Store, practitioner: Member, supervisor: Member
) -> None:
    assert store.teams.all() == []
    assert not store.teams.any()
    north = store.teams.add("North", [practitioner.id], "test")
    store.teams.join(north.id, supervisor.id, "test")
    store.teams.join(north.id, supervisor.id, "test")
    assert store.teams.named(" nORTH").people == {practitioner.id, supervisor.id}
    store.teams.leave(north.id, practitioner.id, "test")
    (left,) = store.teams.all()
    assert (left.name, left.people) == ("North", frozenset({supervisor.id}))
    assert store.teams.any()
    assert events(store, "joined team") == [practitioner.id, supervisor.id]
    assert events(store, "left team") == [practitioner.id]


def test_what_is_not_there_is_said_to_be_not_there(store: Store, practitioner: Member) -> None:
    north = store.teams.add("North", [], "test")
    with pytest.raises(DuplicateError):
        store.teams.add("north", [], "test")
    refused: list[Callable[[], object]] = [
        lambda: store.teams.named("South"),
        lambda: store.teams.leave(north.id, practitioner.id, "test"),
        lambda: store.teams.join("f" * 32, practitioner.id, "test"),
        lambda: store.teams.remove("f" * 32, "test"),
    ]
    for each in refused:
        with pytest.raises(NotFoundError):
            each()


def test_a_team_goes_once_it_is_empty_or_the_last(
    store: Store, practitioner: Member, case: Case
) -> None:
    north = store.teams.add("North", [practitioner.id], "test")
    south = store.teams.add("South", [], "test")
    store.circles.give(case.id, south.id, "test")
    with pytest.raises(ConflictError):
        store.teams.remove(north.id, "test")
    store.teams.remove(south.id, "test")
    assert store.circles.of(case.id).team_id is None
    store.teams.remove(north.id, "test")
    assert not store.teams.any()


def test_a_case_has_a_circle(store: Store, case: Case, supervisor: Member) -> None:
    north = store.teams.add("North", [], "test")
    south = store.teams.add("South", [], "test")
    for team in (north, south):
        store.circles.give(case.id, team.id, "test")
    store.circles.name(case.id, supervisor.id, "test")
    store.circles.name(case.id, supervisor.id, "test")
    store.circles.restrict(case.id, "a relative works here", "test")
    with pytest.raises(ConflictError):
        store.circles.restrict(case.id, "again", "test")
    found = store.circles.of(case.id)
    assert (found.named, found.team_id) == ((supervisor.id,), south.id)
    assert isinstance(found.restriction, Restriction)
    assert found.restriction.reason == "a relative works here"
    assert store.circles.named_on(supervisor.id) == {case.id}
    assert store.circles.restricted() == {case.id}
    store.circles.lift(case.id, "they left", "test")
    store.circles.unname(case.id, supervisor.id, "test")
    store.circles.give(case.id, None, "test")
    found = store.circles.of(case.id)
    assert (found.named, found.team_id, found.restriction) == ((), None, None)
    refused: list[Callable[[], object]] = [
        lambda: store.circles.lift(case.id, "", "test"),
        lambda: store.circles.unname(case.id, supervisor.id, "test"),
    ]
    for gone in refused:
        with pytest.raises(NotFoundError):
            gone()


def test_why_is_in_the_audit_log_under_the_cases_own_key(store: Store, case: Case) -> None:
    store.circles.restrict(case.id, "a relative works here", "test")
    store.circles.lift(case.id, "they left", "test")
    store.emergencies.open(case.id, "b" * 32, "missing tonight", HOUR)
    said = [
        (each.action, store.audit.open(each), each.scope)
        for each in store.audit.events()
        if each.detail is not None
    ]
    assert said == [
        ("case restricted", b"a relative works here", case.id),
        ("restriction lifted", b"they left", case.id),
        ("case opened in emergency", b"missing tonight", case.id),
    ]


def test_an_emergency_is_ended_and_looked_into_once(
    store: Store, case: Case, supervisor: Member
) -> None:
    opened = store.emergencies.open(case.id, supervisor.id, "missing tonight", HOUR)
    (found,) = store.emergencies.open_to(supervisor.id)
    assert (found.id, found.case_id, found.reason) == (opened, case.id, "missing tonight")
    assert found.ends_at == found.over_at == found.at + HOUR
    store.emergencies.end(opened, supervisor.id)
    assert store.emergencies.open_to(supervisor.id) == []
    assert store.emergencies.unseen()[0].over_at < found.ends_at
    store.emergencies.review(opened, "test")
    assert store.emergencies.unseen() == []
    assert store.emergencies.all()[0].reviewed_by == "test"
    for again in (store.emergencies.end, store.emergencies.review):
        with pytest.raises(ConflictError):
            again(opened, "test")


def test_nothing_of_them_is_left_of_an_erased_case(
    store: Store, case: Case, supervisor: Member
) -> None:
    store.circles.name(case.id, supervisor.id, "test")
    store.circles.restrict(case.id, "a relative works here", "test")
    store.emergencies.open(case.id, supervisor.id, "missing tonight", HOUR)
    store.erasing.case(case.id, "test")
    assert store.circles.named_on(supervisor.id) == store.circles.restricted() == frozenset()
    assert store.emergencies.all() == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (memberships, "person_id"),
        (memberships, "team_id"),
        (teams, "created_at"),
        (circles, "subject_id"),
        (emergencies, "person_id"),
        (emergencies, "ends_at"),
    ],
)
def test_nobody_gives_themselves_sight_in_the_database(
    store: Store, case: Case, practitioner: Member, supervisor: Member, table: Any, column: str
) -> None:
    store.teams.add("North", [practitioner.id], "test")
    south = store.teams.add("South", [], "test")
    store.circles.restrict(case.id, "why", "test")
    store.circles.name(case.id, practitioner.id, "test")
    store.emergencies.open(case.id, practitioner.id, "why", 0)
    planted = {"person_id": supervisor.id, "subject_id": supervisor.id, "team_id": south.id}
    with store.database.write() as connection:
        own = table.c.kind == "named" if table is circles else table.c.id != ""
        connection.execute(update(table).where(own).values({column: planted.get(column, 2**50)}))
    assert all(supervisor.id not in each.people for each in store.teams.all())
    assert store.teams.any()
    assert store.circles.named_on(supervisor.id) == frozenset()
    assert store.emergencies.open_to(supervisor.id) == []
    assert store.emergencies.open_to(practitioner.id) == []
    found = store.circles.reach(supervisor.id, frozenset(), supervises=True)
    assert not found.holds(practitioner.id, case.id)
    if table is circles:
        with pytest.raises(TamperedError):
            store.circles.of(case.id)
