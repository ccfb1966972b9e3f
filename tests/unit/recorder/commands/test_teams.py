"""Teams, and who sees a case, by the commands for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete

from recorder.commands.cases import cases
from recorder.commands.people import people
from recorder.commands.teams import teams
from recorder.doctor import _restricted
from recorder.errors import RecorderError
from recorder.home import Home
from recorder.review.sight import Sight
from recorder.status import status_of
from store.cases import CaseDetails
from store.people import Member
from store.tables import circles
from tests.homes import new_home

Say = Callable[..., Result]
HOUR = 3_600_000
_GROUPS = {"people": people, "cases": cases, "teams": teams}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home")
    roles = {"amara": "practitioner", "ruth": "supervisor", "omar": "supervisor"}
    for handle, role in roles.items():
        made.store.people.add(Member("", role, handle, handle.title(), None), "test")
    amara = made.store.people.by_handle("amara")
    made.store.cases.add(CaseDetails("EV-1", "Sam"), amara.id, "test")
    yield made
    made.close()


@pytest.fixture
def say(home: Home) -> Say:
    def run(group: str, *words: str, reason: str = "") -> Result:
        arguments = [*words, "--home", str(home.folder)]
        return CliRunner().invoke(_GROUPS[group], arguments, input=reason)

    return run


def sees(home: Home, handle: str) -> bool:
    case = home.store.cases.by_ref("EV-1")
    return Sight(home.store, home.store.people.by_handle(handle)).sees(case.id)


def test_the_first_team_begins_with_everybody_and_the_next_with_nobody(
    home: Home, say: Say
) -> None:
    assert "everybody is in one" in say("teams", "list").output
    assert say("teams", "add", "North").output == "added North, with everybody in it: 3\n"
    assert say("teams", "add", "South").output == "added South\n"
    assert sees(home, "omar")
    assert say("teams", "join", "South", "omar").exit_code == 0
    assert say("teams", "leave", "North", "omar").exit_code == 0
    assert not sees(home, "omar")
    assert say("teams", "give", "EV-1", "--to", "South").exit_code == 0
    assert (sees(home, "omar"), sees(home, "ruth"), sees(home, "amara")) == (True, False, True)
    assert say("teams", "give", "EV-1").exit_code == 0
    assert (sees(home, "omar"), sees(home, "ruth")) == (False, True)
    assert "amara, ruth" in say("teams", "list").output


def test_who_is_new_joins_the_only_team_or_the_one_that_is_named(home: Home, say: Say) -> None:
    new = ("--name", "Ben Okoro", "--role", "practitioner")
    say("teams", "add", "North")
    assert say("people", "add", "ben", *new).exit_code == 0
    assert home.store.people.by_handle("ben").id in home.store.teams.named("North").people
    say("teams", "add", "South")
    assert "several teams" in str(say("people", "add", "cay", *new).exception)
    assert say("people", "add", "cay", *new, "--team", "south").exit_code == 0
    assert home.store.people.by_handle("cay").id in home.store.teams.named("South").people
    assert say("people", "add", "kit", "--name", "Kit", "--role", "administrator").exit_code == 0


def test_a_case_is_restricted_for_named_people_a_supervisor_among_them(
    home: Home, say: Say
) -> None:
    shut = ("cases", "restrict", "EV-1")
    assert "name a supervisor" in str(say(*shut, reason="a relative works here").exception)
    assert "say why" in str(say(*shut, "--for", "ruth", reason=" ").exception)
    assert say(*shut, "--for", "ruth", reason="a relative works here").exit_code == 0
    assert (sees(home, "ruth"), sees(home, "omar"), sees(home, "amara")) == (True, False, True)
    assert "already" in str(say(*shut, "--for", "ruth", reason="again").exception)
    assert "name a supervisor" in str(say("cases", "unname", "EV-1", "ruth").exception)
    assert say("cases", "name", "EV-1", "omar").exit_code == 0
    assert say("cases", "unname", "EV-1", "ruth").exit_code == 0
    assert (sees(home, "ruth"), sees(home, "omar")) == (False, True)
    assert say("cases", "lift", "EV-1", reason="they left").exit_code == 0
    assert sees(home, "ruth")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("teams", "add", " "), "a team has a name"),
        (("teams", "remove", "West"), "no such team"),
        (("teams", "join", "North", "kit"), "practitioners and supervisors"),
        (("teams", "leave", "South", "ruth"), "not in that team"),
        (("teams", "add", "north"), "of that name already"),
        (("teams", "remove", "North"), "people in this team"),
        (("cases", "name", "EV-1", "kit"), "practitioners and supervisors"),
        (("cases", "unname", "EV-1", "omar"), "not named"),
        (("cases", "lift", "EV-1"), "not restricted"),
        (("people", "add", "x", "--name", "X", "--role", "supervisor", "--team", "W"), "no such"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    home: Home, say: Say, words: tuple[str, ...], why: str
) -> None:
    home.store.people.add(Member("", "administrator", "kit", "Kit", None), "test")
    for name in ("North", "South"):
        assert say("teams", "add", name).exit_code == 0
    before = [(each.name, each.people) for each in home.store.teams.all()]
    refused = say(*words, reason="because")
    assert isinstance(refused.exception, RecorderError)
    assert why in refused.exception.sentence
    assert [(each.name, each.people) for each in home.store.teams.all()] == before


def test_who_opened_a_case_in_an_emergency_is_listed_until_somebody_has_looked_into_it(
    home: Home, say: Say
) -> None:
    def listed() -> list[dict[str, object]]:
        return list(json.loads(say("cases", "emergencies", "--json").output))

    def told() -> list[tuple[str, str]]:
        found = status_of(home).attention
        return [(each.what, each.sentence) for each in found if each.reason == "CaseOpened"]

    case, omar = home.store.cases.by_ref("EV-1"), home.store.people.by_handle("omar")
    assert (listed(), told()) == ([], [])
    names = [home.store.emergencies.open(case.id, omar.id, why, HOUR) for why in ("one", "two")]
    assert [row["id"] for row in listed()] == names[::-1]
    row = listed()[1]
    assert (row["case"], row["who"], row["reason"]) == ("EV-1", "Omar", "one")
    until, at = (datetime.fromisoformat(str(row[each])) for each in ("until", "at"))
    assert (until - at, row["looked_into"]) == (timedelta(hours=1), False)
    plain = say("cases", "emergencies").output
    assert "Omar, NOT looked into: one" in plain
    assert "Sam" not in plain
    assert {what for what, _ in told()} == {f"emergency {each[:8]}" for each in names}
    assert all("recorder cases emergencies" in sentence for _, sentence in told())
    assert "that is no one emergency" in str(say("cases", "looked-into", "").exception)
    assert "that is no one emergency" in str(say("cases", "looked-into", "nothing").exception)
    seen = say("cases", "looked-into", names[0][:8])
    assert seen.output == f"looked into: {names[0][:8]}\n"
    assert "that is no one emergency" in str(say("cases", "looked-into", names[0]).exception)
    assert [row["looked_into"] for row in listed()] == [False, True]
    assert "Omar, looked into: one" in say("cases", "emergencies").output
    assert [what for what, _ in told()] == [f"emergency {names[1][:8]}"]


def test_a_restriction_taken_away_in_the_database_is_told_of_until_it_is_set_again(
    home: Home, say: Say
) -> None:
    def told() -> list[str]:
        return [i.what for i in status_of(home).attention if i.reason == "RestrictionUndone"]

    assert say("cases", "restrict", "EV-1", "--for", "ruth", reason="why").exit_code == 0
    case_id = home.store.cases.by_ref("EV-1").id
    assert (told(), _restricted(home)) == ([], "1, as they were set")
    with home.store.database.write() as connection:
        connection.execute(delete(circles).where(circles.c.kind == "restricted"))
    assert (told(), sees(home, "omar"), sees(home, "ruth")) == (
        [f"case {case_id[:8]}"],
        False,
        True,
    )
    with pytest.raises(RecorderError, match=f"case {case_id[:8]}"):
        _restricted(home)
    assert say("cases", "restrict", "EV-1", "--for", "ruth", reason="why").exit_code == 0
    assert (told(), sees(home, "omar")) == ([], False)
    assert _restricted(home) == "1, as they were set"


def test_the_last_team_goes_with_everybody_in_it(home: Home, say: Say) -> None:
    say("teams", "add", "North")
    assert "everybody's work" in say("teams", "remove", "North").output
    assert home.store.teams.all() == []
    assert sees(home, "omar")


def test_a_call_that_nobody_has_seen_to_is_told_of_and_names_nobody(home: Home) -> None:
    case = home.store.cases.by_ref("EV-1")
    who = home.store.people.add(Member("", "young_person", "jo", "Jordan", case.id), "test")

    def told() -> list[str]:
        found = status_of(home).attention
        return [i.what + i.sentence for i in found if i.reason == "CallUnseen"]

    assert told() == []
    made = home.store.young.calls.make(who.id, case.id, "unsafe", "He is outside.")
    (sentence,) = told()
    assert sentence.startswith(f"call {made[:8]}")
    assert "Jordan" not in sentence
    home.store.young.calls.see(made, who.id)
    assert told() == []
