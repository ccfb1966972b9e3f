"""Those who come, hand over and leave, by the commands for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recorder.commands.cases import cases
from recorder.commands.people import people
from recorder.home import Home
from recorder.intake.owner import owner
from store.cases import CaseDetails
from store.people import Member
from store.tables import TEAM
from tests.homes import new_home

Say = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home")
    for handle in ("amara", "ben"):
        made.store.people.add(Member("", "practitioner", handle, handle.title(), None), "test")
    amara = made.store.people.by_handle("amara")
    made.store.cases.add(CaseDetails("EV-1", "Sam"), amara.id, "test")
    yield made
    made.close()


@pytest.fixture
def say(home: Home) -> Say:
    def run(group: object, *words: str) -> Result:
        command = {"people": people, "cases": cases}[str(group)]
        return CliRunner().invoke(command, [*words, "--home", str(home.folder)])

    return run


def test_nobody_leaves_who_still_has_cases(home: Home, say: Say) -> None:
    refused = say("people", "leave", "amara")
    assert refused.exit_code != 0
    assert "recorder cases give" in str(refused.exception)
    assert "EV-1" in str(refused.exception)
    assert home.store.people.by_handle("amara").left_at is None


def test_a_leaver_hands_over_goes_and_may_return(home: Home, say: Say) -> None:
    assert say("cases", "give", "EV-1", "--to", "ben").output == "ben has EV-1 now\n"
    assert (home.settings.intake / "ben" / "EV-1").is_dir()
    assert say("people", "leave", "amara").exit_code == 0
    told = {
        each["handle"]: each["left"] for each in json.loads(say("people", "list", "--json").output)
    }
    assert told["ben"] is None
    assert told["amara"] is not None
    assert owner(home.store, "amara", "EV-1") is None
    assert "they have left" in str(say("people", "link", "amara").exception)
    assert "who is here" in str(say("cases", "give", "EV-1", "--to", "amara").exception)
    assert say("people", "return", "amara").exit_code == 0
    assert say("people", "link", "amara").exit_code == 0
    found = owner(home.store, "amara", None)
    assert found is not None
    assert found.scope == TEAM
