"""Spoken openings, made by a synthetic voice and heard by the real Whisper."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.intake.adopter import Adopter
from recorder.opening import due, hear_or_wait
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.sample import Team
from recorder.status import status_of
from recorder.suggest import Suggesting
from store.cases import CaseDetails
from transcribe.engine import Engine

TAIL = "We met at the library at four, and he told me that college is going well."


def say(words: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    command = ["espeak-ng", "-v", "en-gb", "-s", "150", "-w", str(target), f"{words} {TAIL}"]
    subprocess.run(command, check=True)


@pytest.fixture
def caseload(home: Home, team: Team) -> None:
    for ref, name in (("EV-2", "Priya"), ("EV-3", "Kai Morris"), ("EV-4", "Kai Lewis")):
        home.store.cases.add(CaseDetails(ref, name), team.practitioner.id, "test")


@pytest.mark.usefixtures("caseload")
def test_what_is_dropped_in_ones_own_folder_is_suggested_to_its_case_and_confirmed(
    home: Home, team: Team, settle: Callable[[], None]
) -> None:
    openings = {
        "Case note for Jordan, it's Tuesday.": {"EV-1001"},
        "Amara here, this is a note for Priya.": {"EV-2"},
        "Case note for Kai.": {"EV-3", "EV-4"},
        "This is not a note for Priya.": set(),
    }
    for number, words in enumerate(openings):
        say(words, home.settings.intake / team.practitioner.handle / f"{number}.wav")
    settle()
    notes = home.store.notes.all()
    assert len(notes) == len(openings)
    assert {note.case_id for note in notes} == {None}
    desk = Desk(home.store, team.practitioner)
    found = desk.contacts.suggestions(notes)
    made = {
        recording.id: home.store.recordings.details(recording.id).name
        for recording in home.store.recordings.all()
    }
    refs = {
        made[home.store.recordings.of_note(note.id)[0].id]: {
            case.details.ref for case in (found[note.id].cases if note.id in found else ())
        }
        for note in notes
    }
    assert refs == {f"{number}.wav": wanted for number, wanted in enumerate(openings.values())}
    assert status_of(home).suggested == 3
    (alone,) = [each for each in notes if each.id in found and len(found[each.id].cases) == 1][:1]
    desk.assign(alone.id, alone.number, found[alone.id].cases[0].id)
    assert home.store.notes.get(alone.id).case_id == found[alone.id].cases[0].id
    assert status_of(home).suggested == 2


@pytest.mark.usefixtures("caseload")
def test_whose_a_file_is_that_lies_in_nobodys_folder_is_suggested_by_how_it_begins(
    home: Home, team: Team, settle: Callable[[], None], engine: Engine
) -> None:
    say("Amara here, case note for Priya.", home.settings.intake / "visit.wav")
    settle()
    Adopter(home).look()
    (item,) = due(home)
    assert hear_or_wait(Work(home, lambda: engine), item.id) == "done"
    opening = home.store.openings.of(item.id)
    assert opening is not None
    (claim,) = Suggesting(home.store).claims(opening.words)
    assert claim.maker == team.practitioner
    assert [case.details.ref for case in claim.cases] == ["EV-2"]
    assert home.store.recordings.all() == []
