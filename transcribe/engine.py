"""Hearing: samples in, a transcript out. What asks the model in other ways is in `scoring`.

Sound comes as a stream. Voice activity detection finds the speech in some minutes of it at a time,
`transcribe.clips` makes clips of up to half a minute of that, and the clips are transcribed in
batches by beam search at temperature 0: the same samples give the same words, and memory does not
grow with the length of a recording. What is no speech is never given to the model at all, which
would otherwise find words in it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import SpeechTimestampsMap, VadOptions, get_speech_timestamps

from transcribe.clips import RATE, Clip, Cutting, Samples, Span, Window, batches, windows
from transcribe.doubts import Evidence, Limits, judged
from transcribe.model import Part, Segment, Transcript, Word
from transcribe.names import Likely, bare, of_people, of_terms, written
from transcribe.scoring import Encoded, Pipeline, Scorer
from transcribe.segments import segment_of, sentences, words_of
from transcribe.unaided import put_in
from transcribe.unheard import unheard
from transcribe.weighing import VERSION, Known, likely

_MS = RATE // 1000  # samples in a millisecond
_LISTENERS = 2  # batches heard at once
Parameters: TypeAlias = dict[str, str | int | float | bool | None]


class EngineError(Exception):
    """The folder holds no speech model that can be loaded."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to listen. Chosen by measurement: see docs/ACCURACY.md."""

    beam_size: int = 5
    batch_size: int = 2  # clips heard together: more is no faster, and leaves a listener idle
    compute_type: str = "int8"
    speech_threshold: float = 0.5  # of the voice activity detection, 0 to 1
    min_silence_ms: int = 160  # a pause in which a clip may be cut
    cutting: Cutting = field(default_factory=Cutting)
    limits: Limits = field(default_factory=Limits)


CAREFUL = Options(beam_size=8)
"""For a recording that is worth the time, best with a larger model."""


class Engine(Protocol):
    """Whatever can hear."""

    def hear(  # noqa: PLR0913 - by keyword, as it is listened
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        names: Sequence[str] = (),
        terms: Sequence[str] = (),
        parts: Sequence[Part] = (),
        keep: Callable[[Part], None] | None = None,
    ) -> Transcript:
        """The words in 16 kHz mono s16le samples; no segments when there are none."""

    def parameters(
        self, hotwords: str | None, names: Sequence[str] = (), terms: Sequence[str] = ()
    ) -> Parameters:
        """All that decides which words are heard. Parts go on only under the same ones."""

    def common(self, word: str) -> bool:
        """Whether many people write this word, in these capitals."""


class FasterWhisper:
    """Whisper by CTranslate2, on the CPU."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        sha256: str,
        threads: int = 0,  # 0: one a core
        device: str = "cpu",  # cpu, cuda or auto
        options: Options = Options(),
    ) -> None:
        """Load the model in `folder`, a CTranslate2 folder with its own tokenizer.json.

        Raises:
            EngineError: it cannot be loaded.
        """
        self._threads = threads or os.cpu_count() or 1
        # Two batches at once on one core each are heard sooner than one batch on two.
        self._listeners = min(self._threads, _LISTENERS) if device == "cpu" else 1
        try:
            self._model = WhisperModel(
                str(folder),
                device=device,
                compute_type=options.compute_type,
                cpu_threads=max(self._threads // self._listeners, 1),
                num_workers=self._listeners,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError from error
        self._name = name
        self._sha256 = sha256
        self._options = options

    def hear(  # noqa: PLR0913 - by keyword, as it is listened
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        names: Sequence[str] = (),
        terms: Sequence[str] = (),
        parts: Sequence[Part] = (),
        keep: Callable[[Part], None] | None = None,
    ) -> Transcript:
        """The words in 16 kHz mono s16le samples; no segments when there are none.

        Args:
            pcm: blocks of any size; together whole samples.
            language: ISO 639-1.
            hotwords: words to expect. The model reads the first 223 tokens.
            names: of the people among them. What sounds like one is weighed against it.
            terms: that are nobody's name, whether `hotwords` has room for them or not.
            parts: what was heard before this was cut off, from the start; the words that follow
                are the same as if it had not been.
            keep: given each further part as soon as it is heard.

        Raises:
            ValueError: `pcm` ends in the middle of a sample, or before the last of `parts` does.
        """
        heard, expected = list(parts), Expected(language, hotwords, tuple(names), tuple(terms))
        for window in windows(pcm, self._spoken, self._options.cutting, _end(heard)):
            heard.append(self._part(window, expected, _last(heard)))
            if keep is not None:
                keep(heard[-1])
        return Transcript(
            model=self._name,
            model_sha256=self._sha256,
            language=language,
            parameters=self.parameters(hotwords, names, terms),
            duration_ms=_end(heard) // _MS,
            segments=tuple(segment for part in heard for segment in part.segments),
            unheard=tuple(stretch for part in heard for stretch in part.unheard),
        )

    def listening(self, options: Options) -> FasterWhisper:
        """The same model in memory, listening in another way; its compute type stays."""
        other = copy(self)
        other._options = replace(options, compute_type=self._options.compute_type)  # noqa: SLF001 - ours
        return other

    def common(self, word: str) -> bool:
        """Whether many people write this word, in these capitals: the model has it in one piece."""
        found = self._model.hf_tokenizer.encode(f" {word}", add_special_tokens=False)
        return len(found.ids) == 1

    def _spoken(self, samples: Samples) -> list[Span]:
        """Where somebody speaks."""
        cutting = self._options.cutting
        vad = VadOptions(
            threshold=self._options.speech_threshold,
            min_silence_duration_ms=self._options.min_silence_ms,
            speech_pad_ms=0,  # padded later: the true width of a pause says where to cut
            max_speech_duration_s=cutting.clip - 2 * cutting.pad,
        )
        return [(span["start"], span["end"]) for span in get_speech_timestamps(samples, vad)]

    def _part(self, window: Window, expected: Expected, after_ms: int) -> Part:
        """What is heard in a window, and where it should have been more."""
        voice = [
            ((window.start + start) // _MS, (window.start + end) // _MS)
            for start, end in window.spans
        ]
        segments: list[Segment] = []
        for speech, found, names in self._clips(window, expected):
            after_ms = (segments[-1].end_ms or 0) if segments else after_ms
            words = words_of(found.words or (), speech.place, after_ms)
            evidence = Evidence(found.no_speech_prob, found.avg_logprob, found.compression_ratio)
            sure = judged(words, evidence, voice, expected.hotwords, self._options.limits)
            named = [word for word in written(sure, names) if word.text]
            segments += map(segment_of, sentences(named))
        heard = [word for segment in segments for word in segment.words]
        return Part(window.end, tuple(segments), unheard(voice, heard))

    def _clips(
        self, window: Window, expected: Expected
    ) -> Iterator[tuple[Speech, Any, tuple[Likely, ...]]]:
        """What the model gives for each clip, in order, and which of its words are likely names."""
        # The same batches however many listen: batches may have a say in the words.
        shared = batches(window.clips, self._options.batch_size, _LISTENERS)
        listen = partial(self._batch, window, expected)
        with ThreadPoolExecutor(self._listeners) as pool:
            for speech, found in pool.map(listen, shared):
                yield from ((speech, one, names) for one, names in found)

    def _batch(
        self, window: Window, expected: Expected, clips: Sequence[Clip]
    ) -> tuple[Speech, list[tuple[Any, tuple[Likely, ...]]]]:
        """What the model gives for some clips of a window."""
        speech = Speech(window, clips)
        # A pipeline keeps the end of the last speech for the next call: a new one starts clean.
        pipeline = Pipeline(self._model, keeps=expected.asked)
        pieces, _ = pipeline.transcribe(
            speech.samples,
            language=expected.language,
            hotwords=expected.hotwords,
            beam_size=self._options.beam_size,
            batch_size=len(clips),
            clip_timestamps=speech.clips,
            word_timestamps=True,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        found = list(pieces)
        if not expected.asked:
            return speech, [(one, ()) for one in found]
        names = (
            self._names(one, encoded, speech.clips[clip]["start"], expected)
            for one, (clip, encoded) in zip(found, pipeline.encoded, strict=True)
        )
        return speech, list(zip(found, names, strict=True))

    def _names(
        self, found: Any, encoded: Encoded, began: float, expected: Expected
    ) -> tuple[Likely, ...]:
        """Which words of a clip that began at some second are likely names."""

        def in_clip(start: float, end: float) -> tuple[int, int]:
            return round((start - began) * 1000), round((end - began) * 1000)

        words, known = words_of(found.words or (), in_clip, 0), Known(self.common, expected.kept)
        ask = Scorer(self._model, encoded, expected.language, expected.names)
        asked = likely(words, expected.names, ask.margins, known)
        people = (*asked, *put_in(words, expected.names, asked, ask.unaided))
        return (*people, *self._terms(words, encoded, people, expected))

    def _terms(
        self, words: Sequence[Word], encoded: Encoded, people: Sequence[Likely], expected: Expected
    ) -> Iterator[Likely]:
        """Which words are likely a term of the team, where they are nobody's name."""
        terms = of_terms(expected.terms)
        ask = Scorer(self._model, encoded, expected.language, terms)
        known = Known(self.common, expected.kept | frozenset(map(str.casefold, expected.people)))
        for one in likely(words, terms, ask.margins, known, exchanged=False):
            if all(one.end <= each.start or each.end <= one.start for each in people):
                yield one

    def parameters(
        self, hotwords: str | None, names: Sequence[str] = (), terms: Sequence[str] = ()
    ) -> Parameters:
        """All that decides which words are heard. Parts go on only under the same ones."""
        options = self._options
        return {
            "engine": "faster-whisper",
            "faster_whisper": version("faster-whisper"),
            "ctranslate2": version("ctranslate2"),
            "model_sha256": self._sha256,
            "beam_size": options.beam_size,
            "batch_size": options.batch_size,
            "compute_type": options.compute_type,
            "threads": self._threads,
            "temperature": 0.0,
            "condition_on_previous_text": False,
            "speech_threshold": options.speech_threshold,
            "min_silence_ms": options.min_silence_ms,
            "pad_seconds": options.cutting.pad,
            "clip_seconds": options.cutting.clip,
            "clip_full": options.cutting.full,
            "window_seconds": options.cutting.window,
            "apart_seconds": options.cutting.apart,
            **asdict(options.limits),
            "hotwords": hotwords,
            "names_asked": len(of_people(names)),
            "names_sha256": hashlib.sha256("\0".join(names).encode()).hexdigest(),
            "terms_sha256": hashlib.sha256("\0".join(terms).encode()).hexdigest(),
            "weighing": VERSION,
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """What a recording is likely to hold."""

    language: str  # ISO 639-1
    hotwords: str | None
    names: tuple[str, ...]  # of people
    terms: tuple[str, ...] = ()  # places and terms of the team, more than fit into the hotwords

    @property
    def asked(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.names or self.terms)

    @property
    def people(self) -> tuple[str, ...]:
        """The single words of `names` that are names."""
        return of_people(self.names)

    @property
    def kept(self) -> frozenset[str]:
        """The words of it that are nobody's name, in small letters: none is written over."""
        own = {name.casefold() for name in self.people}
        expected = " ".join((self.hotwords or "", *self.terms)).split()
        return frozenset(bare(word).casefold() for word in expected) - own - {""}


class Speech:
    """The speech of some clips of a window put end to end, and the way back to its times."""

    def __init__(self, window: Window, clips: Sequence[Clip]) -> None:
        self._spans = [span for clip in clips for span in clip]
        self._start_ms = window.start // _MS
        self._times = SpeechTimestampsMap(
            [{"start": start, "end": end} for start, end in self._spans], RATE, time_precision=3
        )
        self.samples = np.concatenate([window.samples[start:end] for start, end in self._spans])
        lengths = [sum(end - start for start, end in clip) for clip in clips]
        self.clips = [
            {"start": (end - length) / RATE, "end": end / RATE}
            for length, end in zip(lengths, accumulate(lengths), strict=True)
        ]

    def place(self, start: float, end: float) -> tuple[int, int]:
        """Where a word of these seconds stands in the recording, in ms: within one span."""
        index = self._times.get_chunk_index((start + end) / 2)
        first, last = (at // _MS for at in self._spans[index])
        times = (round(self._times.get_original_time(at, index) * 1000) for at in (start, end))
        began, ended = (self._start_ms + min(max(at, first), last) for at in times)
        return began, ended


def _end(parts: Sequence[Part]) -> int:
    """Where the last part ends, in samples."""
    return parts[-1].end if parts else 0


def _last(parts: Sequence[Part]) -> int:
    """Where the last word ended, in ms."""
    return max((segment.end_ms or 0 for part in parts for segment in part.segments), default=0)
