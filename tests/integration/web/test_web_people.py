"""People and teams, on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]


@pytest.fixture
def ben(store: Store) -> Member:
    return store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")


def test_without_teams_a_supervisor_is_told_that_there_are_none(
    ruth: TestClient, ben: Member
) -> None:
    page = ruth.get("/people").text
    assert "There are no teams" in page
    assert f'href="/cases?by={ben.id}"' in page
    assert 'href="/people"' in ruth.get("/team").text


def test_an_administrator_makes_teams_and_puts_anybody_in(
    ada: TestClient, ben: Member, practitioner: Member, form: Form, store: Store
) -> None:
    assert ada.get("/").headers["location"] == "/people"
    for name in ("North", "South"):
        assert ada.post("/people/teams", data=form(ada, **{"text-name": name})).status_code == 303
    assert store.teams.named("North").people >= {ben.id, practitioner.id}
    south = store.teams.named("South").id
    assert ada.post("/people/join", data=form(ada, team=south, person=ben.id)).status_code == 303
    assert store.teams.named("South").people == {ben.id}
    full = ada.post("/people/teams/remove", data=form(ada, team=south, sure="yes"))
    assert "there are people in this team" in full.text.lower()
    taken = form(ada, team=south, person=ben.id)
    assert "Take somebody out" in ada.post("/people/leave", data=taken).text
    assert store.teams.named("South").people == {ben.id}
    assert ada.post("/people/leave", data=taken | {"sure": "yes"}).status_code == 303
    assert store.teams.named("South").people == frozenset()
    gone = form(ada, team=south)
    assert "Remove this team?" in ada.post("/people/teams/remove", data=gone).text
    assert ada.post("/people/teams/remove", data=gone | {"sure": "yes"}).status_code == 303
    assert [each.name for each in store.teams.all()] == ["North"]
    assert ada.post("/people/join", data=form(ada, team=south, person=ben.id)).status_code == 422


def test_a_supervisor_puts_into_their_own_teams_who_is_in_no_other(
    ruth: TestClient,
    ben: Member,
    practitioner: Member,
    supervisor: Member,
    form: Form,
    store: Store,
) -> None:
    north = store.teams.add("North", [supervisor.id, practitioner.id], "test").id
    south = store.teams.add("South", [ben.id], "test").id
    page = ruth.get("/people").text
    assert ("North" in page, "South" in page, "Ben Okoro" in page) == (True, False, False)
    for team, person in ((north, ben.id), (south, practitioner.id), (north, "x"), (north, "")):
        assert (
            ruth.post("/people/join", data=form(ruth, team=team, person=person)).status_code == 422
        )
    sent = form(ruth, team=south, person=ben.id, sure="yes")
    assert ruth.post("/people/leave", data=sent).status_code == 422
    store.teams.leave(south, ben.id, "test")
    assert "Ben Okoro" in ruth.get("/people").text
    assert ruth.post("/people/join", data=form(ruth, team=north, person=ben.id)).status_code == 303
    assert ben.id in store.teams.named("North").people
    alone = ruth.post("/people/leave", data=form(ruth, team=north, person=supervisor.id)).text
    assert ("No supervisor is left" in alone, "has to put you back" in alone) == (True, True)
    assert supervisor.id in store.teams.named("North").people


def test_data_protection_sees_who_is_in_which_team_and_changes_nothing(
    kit: TestClient, ben: Member, form: Form, store: Store
) -> None:
    team = store.teams.add("South", [ben.id], "test").id
    page = kit.get("/people").text
    assert ("Ben Okoro" in page, "South" in page) == (True, True)
    assert ("<select" in page, "/people/leave" in page) == (False, False)
    sent = form(kit, team=team, person=ben.id, sure="yes")
    assert kit.post("/people/leave", data=sent).status_code == 404
    assert store.teams.named("South").people == {ben.id}


def test_no_young_person_is_among_them(
    ada: TestClient, kit: TestClient, ruth: TestClient, jordan: TestClient, young_person: Member
) -> None:
    for each in (ada, kit, ruth):
        assert young_person.name not in each.get("/people").text
    assert jordan.get("/people").status_code == 404
