"""What a recording says within a stretch of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.model import Transcript


@dataclass(frozen=True, slots=True)
class Heard:
    """Some words, one after the other."""

    text: str
    probability: float | None  # 0 to 1, mean over them; None where it is not known


@dataclass(frozen=True, slots=True)
class _Piece:
    middle_ms: float
    text: str
    probability: float | None


class Stretches:
    """A transcript that many stretches are looked up in."""

    def __init__(self, transcript: Transcript) -> None:
        self._pieces = tuple(_pieces(transcript))
        middles = [each.middle_ms for each in self._pieces]
        # Speakers talk at once, so words are nearly in order of time and not quite.
        self._latest = list(accumulate(middles, max))
        self._earliest = list(accumulate(reversed(middles), min))[::-1]

    def within(self, start_ms: int, end_ms: int) -> Heard:
        """The words whose middle lies in a stretch; those of a segment without words go together."""
        first, last = bisect_left(self._latest, start_ms), bisect_right(self._earliest, end_ms)
        pieces = [one for one in self._pieces[first:last] if start_ms <= one.middle_ms <= end_ms]
        known = [one.probability for one in pieces if one.probability is not None]
        text = " ".join("".join(one.text for one in pieces).split())
        return Heard(text, sum(known) / len(known) if known else None)


def _pieces(transcript: Transcript) -> Iterator[_Piece]:
    for segment in transcript.segments:
        spaced = any(word.text[:1].isspace() for word in segment.words[1:])
        for word in segment.words:
            text = word.text if spaced else f" {word.text}"
            yield _Piece((word.start_ms + word.end_ms) / 2, text, word.probability)
        if not segment.words and segment.start_ms is not None and segment.end_ms is not None:
            middle = (segment.start_ms + segment.end_ms) / 2
            yield _Piece(middle, f" {segment.text}", segment.probability)
