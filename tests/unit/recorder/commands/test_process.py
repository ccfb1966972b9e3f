"""`recorder process`, as far as it goes without hearing anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from recorder.cli import cli
from recorder.errors import UsageError


def test_a_number_of_speakers_is_refused_where_nothing_can_tell_them_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_SPEAKER_MODEL", "")
    file = tmp_path / "talk.wav"
    file.write_bytes(b"RIFF")
    said = CliRunner().invoke(cli, ["process", str(file), "--speakers", "3"])
    assert isinstance(said.exception, UsageError)
    assert "--speakers needs the models of voices" in said.exception.sentence
