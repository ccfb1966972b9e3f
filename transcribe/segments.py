"""From the pieces that a speech model gives to words with times, and from words to sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from transcribe.model import Segment, Word

LONG_PAUSE_MS = 2000
"""Nobody pauses this long within a sentence."""


def words_of(
    found: Iterable[Any], place: Callable[[float, float], tuple[int, int]], after_ms: int
) -> list[Word]:
    """Whole words with whole times that never run backwards.

    Args:
        found: pieces with `start` and `end` (s), `word` and `probability`.
        place: where a piece of these seconds stands in the recording, in ms.
        after_ms: where the word before ended.
    """
    words: list[Word] = []
    for piece in found:
        began, ended = place(piece.start, piece.end)
        start = max(began, after_ms)
        after_ms = max(ended, start)
        probability = round(float(piece.probability), 4)
        text = piece.word.strip()
        if text and words and not piece.word[0].isspace():  # "3." and "45" are one word
            before = words.pop()
            start, text = before.start_ms, before.text + text
            probability = min(before.probability, probability)
        if text:
            words.append(Word(start, after_ms, text, probability))
    return words


def sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words, sentence by sentence."""
    held: list[Word] = []
    for word in words:
        if held and _ends(held[-1], word):
            yield held
            held = []
        held.append(word)
    if held:
        yield held


def _ends(word: Word, following: Word) -> bool:
    if following.start_ms - word.end_ms >= LONG_PAUSE_MS:
        return True
    return word.text.endswith((".", "?", "!")) and not following.text[0].islower()


def segment_of(words: Sequence[Word]) -> Segment:
    """A segment of one word or more, as probable as its words on average."""
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=" ".join(word.text for word in words),
        probability=round(sum(word.probability for word in words) / len(words), 4),
        words=tuple(words),
    )
