from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from recorder.commands.retention import retention
from recorder.errors import StateError
from recorder.home import Home
from tests.invoked import good
from tests.unit.recorder.retention.conftest import Make


def _said(*argv: str, home: Home) -> str:
    return good(CliRunner().invoke(retention, [*argv, "--home", str(home.folder)]))


def test_the_preview_says_what_goes_and_what_stays_and_why(home: Home, make: Make) -> None:
    going, held = make(), make("held")
    said = _said("preview", home=home)
    assert "Retention is off: nothing is erased" in said
    assert "sound: recordings of sound and film: 30 days after" in said
    assert "pictures: photographs and scanned pages: never by itself" in said
    assert f"sound, sound {going.id[:8]}" in said
    assert f"stays, sound, sound {held.id[:8]}" in said
    assert "a legal hold is in force" in said
    found = json.loads(_said("preview", "--json", home=home))
    assert {each["rule"] for each in found["things"]} == {"sound", "drafts"}
    assert found["on"] is False


def test_a_run_is_refused_while_it_is_off_and_tells_first(
    home: Home, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make()
    refused = CliRunner().invoke(retention, ["run", "--home", str(home.folder)])
    assert isinstance(refused.exception, StateError)
    monkeypatch.setenv("RECORDER_RETENTION", "true")
    assert "0 erased, 2 told of and to go later" in _said("run", home=home)
    _said("certificates", "--to", str(tmp_path / "c.json"), home=home)
    assert json.loads((tmp_path / "c.json").read_text())["certificates"] == []


def test_a_number_of_days_that_cannot_be_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_KEEP_SOUND_DAYS", "-1")
    refused = CliRunner().invoke(retention, ["preview", "--home", str(home.folder)])
    assert "keep_sound_days" in str(refused.exception)
