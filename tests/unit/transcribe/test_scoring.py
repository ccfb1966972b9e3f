"""What is kept of a clip's sound, and how much the speech model is told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ctranslate2 import DataType  # type: ignore[import-untyped] # the library has no types
from faster_whisper import BatchedInferencePipeline

from transcribe.model import Word
from transcribe.scoring import Pipeline, Scorer
from transcribe.weighing import Rival


class OnCard:
    """A view of memory that only the card can read, as of `ctranslate2.StorageView`."""

    def __init__(self, values: np.ndarray, device: str = "cuda") -> None:
        self.device = device
        self.dtype = DataType.float32
        self._values = values

    def to_device(self, device: Any) -> OnCard:
        return OnCard(self._values, device.name)

    @property
    def __array_interface__(self) -> Any:
        if self.device != "cpu":
            raise RuntimeError("Device storage cannot be read here")
        return self._values.__array_interface__


def heard(pipeline: Pipeline, output: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pieces of the first clip and one of the second."""

    def forward(self: Pipeline, *_: Any) -> Any:
        self.generate_segment_batched()
        return [["one", "two"], ["three"]]

    monkeypatch.setattr(
        BatchedInferencePipeline, "generate_segment_batched", lambda *_: (output, None)
    )
    monkeypatch.setattr(BatchedInferencePipeline, "forward", forward)
    pipeline.forward()


def test_sound_that_a_graphics_card_took_in_is_brought_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    pipeline = Pipeline(SimpleNamespace(), keeps=True)
    heard(pipeline, OnCard(values), monkeypatch)
    assert [row for row, _ in pipeline.encoded] == [0, 0, 1]
    assert all(np.array_equal(clip, values[row]) for row, clip in pipeline.encoded)


def test_without_names_no_sound_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline(SimpleNamespace(), keeps=False)
    heard(pipeline, OnCard(np.zeros((2, 3, 2), np.float32)), monkeypatch)
    assert not pipeline.encoded


class Letters:
    """A tokenizer and a model: a token a letter, and every name as likely as what was heard."""

    is_multilingual = False
    hf_tokenizer: Any = None

    def __init__(self) -> None:
        self.model = self
        self.given: list[int] = []

    def generate(self, _: Any, prompts: Any, *, beam_size: int, max_length: int) -> Any:
        """What it was told, without the marks before it, and a word, as the library does."""
        assert beam_size == 1
        told = [token for token in prompts[0] if token > 10]
        heard = [*told, *map(ord, " Shivon and"), 9]
        return [SimpleNamespace(sequences_ids=[heard[: max_length // 2]])]

    def align(self, _: Any, start: Sequence[int], texts: Any, *__: Any) -> Any:
        self.given += [len(start) + len(text) for text in texts]
        return [SimpleNamespace(text_token_probs=[0.5] * len(text)) for text in texts]


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    tokenizer = SimpleNamespace(
        sot_prev=1,
        sot_sequence=(2, 3, 4),
        no_timestamps=5,
        eot=1000,
        encode=lambda text: list(map(ord, text)),
        decode=lambda tokens: "".join(map(chr, tokens)),
    )
    monkeypatch.setattr("transcribe.scoring.Tokenizer", lambda *_, **__: tokenizer)
    return Letters()


def test_hints_and_words_never_take_more_places_than_the_model_has(letters: Letters) -> None:
    """Names in letters that it seldom saw take a place each."""
    names = ["ስምዖን" * 3 + str(at) for at in range(60)]
    scorer = Scorer(letters, np.zeros((1500, 2), np.float32), "en", names)
    said = [Word(at * 100, at * 100 + 90, "word", 0.5) for at in range(12)]
    assert all(map(math.isfinite, scorer.margins(said, [Rival(4, 5, names[0], 0.2)])))
    assert max(letters.given) <= 448


def test_what_has_no_place_left_is_no_name(letters: Letters) -> None:
    names = ["ስምዖን" * 60]
    scorer = Scorer(letters, np.zeros((1500, 2), np.float32), "en", names)
    said = [Word(at * 100, at * 100 + 90, "word", 0.5) for at in range(3)]
    assert scorer.margins(said, [Rival(1, 2, names[0], 0.2)]) == [-float("inf")]
    assert letters.given == []


def test_without_hints_the_model_goes_on_from_some_words(letters: Letters) -> None:
    scorer = Scorer(letters, np.zeros((1500, 2), np.float32), "en", ["Siobhan"])
    said = [Word(at * 100, at * 100 + 90, word, 0.5) for at, word in enumerate("I told Jo".split())]
    assert scorer.unaided(said, 2, 8) == " Shivon an"  # ten tokens
    assert scorer.unaided(said, 0, 8) == " Shivon an"
    many = [Word(at * 100, at * 100 + 90, "ስምዖን" * 30, 0.5) for at in range(9)]
    assert scorer.unaided(many, 8, 8) == " Shivon an"
