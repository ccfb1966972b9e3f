"""Hearing: samples in, a transcript out. The only importer of faster_whisper.

Sound comes as a stream. Voice activity detection finds the speech in some minutes of it at a time,
`transcribe.clips` cuts that into clips of up to half a minute, and the clips are transcribed in
batches by beam search at temperature 0: the same samples give the same words, and memory does not
grow with the length of a recording.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcribe.clips import RATE, Cutting, Samples, Span, Window, windows
from transcribe.loops import looped
from transcribe.model import Segment, Transcript, Word

_MS = RATE // 1000  # samples in a millisecond


class EngineError(Exception):
    """The folder holds no speech model that can be loaded."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to listen. Chosen by measurement: see benchmarks/transcription.py."""

    beam_size: int = 5
    batch_size: int = 4  # clips heard together: 8 is no faster on two cores, and takes more memory
    compute_type: str = "int8"
    speech_threshold: float = 0.5  # of the voice activity detection, 0 to 1
    min_silence_ms: int = 160  # a pause in which a clip may be cut
    speech_pad_ms: int = 400  # kept around speech, for soft beginnings and ends
    # Above these the words are more likely the model's than the speaker's. Whisper's own figures.
    max_compression: float = 2.4  # length of a clip's text over its length when zipped
    max_no_speech: float = 0.6  # and at the same time ...
    min_log_probability: float = -1.0  # ... below this
    cutting: Cutting = field(default_factory=Cutting)


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
        threads: int = 0,  # 0: one a core
        options: Options = Options(),
    ) -> None:
        """Load the model in `folder`, a CTranslate2 folder with its own tokenizer.json.

        Raises:
            EngineError: it cannot be loaded.
        """
        self._threads = threads or os.cpu_count() or 1
        try:
            self._model = WhisperModel(
                str(folder),
                device="cpu",
                compute_type=options.compute_type,
                cpu_threads=self._threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError from error
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
        """The words in 16 kHz mono s16le samples; no segments when there are none.

        Args:
            pcm: blocks of any size; together whole samples.
            language: ISO 639-1.
            hotwords: words to expect. The model reads the first 223 tokens.
            progress: told after each window how many ms have been heard so far.

        Raises:
            ValueError: `pcm` ends in the middle of a sample.
        """
        segments: list[Segment] = []
        heard = 0
        for window in windows(pcm, self._spoken, self._options.cutting):
            if window.clips:
                after = segments[-1].end_ms if segments else None
                segments += self._window(window, language, hotwords, after or 0)
            heard = window.end // _MS
            if progress is not None:
                progress(heard)
        return Transcript(
            model=self._name,
            model_sha256=self._sha256,
            language=language,
            parameters=self._parameters(hotwords),
            duration_ms=heard,
            segments=tuple(segments),
        )

    def _spoken(self, samples: Samples) -> list[Span]:
        """Where somebody speaks."""
        vad = VadOptions(
            threshold=self._options.speech_threshold,
            min_silence_duration_ms=self._options.min_silence_ms,
            speech_pad_ms=self._options.speech_pad_ms,
            max_speech_duration_s=self._options.cutting.clip,
        )
        return [(span["start"], span["end"]) for span in get_speech_timestamps(samples, vad)]

    def _window(
        self, window: Window, language: str, hotwords: str | None, after_ms: int
    ) -> Iterator[Segment]:
        # A pipeline keeps the end of the last speech for the next call: a new one starts clean.
        found, _ = BatchedInferencePipeline(self._model).transcribe(
            window.samples,
            language=language,
            hotwords=hotwords,
            beam_size=self._options.beam_size,
            batch_size=self._options.batch_size,
            clip_timestamps=[
                {"start": first / RATE, "end": end / RATE} for first, end in window.clips
            ],
            word_timestamps=True,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        for one in found:
            words = _words(one.words or (), window, after_ms)
            if words:
                after_ms = words[-1].end_ms
                yield from _sentences(_doubted(words, window, all_=self._doubtful(one)))

    def _doubtful(self, found: Any) -> bool:
        """Whether Whisper's own measures say that a clip's words were not spoken."""
        silent = found.no_speech_prob > self._options.max_no_speech
        unlikely = found.avg_logprob < self._options.min_log_probability
        looping = found.compression_ratio > self._options.max_compression
        return bool(looping or (silent and unlikely))

    def _parameters(self, hotwords: str | None) -> dict[str, str | int | float | bool | None]:
        options = self._options
        return {
            "engine": "faster-whisper",
            "beam_size": options.beam_size,
            "batch_size": options.batch_size,
            "compute_type": options.compute_type,
            "threads": self._threads,
            "temperature": 0.0,
            "condition_on_previous_text": False,
            "speech_threshold": options.speech_threshold,
            "min_silence_ms": options.min_silence_ms,
            "speech_pad_ms": options.speech_pad_ms,
            "window_seconds": options.cutting.window,
            "clip_seconds": options.cutting.clip,
            "apart_seconds": options.cutting.apart,
            "max_compression": options.max_compression,
            "max_no_speech": options.max_no_speech,
            "min_log_probability": options.min_log_probability,
            "hotwords": hotwords,
        }


def _words(found: Iterable[Any], window: Window, after_ms: int) -> list[Word]:
    """Whole words with whole, monotone times within their window."""
    first, last = window.start // _MS, window.end // _MS
    least = max(first, after_ms)
    words: list[Word] = []
    for piece in found:
        start = min(max(first + round(piece.start * 1000), least), last)
        least = min(max(first + round(piece.end * 1000), start), last)
        probability = round(float(piece.probability), 4)
        text = piece.word.strip()
        if text and words and not piece.word[0].isspace():  # "3." and "45" are one word
            before = words.pop()
            start, text = before.start_ms, before.text + text
            probability = min(before.probability, probability)
        if text:
            words.append(Word(start, least, text, probability))
    return words


def _doubted(words: Sequence[Word], window: Window, *, all_: bool) -> list[Word]:
    """The words, with probability 0 where they were hardly spoken.

    Nothing is ever left out here: a real word that is lost without a trace is worse than a false
    one that is marked. A probability of 0 makes the drafter mark the sentence as unclear, with its
    time, so that somebody listens. In a loop the model's own figure says how well a word follows
    from the one before, which is no evidence that anybody said it.
    """
    loops = looped([word.text for word in words])
    return [
        replace(word, probability=0.0)
        if all_ or index in loops or not _under(word, window)
        else word
        for index, word in enumerate(words)
    ]


def _under(word: Word, window: Window) -> bool:
    """Whether there is speech, or its near edge, anywhere under a word."""
    first, last = (at * _MS - window.start for at in (word.start_ms, word.end_ms))
    return any(start <= last and first <= end for start, end in window.spans)


def _sentences(words: Sequence[Word]) -> Iterator[Segment]:
    held: list[Word] = []
    for word in words:
        if held and held[-1].text.endswith((".", "?", "!")) and not word.text[0].islower():
            yield _segment(held)
            held = []
        held.append(word)
    yield _segment(held)


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=" ".join(word.text for word in words),
        probability=round(sum(word.probability for word in words) / len(words), 4),
        words=tuple(words),
    )
