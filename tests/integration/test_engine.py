"""The real speech model on the sample: what is heard, when, and what is never heard."""

from __future__ import annotations

import re
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from recorder import models
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from transcribe.clips import RATE, Cutting, windows
from transcribe.engine import Engine, FasterWhisper, Options
from transcribe.model import Part, Transcript

NAMES = "Amara Cole, Jordan, Tyrell"
BLOCK = 64_000  # bytes


@pytest.fixture(scope="module")
def sample() -> bytes:
    """The sample voice note as 16 kHz mono s16le."""
    file = resources.files("recorder.sample") / "voice-note.ogg"
    return b"".join(pcm(BytesReadable(file.read_bytes()), TYPES["ogg"]))


@pytest.fixture(scope="module")
def heard(engine: Engine, sample: bytes) -> Transcript:
    return engine.hear(blocks(sample, BLOCK), language="en", hotwords=NAMES)


def blocks(pcm: bytes, size: int) -> Iterator[bytes]:
    return (pcm[at : at + size] for at in range(0, len(pcm), size))


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w' ]", " ", text.lower()).split()


def words(transcript: Transcript) -> list[str]:
    return plain(" ".join(segment.text for segment in transcript.segments))


def seconds(count: float) -> bytes:
    return bytes(int(count * RATE) * 2)


def test_the_weights_are_joined_from_their_packages(tmp_path: Path) -> None:
    found = models.folder("base", tmp_path / "cache")
    assert found.sha256 == "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
    assert (found.path / "model.bin").stat().st_size == 145_217_607


def test_what_matters_in_the_sample_is_heard(heard: Transcript) -> None:
    text = " ".join(words(heard))
    for phrase in (
        "amara cole",
        "youth hub in battersea",
        "seen alone",
        "safety plan",
        "tyrell",
        "no sorry tuesday",
        "not hurt",
        "i just want to walk home without looking behind me",
        "i think he is more frightened than he is letting on",
        "ring his tutor",
        "of november",
    ):
        assert phrase in text


def test_few_words_of_the_script_are_missed(heard: Transcript) -> None:
    script = (resources.files("recorder.sample") / "voice-note.txt").read_text(encoding="utf-8")
    alike = SequenceMatcher(None, plain(script), words(heard), autojunk=False).ratio()
    assert alike > 0.92


def test_times_run_forward_within_the_recording(heard: Transcript, sample: bytes) -> None:
    assert heard.duration_ms == len(sample) // 2 * 1000 // RATE
    times = [
        at
        for segment in heard.segments
        for word in segment.words
        for at in (word.start_ms, word.end_ms)
    ]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= heard.duration_ms


def test_a_segment_has_its_words_times_and_text(heard: Transcript) -> None:
    assert heard.segments
    for segment in heard.segments:
        assert segment.words
        assert segment.start_ms == segment.words[0].start_ms
        assert segment.end_ms == segment.words[-1].end_ms
        assert segment.text == " ".join(word.text for word in segment.words)


def test_probabilities_are_probabilities_and_clear_speech_is_not_doubted(heard: Transcript) -> None:
    for segment in heard.segments:
        assert segment.probability is not None
        assert 0.5 < segment.probability <= 1
        assert all(0 <= word.probability <= 1 for word in segment.words)


def test_the_transcript_says_how_it_was_made(heard: Transcript) -> None:
    assert (heard.model, heard.language) == ("base", "en")
    assert heard.model_sha256 == models.PACKAGED["base"].sums["model.bin"]
    assert heard.parameters["hotwords"] == NAMES
    assert heard.parameters["temperature"] == 0.0
    assert heard.parameters["threads"] == 2
    assert {
        "faster_whisper",
        "ctranslate2",
        "max_compression",
        "beam_size",
    } <= heard.parameters.keys()


def test_the_same_samples_give_the_same_transcript(
    engine: Engine, heard: Transcript, sample: bytes
) -> None:
    again = engine.hear(blocks(sample, 7777), language="en", hotwords=NAMES)
    assert again == heard


_HEARD_ELSEWHERE = """
import sys, wave
from datetime import datetime
from pathlib import Path
from recorder.codec import encode
from templates import note_type
from transcribe.draft import draft, from_transcript
from transcribe.engine import FasterWhisper, Options
folder, sound, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
by_one = Options(batch_size=1)
engine = FasterWhisper(folder, name="base", sha256="0" * 64, threads=threads, options=by_one)
heard = engine.hear([sound.read_bytes()], language="en", hotwords="Amara Cole, Jordan, Tyrell")
assert heard.parameters.pop("threads") == threads
spoken = from_transcript("r", heard, None)
made = draft(spoken, note_type("case_note"), (), datetime(2025, 11, 6, 9, 30))
sys.stdout.buffer.write(encode(heard) + encode(made))
"""


def test_the_same_bytes_in_another_process_and_with_another_number_of_threads(
    tmp_path: Path, sample: bytes
) -> None:
    """Two threads are two listeners with one thread each: how sums are added up stays the same."""
    folder, sound = models.folder("base", tmp_path).path, tmp_path / "sound.raw"
    sound.write_bytes(sample[: 2 * 40 * RATE])
    made = [
        subprocess.run(
            [sys.executable, "-c", _HEARD_ELSEWHERE, str(folder), str(sound), threads],
            check=True,
            capture_output=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert len(made[0]) > 1000
    assert made[0] == made[1]


def test_parts_end_at_the_recordings_end(engine: Engine) -> None:
    told: list[Part] = []
    engine.hear([seconds(300)], language="en", hotwords=None, keep=told.append)
    ends = [part.end for part in told]
    assert ends == sorted(ends)
    assert len(ends) > 1
    assert ends[-1] == 300 * RATE


def test_a_hearing_that_was_cut_off_goes_on_to_the_same_words(
    in_small_windows: Engine, sample: bytes
) -> None:
    parts: list[Part] = []
    whole = in_small_windows.hear([sample], language="en", hotwords=NAMES, keep=parts.append)
    assert len(parts) > 2
    for done in (1, len(parts) - 1, len(parts)):
        more: list[Part] = []
        resumed = in_small_windows.hear(
            blocks(sample, 7777),
            language="en",
            hotwords=NAMES,
            parts=parts[:done],
            keep=more.append,
        )
        assert resumed == whole
        # When all of it was heard, what is left to hear is the end, and it is empty.
        assert more == (parts[done:] or [Part(parts[-1].end, ())])


def noise(level: float) -> bytes:
    made = np.random.default_rng(7).normal(0, level, 30 * RATE)
    return np.clip(made, -32768, 32767).astype("<i2").tobytes()


def hum() -> bytes:
    turns = np.arange(30 * RATE) / RATE * 2 * np.pi
    made: np.ndarray = 3000 * np.sin(50 * turns) + 1000 * np.sin(100 * turns)
    return made.astype("<i2").tobytes()


@pytest.mark.parametrize(
    "sound",
    [b"", seconds(0.01), seconds(60), noise(30), noise(3000), hum()],
    ids=["nothing", "a blink", "silence", "hiss", "loud noise", "mains hum"],
)
@pytest.mark.parametrize("hotwords", [None, NAMES])
def test_where_nobody_speaks_nothing_is_heard(
    engine: Engine, sound: bytes, hotwords: str | None
) -> None:
    heard = engine.hear([sound], language="en", hotwords=hotwords)
    assert heard.segments == ()
    assert heard.duration_ms == len(sound) // 2 * 1000 // RATE


SMALL = Options(cutting=Cutting(window=20.0))


@pytest.fixture(scope="module")
def in_small_windows(tmp_path_factory: pytest.TempPathFactory) -> FasterWhisper:
    """An engine that must cut the sample in several windows."""
    found = models.folder("base", tmp_path_factory.mktemp("models"))
    return FasterWhisper(found.path, name=found.name, sha256=found.sha256, threads=2, options=SMALL)


def edges(engine: FasterWhisper, sound: list[bytes]) -> list[int]:
    """Where one clip ends and the next begins, in ms."""
    found = windows(sound, engine._spoken, SMALL.cutting)
    ends = [one.start + clip[-1][1] for one in found for clip in one.clips]
    return [end * 1000 // RATE for end in ends[:-1]]


def test_no_word_is_lost_or_doubled_where_clips_meet(
    in_small_windows: FasterWhisper, sample: bytes, heard: Transcript
) -> None:
    sound = [sample, seconds(3), sample]
    twice = in_small_windows.hear(sound, language="en", hotwords=NAMES)
    starts = [
        word.start_ms for one in twice.segments for word in one.words for _ in plain(word.text)
    ]
    once, both = words(heard), words(twice)
    assert len(starts) == len(both)
    meet = [bisect_left(starts, edge) for edge in edges(in_small_windows, sound)]
    assert len(meet) > 3
    # A hard word may be guessed otherwise among other words ("unquote" or a quotation mark), but
    # where clips meet there are as many words as there, and nowhere is a stretch gone or said twice.
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, once * 2, both, autojunk=False).get_opcodes():
        grown = (j2 - j1) - (i2 - i1)
        at_an_edge = any(j1 - 1 <= edge <= j2 + 1 for edge in meet)
        assert tag == "equal" or grown == 0 or (abs(grown) == 1 and not at_an_edge)


def test_times_run_forward_through_all_windows(
    in_small_windows: FasterWhisper, sample: bytes
) -> None:
    sound = [seconds(2), sample[: 60 * RATE], seconds(45), sample[: 60 * RATE]]
    heard = in_small_windows.hear(sound, language="en", hotwords=NAMES)
    times = [word.start_ms for segment in heard.segments for word in segment.words]
    assert times == sorted(times)
    assert heard.duration_ms == sum(map(len, sound)) // 2 * 1000 // RATE
    assert not [at for at in times if 33_000 < at < 76_000]  # the long silence
    assert [at for at in times if at >= 77_000]
