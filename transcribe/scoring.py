"""How probable a name is in its place in a clip, by the speech model that heard the clip.

The model is given the sound as it has already taken it in, and a text, and says of each token how
probable it was: one step for a whole text, where to write it took a search.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from ctranslate2 import (  # type: ignore[import-untyped] # the library has no types
    DataType,
    Device,
)
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage
from numpy.typing import NDArray

from transcribe.model import Word
from transcribe.names import renamed
from transcribe.vocabulary import introduced
from transcribe.weighing import Rival

_BEFORE, _AFTER = 8, 2  # words around that the model reads and hears as well
_FOLLOW = 3  # tokens that are to follow well
_TOLD, _HEARD = 100, 10  # tokens that it is told before it hears, and that it may hear then
_EARLY_MS, _LATE_MS = 200, 500  # of sound before the first word and after the last
_FRAME_MS = 20  # of sound in a frame
_LEAST = 1e-9  # a probability that is as good as none
_FRAMES = 2  # of sound to align with: only probabilities are wanted, no times

_HINTS, _PLACES = 223, 448  # tokens: of hints, as the search reads them, and of all together

Encoded = NDArray[np.float32]  # of one clip: frames x features


class Pipeline(BatchedInferencePipeline):  # type: ignore[misc] # the library has no types
    """The library's pipeline, which keeps what the model made of the sound of its last batch."""

    encoded: Sequence[tuple[int, Encoded]] = ()
    """For each of the pieces that came out, in order: which clip it is of, and its sound."""

    def __init__(self, model: WhisperModel, *, keeps: bool) -> None:
        """Without `keeps` it is the library's: nothing is copied that nobody asks about."""
        super().__init__(model)
        self._keeps = keeps

    def generate_segment_batched(self, *given: Any) -> Any:
        """As the library does."""
        output, found = super().generate_segment_batched(*given)
        self._output = output if self._keeps else None
        return output, found

    def forward(self, *given: Any) -> Any:
        """As the library does."""
        found = super().forward(*given)
        if not self._keeps:
            return found
        clips = _readable(self._output)
        self.encoded = [(row, clips[row]) for row, pieces in enumerate(found) for _ in pieces]
        return found


def _readable(output: Any) -> Encoded:
    """What the model made of some clips; a graphics card keeps it where only itself can read."""
    here = output if output.device == "cpu" else output.to_device(Device.cpu)
    # NumPy knows nothing of bfloat16.
    return np.asarray(here if here.dtype == DataType.float32 else here.to(DataType.float32))


class Scorer:
    """Asks about one clip."""

    def __init__(
        self, model: WhisperModel, encoded: Encoded, language: str, names: Sequence[str]
    ) -> None:
        self._model = model
        self._encoded = encoded
        self._tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )
        hints = self._tokens(introduced(names))[:_HINTS]
        self._start = [self._tokenizer.sot_prev, *hints, *self._tokenizer.sot_sequence]

    def margins(self, words: Sequence[Word], asked: Sequence[Rival]) -> list[float]:
        """By how much each name is more probable than the words, as a natural logarithm.

        The model is given a few seconds of sound and the words in them: of more it would read what
        it has written before, and write that again.

        Args:
            words: of the clip, with times counted from its start.
            asked: names, each in place of some of `words`.
        """
        places = dict.fromkeys((one.start, one.end) for one in asked)
        found = {
            place: self._of_names(words, place, names)
            for place in places
            if (names := [one.name for one in asked if (one.start, one.end) == place])
        }
        return [found[one.start, one.end][one.name] for one in asked]

    def _of_names(
        self, words: Sequence[Word], place: tuple[int, int], names: Sequence[str]
    ) -> dict[str, float]:
        """The margin of each name in one place."""
        start, end = place
        first, last = max(start - _BEFORE, 0), min(end + _AFTER, len(words))
        before = self._of_words(words[first:start])
        after = self._of_words(words[end:last])[:_FOLLOW]
        said = self._of_words(words[start:end])
        others = [self._tokens(renamed(words[start:end], name).text) for name in names]
        texts = [[*before, *each, *after] for each in (said, *others)]
        if len(self._start) + max(map(len, texts)) > _PLACES:
            return dict.fromkeys(names, -math.inf)
        sound = self._sound(words[first:last], from_start=first == 0)
        heard, *likely = (sum(each[len(before) :]) for each in self._probabilities(sound, texts))
        return {name: one - heard for name, one in zip(names, likely, strict=True)}

    def unaided(self, words: Sequence[Word], place: int, told: int) -> str:
        """What the model hears from a word on, without hints, up to a few words after it.

        Args:
            words: of the clip, with times counted from its start.
            place: of the word.
            told: how many words before it the model is given as they are written.
        """
        first = max(place - told, 0)
        sound = self._sound(words[first : place + 1 + _AFTER], from_start=first == 0)
        before = self._of_words(words[first:place])[-_TOLD:]
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps, *before]
        # The library counts what it was told as heard, and hears half as much as it is allowed.
        most = 2 * (len(before) + _HEARD)
        given = get_ctranslate2_storage(sound[np.newaxis])
        (found,) = self._model.model.generate(given, [prompt], beam_size=1, max_length=most)
        heard = found.sequences_ids[0][len(before) :]
        return str(self._tokenizer.decode([one for one in heard if one < self._tokenizer.eot]))

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(f" {text}"))

    def _of_words(self, words: Sequence[Word]) -> list[int]:
        return [token for word in words for token in self._tokens(word.text)]

    def _sound(self, words: Sequence[Word], *, from_start: bool) -> Encoded:
        begin = 0 if from_start else max(words[0].start_ms - _EARLY_MS, 0) // _FRAME_MS
        found = self._encoded[begin : (words[-1].end_ms + _LATE_MS) // _FRAME_MS]
        return found if len(found) else self._encoded

    def _probabilities(
        self, sound: Encoded, texts: Sequence[Sequence[int]]
    ) -> Iterator[list[float]]:
        """Natural logarithms of how probable each token was."""
        copies = get_ctranslate2_storage(np.stack([sound] * len(texts)))
        given = [list(text) for text in texts]
        for found in self._model.model.align(copies, self._start, given, _FRAMES):
            yield [math.log(max(each, _LEAST)) for each in found.text_token_probs]
