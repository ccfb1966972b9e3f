from __future__ import annotations

from pathlib import Path

import pytest

from recorder import voicemodels
from recorder.config import Settings
from recorder.errors import ModelError
from recorder.models import packaged
from recorder.voicemodels import load_voices
from transcribe.voices import TURNS, VOICE


def test_without_the_package_nothing_tells_voices_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voicemodels, "find_spec", lambda _: None)
    assert load_voices(Settings(models=tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert load_voices(Settings(models=tmp_path, speaker_model="")) is None


def test_a_folder_without_models_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_voices(Settings(models=tmp_path, speaker_model=str(tmp_path)))


def test_a_package_of_that_name_with_other_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = voicemodels._WANTED
    carrier = tmp_path / "site" / "carrier_of_voices"
    for ((package, file),) in wanted.files.values():
        if package != "transcribe":
            (carrier / file).parent.mkdir(parents=True)
            (carrier / file).write_bytes(b"other weights")
    (carrier / "__init__.py").write_text("raise RuntimeError('this code is not to be run')")
    monkeypatch.syspath_prepend(tmp_path / "site")
    files = {
        name: tuple(
            (package if package == "transcribe" else "carrier_of_voices", file)
            for package, file in pieces
        )
        for name, pieces in wanted.files.items()
    }
    graphs = {name: files[name] for name in (TURNS, VOICE)}
    sums = {name: wanted.sums[name] for name in graphs}
    whole = type(wanted)(files=graphs, sums=sums, weights=VOICE)
    made = packaged("graphs", whole, tmp_path / "cache")  # our own graphs are the pinned ones
    assert made.sha256 == wanted.sums[VOICE]
    with pytest.raises(ModelError):
        packaged("all", type(wanted)(files=files, sums=wanted.sums), tmp_path / "cache")
