"""What a crash or a meddler leaves behind is found, and said with what to do."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from recorder.doctor import Finding, examine
from recorder.errors import SandboxFailed
from recorder.home import Home, open_receiving
from recorder.sample import Team
from recorder.sandbox.ladder import Confinement, Level
from store.records import Arrival
from store.tables import TEAM, arrivals


@pytest.fixture
def house(home: Home, team: Team, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one recording; the speech model is not this test's business."""
    monkeypatch.setattr("recorder.doctor.load_engine", lambda _: None)
    monkeypatch.setattr("recorder.doctor.load_voices", lambda _: None)
    arrival = Arrival(TEAM, None, team.practitioner.id, "wav", "audio", "note.wav", 1, "file")
    home.store.recordings.register(home.store.recordings.seal(TEAM, [b"words"]), arrival)
    return home


def found(home: Home, check: str) -> Finding:
    (finding,) = [each for each in examine(home.folder) if each.check == check]
    return finding


def test_a_whole_home_is_well(house: Home) -> None:
    # How far a file can be closed off is up to the machine.
    assert all(each.well or each.check == "sandbox" for each in examine(house.folder))


def test_without_the_weights_of_voices_it_says_what_installs_them(house: Home) -> None:
    finding = found(house, "voices")
    assert finding.well
    assert "tools/setup.sh" in finding.sentence


@pytest.mark.parametrize("level", [Level.LIMITS, Level.NONE])
def test_a_weak_sandbox_is_said_with_what_to_do(
    house: Home, monkeypatch: pytest.MonkeyPatch, level: Level
) -> None:
    monkeypatch.setattr("recorder.doctor.chosen", lambda: Confinement(level))
    finding = found(house, "sandbox")
    assert not finding.well
    assert "install" in finding.sentence or "Linux" in finding.sentence


def test_a_machine_that_starts_no_child_is_said_so(
    house: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Confinement:
        raise SandboxFailed

    monkeypatch.setattr("recorder.doctor.chosen", none)
    assert not found(house, "sandbox").well


def test_a_key_file_that_nobody_names_is_told(house: Home) -> None:
    stray = house.settings.keys / "0123456789abcdef.key"
    stray.write_text("00" * 32)
    finding = found(house, "key files")
    assert not finding.well
    assert stray.name in finding.sentence
    assert "remove it" in finding.sentence
    stray.unlink()
    assert found(house, "key files").well


def test_a_recording_without_its_file_is_an_incident(house: Home) -> None:
    (blob,) = house.store.vault.ids()
    (recording,) = house.store.recordings.all()
    house.store.vault.delete(blob)
    finding = found(house, "sealed files")
    assert not finding.well
    assert "1 sealed files are missing" in finding.sentence
    assert recording.id[:8] in finding.sentence


def test_a_file_of_no_row_is_counted(house: Home) -> None:
    house.store.vault.put("0" * 32, [b"left by a crash"])
    finding = found(house, "sealed files")
    assert finding.well
    assert "1 more belong to no row" in finding.sentence


def test_an_arrival_that_does_not_open_is_an_incident(house: Home) -> None:
    _, receiving = open_receiving(house.folder)
    receiving.leave(receiving.seal([b"waits"]), "e" * 64, b'["file", {}]')
    receiving.close()
    with house.store.database.write() as connection:
        connection.execute(update(arrivals).values(sealed=b"changed"))
    (arrival_id,) = house.store.arrivals.ids()
    finding = found(house, "arrivals")
    assert not finding.well
    assert arrival_id[:8] in finding.sentence
