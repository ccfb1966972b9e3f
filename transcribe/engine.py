"""Hearing: samples in, a transcript out. The only importer of faster_whisper.

Sound comes as a stream and is worked on in windows of some minutes, each cut in a silence, so that
memory does not grow with a recording's length. Within a window the speech found by voice activity
detection is transcribed in batches, by beam search at temperature 0: the same samples give the
same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from transcribe.model import Segment, Transcript, Word

RATE = 16_000
"""Samples a second."""
_SCALE = 32_768.0
_MS = RATE // 1000  # samples in a millisecond

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Options:
    """How to listen. Chosen by measurement: see benchmarks/transcription.py."""

    beam_size: int = 5
    batch_size: int = 8
    compute_type: str = "int8"
    window_seconds: int = 300  # sound worked on at a time; bounds memory
    search_seconds: int = 60  # at a window's end, look this far back for a silence to cut in
    min_silence_ms: int = 160  # shorter pauses do not end a stretch of speech


class Engine(Protocol):
    """Whatever can hear."""

    def hear(
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        progress: Callable[[int], None] | None = None,
    ) -> Transcript:
        """The words in 16 kHz mono s16le samples; no segments when there are none."""


class FasterWhisper:
    """Whisper by CTranslate2, on the CPU."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        sha256: str,
        threads: int = 0,
        options: Options = Options(),
    ) -> None:
        model = WhisperModel(
            str(folder),
            device="cpu",
            compute_type=options.compute_type,
            cpu_threads=threads,
            local_files_only=True,
        )
        self._pipeline = BatchedInferencePipeline(model)
        self._name = name
        self._sha256 = sha256
        self._options = options

    def hear(
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        progress: Callable[[int], None] | None = None,
    ) -> Transcript:
        """The words in 16 kHz mono s16le samples. `progress` is told the ms heard so far."""
        segments: list[Segment] = []
        total = 0
        for window in windows(pcm, self._options):
            segments += self._window(window, total // _MS, language, hotwords)
            total += len(window)
            if progress is not None:
                progress(total // _MS)
        return Transcript(
            model=self._name,
            model_sha256=self._sha256,
            language=language,
            parameters=self._parameters(hotwords),
            duration_ms=total // _MS,
            segments=tuple(segments),
        )

    def _window(
        self, samples: Samples, offset_ms: int, language: str, hotwords: str | None
    ) -> Iterator[Segment]:
        if not _speech(samples, self._options):
            return
        found, _ = self._pipeline.transcribe(
            samples,
            language=language,
            hotwords=hotwords,
            beam_size=self._options.beam_size,
            batch_size=self._options.batch_size,
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": self._options.min_silence_ms},
            word_timestamps=True,
            temperature=0.0,
        )
        end_ms = offset_ms + len(samples) // _MS
        for segment in found:
            words = _words(segment.words or (), offset_ms, end_ms)
            if words:
                yield _segment(words)

    def _parameters(self, hotwords: str | None) -> dict[str, str | int | float | bool | None]:
        return {
            "engine": "faster-whisper batched",
            "beam_size": self._options.beam_size,
            "batch_size": self._options.batch_size,
            "compute_type": self._options.compute_type,
            "window_seconds": self._options.window_seconds,
            "min_silence_ms": self._options.min_silence_ms,
            "temperature": 0.0,
            "hotwords": hotwords,
        }


def windows(pcm: Iterable[bytes], options: Options) -> Iterator[Samples]:
    """The samples in windows cut in silences; together they are exactly the input."""
    size = options.window_seconds * RATE
    held: list[bytes] = []
    count = 0
    for block in pcm:
        held.append(block)
        count += len(block) // 2
        while count >= size:
            samples = _samples(held)
            cut = _cut(samples[:size], options)
            yield samples[:cut]
            rest = b"".join(held)[cut * 2 :]
            held, count = [rest], len(rest) // 2
    if count:
        yield _samples(held)


def _samples(held: list[bytes]) -> Samples:
    scaled: Samples = np.frombuffer(b"".join(held), np.int16).astype(np.float32) / _SCALE
    return scaled


def _cut(window: Samples, options: Options) -> int:
    """Where to end a window: amid the longest silence near its end, else at the very end."""
    searched = min(options.search_seconds * RATE, len(window) // 2)
    start = len(window) - searched
    spoken = _speech(window[start:], options)
    edges = [0, *(edge for span in spoken for edge in span), searched]
    gaps = [(edges[i + 1] - edges[i], edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    length, left, right = max(gaps)
    if length <= 0:
        return len(window)
    return start + (left + right) // 2


def _speech(samples: Samples, options: Options) -> list[tuple[int, int]]:
    """Where somebody speaks, in samples."""
    vad = VadOptions(min_silence_duration_ms=options.min_silence_ms, speech_pad_ms=0)
    return [(each["start"], each["end"]) for each in get_speech_timestamps(samples, vad)]


def _words(found: Iterable[Any], offset_ms: int, end_ms: int) -> list[Word]:
    """Words with whole, monotone times inside their window."""
    words: list[Word] = []
    last = offset_ms
    for word in found:
        start = min(max(offset_ms + round(word.start * 1000), last), end_ms)
        last = min(max(offset_ms + round(word.end * 1000), start), end_ms)
        words.append(Word(start, last, word.word, round(float(word.probability), 4)))
    return [word for word in words if word.text.strip()]


def _segment(words: list[Word]) -> Segment:
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text="".join(word.text for word in words).strip(),
        probability=round(sum(word.probability for word in words) / len(words), 4),
        words=tuple(words),
    )
