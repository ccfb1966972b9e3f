"""Holding and erasing on a real home, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from recorder.around import SUPERVISION
from recorder.commands.cases import cases
from recorder.commands.erase import erase
from recorder.commands.people import people
from recorder.errors import RecorderError, StateError, UsageError
from recorder.home import Home, open_home
from recorder.intake.receive import watcher
from recorder.sample import Team
from recorder.supervising import file_away
from store.erasing import CASE
from store.ledger import Backup
from store.notes import Note
from store.session import now_ms

DAY = 86_400_000
Say = Callable[..., str]


@pytest.fixture
def house(home: Home, brief: Path) -> Path:
    """A home with one recording of the sample's case; its source is gone."""
    folder = watcher(home)
    for _ in range(4):
        folder.look()
    assert not brief.exists()
    home.close()
    return home.folder


@pytest.fixture
def say(house: Path) -> Say:
    """Runs a command and gives back what it printed; an error of ours is raised."""

    def call(group: click.Group, command: str, *arguments: str, typed: str = "") -> str:
        argv = [command, "--home", str(house), *arguments]
        result = CliRunner().invoke(group, argv, input=typed)
        if isinstance(result.exception, RecorderError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


@pytest.fixture
def recording(house: Path) -> str:
    """The id of the one recording."""
    found = open_home(house)
    (one,) = found.store.recordings.all()
    found.close()
    return one.id


def test_a_held_case_says_so_and_is_not_erased(say: Say, recording: str, house: Path) -> None:
    held = say(cases, "hold", "EV-1001", typed="the inquiry\nwants it\n").split()[-1]
    again = say(cases, "hold", "EV-1001", typed="a claim").split()[-1]
    assert f"held {held} since" in say(cases, "list")
    (listed,) = json.loads(say(cases, "list", "--json"))
    assert [hold["id"][:8] for hold in listed["holds"]] == [held, again]
    for command, what in (("case", "EV-1001"), ("recording", recording[:8])):
        with pytest.raises(StateError, match="under a legal hold"):
            say(erase, command, what, "--yes")
    with pytest.raises(UsageError, match="more than once"):
        say(cases, "release", "EV-1001", typed="over")
    assert "1 other holds" in say(cases, "release", "EV-1001", "--hold", held, typed="over")
    assert "0 other holds" in say(cases, "release", "EV-1001", typed="withdrawn")
    with pytest.raises(UsageError, match="no such hold"):
        say(cases, "release", "EV-1001", typed="over")
    assert "held" not in say(cases, "list")
    found = open_home(house)
    assert b"inquiry" not in (house / "recorder.db").read_bytes()
    found.close()


@pytest.mark.parametrize("reason", ["", " \n", "x" * 5000], ids=["none", "blank", "endless"])
def test_a_hold_needs_a_reason(say: Say, reason: str) -> None:
    with pytest.raises(UsageError, match="a reason is needed"):
        say(cases, "hold", "EV-1001", typed=reason)


def test_an_erased_case_leaves_a_certificate_and_says_there_is_no_backup(
    say: Say, house: Path
) -> None:
    printed = say(erase, "case", "ev-1001", "--yes")
    found = open_home(house)
    (done,) = (each for each in found.store.erasing.all() if each.kind == "case")
    assert f"erased: case {done.object}" in printed
    assert f"certificate {done.id}" in printed
    assert "No backup that Recorder made holds it" in printed
    assert found.store.recordings.all() == []
    assert found.store.audit.verify() > 0
    found.close()
    assert f"certificate {done.id}" in say(erase, "case", "EV-1001", "--yes")


def test_an_erased_recording_is_gone_and_its_case_is_not(
    say: Say, recording: str, house: Path
) -> None:
    printed = say(erase, "recording", recording[:8], "--yes")
    assert f"erased: recording {recording}" in printed
    assert "stay in their notes" in printed
    assert say(erase, "recording", recording, "--yes") == printed
    assert "EV-1001" in say(cases, "list")
    found = open_home(house)
    assert list(found.store.vault.ids()) == []
    found.close()


def test_what_is_not_there_cannot_be_erased(say: Say) -> None:
    with pytest.raises(UsageError, match="no case with that reference"):
        say(erase, "case", "EV-9", "--yes")
    for start in ("zz", ""):
        with pytest.raises(UsageError, match="no one recording"):
            say(erase, "recording", start, "--yes")


def test_nothing_is_erased_without_a_yes(say: Say, house: Path) -> None:
    result = CliRunner().invoke(erase, ["case", "--home", str(house), "EV-1001"], input="n\n")
    assert result.exit_code == 1
    assert "EV-1001" in say(cases, "list")


@pytest.mark.parametrize("command", ["case", "recording"])
def test_a_source_that_still_lies_in_the_folder_is_removed_first(
    home: Home, team: Team, brief: Path, command: str
) -> None:
    keeping = msgspec.structs.replace(home.settings, after_intake="keep")
    folder = watcher(Home(home.folder, keeping, home.store))
    for _ in range(4):
        folder.look()
    (one,) = home.store.recordings.all()
    argv = [command, "--home", str(home.folder), "--yes"]
    argv.append(team.case.details.ref if command == "case" else one.id)
    result = CliRunner().invoke(erase, argv)
    assert isinstance(result.exception, StateError)
    assert "1 of its files still lie in the intake folder" in result.exception.sentence
    assert len(home.store.recordings.all()) == 1
    brief.unlink()
    assert CliRunner().invoke(erase, argv).exit_code == 0
    folder.look()
    assert home.store.recordings.all() == []


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ([30, 40], "2 backups made before can still be opened. The last of them expires on"),
        ([40, None], "2 backups made before can still be opened, and 1 of them without an end"),
        ([-3], "1 backup made before should have been removed by"),
    ],
    ids=["until", "for ever", "overdue"],
)
def test_erasing_says_until_when_backups_hold_it(
    say: Say, house: Path, ends: list[int | None], words: str
) -> None:
    found = open_home(house)
    now = now_ms()
    for number, days in enumerate(ends):
        until = None if days is None else now + days * DAY
        found.store.ledger.begin(Backup(f"set {number}", now, None, until, "/mnt/backup"))
    since = found.store.erasing.since(CASE, found.store.cases.by_ref("EV-1001").id)
    found.store.ledger.begin(Backup("older", since - 2, since - 1, now + 99 * DAY, "/mnt/backup"))
    found.close()
    assert words in say(erase, "case", "EV-1001", "--yes")


def test_a_workers_own_record_is_erased_and_their_case_is_not(say: Say, house: Path) -> None:
    with pytest.raises(UsageError, match="no record of their own"):
        say(erase, "record", "amara", "--yes")
    found = open_home(house)
    found.store.own_records.of(found.store.people.by_handle("amara").id)
    found.close()
    said = say(erase, "record", "amara", "--yes")
    assert "erased: own record" in said
    assert "certificate" in said
    assert "EV-1001" in say(cases, "list")


def test_a_workers_own_record_is_held_and_released(say: Say, house: Path) -> None:
    held = say(people, "hold", "amara", typed="a complaint").split()[-1]
    assert f"own record held {held} since" in say(people, "list")
    amara = next(e for e in json.loads(say(people, "list", "--json")) if e["handle"] == "amara")
    assert [each["id"][:8] for each in amara["holds"]] == [held]
    with pytest.raises(StateError, match="recorder people list"):
        say(erase, "record", "amara", "--yes")
    with pytest.raises(UsageError, match="no such hold"):
        say(cases, "release", "EV-1001", typed="over")
    assert "0 other holds" in say(people, "release", "amara", typed="withdrawn")
    assert "held" not in say(people, "list")
    say(erase, "record", "amara", "--yes")
    for handle, why in (("amara", "was erased"), ("jordan", "only staff")):
        with pytest.raises(UsageError, match=why):
            say(people, "hold", handle, typed="late")
    assert b"complaint" not in (house / "recorder.db").read_bytes()


def test_a_released_hold_says_that_what_was_taken_from_under_it_is_held_still(
    say: Say, house: Path, recording: str
) -> None:
    held = say(cases, "hold", "EV-1001", typed="an inquiry").split()[-1]
    found = open_home(house)
    store, one = found.store, found.store.recordings.get(recording)
    new = Note("", one.scope, one.case_id, one.practitioner_id, SUPERVISION, "draft", 0, 1, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
    file_away(store, note_id)
    found.close()
    assert "own record held" in say(people, "list")
    printed = say(cases, "release", "EV-1001", "--hold", held, typed="over")
    assert "held still, in 1 other places" in printed
    with pytest.raises(StateError, match="under a legal hold"):
        say(erase, "record", "amara", "--yes")
