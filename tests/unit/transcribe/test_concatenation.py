"""Recordings put end to end give the words of each, whatever lies between: nothing lost or doubled.

The engine is the real one but for its ears: a burst of one level stands for a word, and what listens
reads the levels. What is tried is everything around the model: windows, clips, batches, times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.clips import RATE, Clip, Cutting, Samples, Span, Window
from transcribe.engine import Expected, FasterWhisper, Options, Speech
from transcribe.model import Part, Transcript
from transcribe.names import Likely

WORD = RATE // 4  # samples in a word
SMALL = Options(batch_size=2, cutting=Cutting(window=6.0, clip=3.0, full=0.7, pad=0.1, apart=0.5))
STEP = RATE // 10

Words = list[tuple[int, int]]  # a level, and the quiet after it in tenths of a second


@dataclass(frozen=True)
class Piece:
    start: float
    end: float
    word: str
    probability: float = 0.9


@dataclass(frozen=True)
class Found:
    words: list[Piece]
    no_speech_prob: float = 0.0
    avg_logprob: float = -0.1
    compression_ratio: float = 1.0


def runs(samples: Samples) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], samples != 0, [0])).astype(int)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


class LevelReader(FasterWhisper):
    """Reads levels for words."""

    def __init__(self) -> None:
        self._options, self._listeners, self._threads = SMALL, 2, 2
        self._name, self._sha256 = "levels", "0" * 64

    def _spoken(self, samples: Samples) -> list[Span]:
        return runs(samples)

    def _batch(
        self,
        window: Window,
        expected: Expected,  # noqa: ARG002 - the real one's signature
        clips: Sequence[Clip],
    ) -> tuple[Speech, list[tuple[Any, tuple[Likely, ...]]]]:
        speech = Speech(window, clips)
        return speech, [(Found(list(pieces(speech, clip))), ()) for clip in speech.clips]


def pieces(speech: Speech, clip: dict[str, float]) -> list[Piece]:
    first, last = (round(clip[edge] * RATE) for edge in ("start", "end"))
    sound = speech.samples[first:last]
    return [
        Piece((first + start) / RATE, (first + end) / RATE, f" w{round(sound[start] * 32768)}")
        for start, end in runs(sound)
    ]


def sound(words: Words) -> bytes:
    parts = [
        np.concatenate([np.full(WORD, level, "<i2"), np.zeros(1 + quiet * STEP, "<i2")])
        for level, quiet in words
    ]
    return np.concatenate(parts).tobytes() if parts else b""


def texts(transcript: Transcript) -> list[str]:
    return [word.text for segment in transcript.segments for word in segment.words]


def hear(
    pcm: Sequence[bytes], parts: Sequence[Part] = (), kept: list[Part] | None = None
) -> Transcript:
    keep = None if kept is None else kept.append
    return LevelReader().hear(pcm, language="en", hotwords=None, parts=parts, keep=keep)


recordings = st.lists(
    st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 25)), max_size=14), max_size=5
)


@settings(max_examples=60)
@given(recordings)
def test_recordings_end_to_end_give_the_words_of_each(parts: list[Words]) -> None:
    joined = hear([sound(part) for part in parts])
    assert texts(joined) == [word for part in parts for word in texts(hear([sound(part)]))]
    assert texts(joined) == [f"w{level}" for part in parts for level, _ in part]
    assert joined.unheard == ()


@settings(max_examples=60)
@given(recordings)
def test_every_word_stands_where_it_was_said(parts: list[Words]) -> None:
    at, expected = 0, []
    for level, quiet in (word for part in parts for word in part):
        expected.append((f"w{level}", at * 1000 // RATE))
        at += WORD + 1 + quiet * STEP
    heard = hear([sound(part) for part in parts])
    words = [word for segment in heard.segments for word in segment.words]
    assert [word.text for word in words] == [text for text, _ in expected]
    for word, (_, start_ms) in zip(words, expected, strict=True):
        assert abs(word.start_ms - start_ms) <= 2
        assert abs(word.end_ms - word.start_ms - WORD * 1000 // RATE) <= 3
    times = [time for word in words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)


@settings(max_examples=30)
@given(recordings, st.data())
def test_a_hearing_cut_off_at_any_window_goes_on_to_the_same(
    parts: list[Words], data: st.DataObject
) -> None:
    pcm, kept = [sound(part) for part in parts], list[Part]()
    whole = hear(pcm, kept=kept)
    done = data.draw(st.integers(0, len(kept)))
    assert hear(pcm, kept[:done]) == whole
