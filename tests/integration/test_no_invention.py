"""The real speech model where nobody speaks, and where somebody hardly can be heard.

What is invented must be marked, so that nobody relies on it; what is said must not be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from importlib import resources

import numpy as np
import pytest

from recorder import models
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from tests import traps
from tests.attacks.oracle import FULL
from tests.traps import RATE, Sound
from transcribe.doubts import enough
from transcribe.draft import from_transcript
from transcribe.draft.checks import UNCLEAR_BELOW
from transcribe.engine import Engine, FasterWhisper, Options
from transcribe.model import Transcript

HINTS = (
    "This is a note about Amara Cole, Jordan and Tyrell. We talked about MASH, county lines, "
    "Snapchat, LADO, Wandsworth, Balham and Putney."
)
SHORT, LONG = 25.0, 60.0  # seconds of each trap, by default and in a full run


@pytest.fixture(scope="module")
def sample() -> Sound:
    """The sample voice note."""
    file = resources.files("recorder.sample") / "voice-note.ogg"
    read = b"".join(pcm(BytesReadable(file.read_bytes()), TYPES["ogg"]))
    return np.frombuffer(read, "<i2") / 32768


@pytest.fixture(scope="module")
def all_ears(tmp_path_factory: pytest.TempPathFactory) -> FasterWhisper:
    """An engine whose voice detection takes everything for a voice: the model hears all noise."""
    found = models.folder("base", tmp_path_factory.mktemp("models"))
    deceived = Options(speech_threshold=0.0)
    return FasterWhisper(
        found.path, name=found.name, sha256=found.sha256, threads=2, options=deceived
    )


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    return LONG if request.config.getoption("--attacks") >= FULL else SHORT


def hear(engine: Engine, sound: Sound, hints: str | None = HINTS) -> Transcript:
    return engine.hear([traps.pcm(sound)], language="en", hotwords=hints)


def unmarked(transcript: Transcript) -> list[str]:
    """The sentences that a note would hold without telling anybody to listen."""
    found = from_transcript("r", transcript, None)
    return [
        one.text for one in found if one.probability is None or one.probability >= UNCLEAR_BELOW
    ]


def words(transcript: Transcript) -> list[str]:
    return [
        word.text.strip(".,?!").lower() for segment in transcript.segments for word in segment.words
    ]


@pytest.mark.parametrize("trap", sorted(traps.WORDLESS))
def test_where_nobody_says_anything_no_word_is_relied_on(
    engine: Engine, trap: str, seconds: float
) -> None:
    heard = hear(engine, traps.WORDLESS[trap](seconds))
    assert unmarked(heard) == []
    assert not enough(heard)


@pytest.mark.parametrize("trap", ["laughter", "music", "breath", "bangs"])
def test_nor_where_noise_is_taken_for_a_voice(all_ears: Engine, trap: str) -> None:
    heard = hear(all_ears, traps.WORDLESS[trap](SHORT))
    assert words(heard), "the model invents something here: else this proves nothing"
    assert unmarked(heard) == []
    assert not enough(heard)


@pytest.mark.parametrize("start", [0, 20])
def test_a_voice_that_says_nothing_is_not_relied_on(
    engine: Engine, sample: Sound, start: int
) -> None:
    heard = hear(engine, traps.backwards(sample[start * RATE : (start + 14) * RATE]))
    assert words(heard), "it is a voice, and is heard as one: else this proves nothing"
    assert unmarked(heard) == []


def test_what_is_left_out_of_a_stuck_recording_is_told(engine: Engine, sample: Sound) -> None:
    """The same two seconds again and again: the model writes them once or twice and stops."""
    heard = hear(engine, np.tile(sample[round(42.8 * RATE) : 45 * RATE], 12))
    assert sum(end - start for start, end in heard.unheard) > 10_000


def test_nothing_is_heard_in_a_long_quiet_stretch_and_all_after_it(
    engine: Engine, sample: Sound, seconds: float
) -> None:
    quiet = traps.room(seconds * 20)
    said = sample[: round(11.6 * RATE)]  # to a pause: a word cut in two changes those before it
    heard = hear(engine, np.concatenate([said, quiet, said]))
    edge, after = 11_600, 11_600 + round(seconds * 20_000)
    times = [word.start_ms for segment in heard.segments for word in segment.words]
    assert not [at for at in times if edge + 500 < at < after - 500]
    alone = words(hear(engine, said))
    assert len(words(heard)) >= 2 * len(alone) - 1


SAID = (
    "while we talked he drew a picture of home with himself and his nan outside and i have taken a "
    "photo of it"
).split()


def cut_close(sound: Sound) -> Sound:
    """From just before the first word to just after the last: a few hundredths of a second."""
    return sound[round(0.55 * RATE) : round(6.2 * RATE)]


def faded_in(sound: Sound) -> Sound:
    return sound * np.clip(np.arange(len(sound)) / RATE, 0, 1)


def clicked(sound: Sound) -> Sound:
    """A click of 2.5 ms every half second."""
    clicks = np.where(np.arange(len(sound)) % (RATE // 2) < 40, 0.5, 0)
    return sound + clicks * np.random.default_rng(3).normal(size=len(sound))


def far_away(sound: Sound) -> Sound:
    return sound / 100  # 40 dB down


@pytest.mark.parametrize("change", [cut_close, faded_in, clicked, far_away])
def test_what_is_said_is_heard_from_the_first_word_to_the_last(
    engine: Engine, sample: Sound, change: Callable[[Sound], Sound]
) -> None:
    heard = hear(engine, change(sample[round(42.8 * RATE) : round(49.8 * RATE)]), None)
    same = SequenceMatcher(None, SAID, words(heard), autojunk=False).get_matching_blocks()
    assert sum(block.size for block in same) >= len(SAID) - 3
    assert words(heard)[:2] == SAID[:2]
    assert words(heard)[-3:] == SAID[-3:]
    assert heard.unheard == ()
