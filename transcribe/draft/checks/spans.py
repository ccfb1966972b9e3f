"""What a recording says within a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
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
    start_ms: int
    end_ms: int
    text: str
    probability: float | None


def within(transcript: Transcript, start_ms: int, end_ms: int) -> Heard:
    """The words whose middle lies in a stretch; those of a segment without words go together."""
    pieces = [
        one for one in _pieces(transcript) if start_ms <= (one.start_ms + one.end_ms) / 2 <= end_ms
    ]
    known = [one.probability for one in pieces if one.probability is not None]
    text = " ".join("".join(one.text for one in pieces).split())
    return Heard(text, sum(known) / len(known) if known else None)


def _pieces(transcript: Transcript) -> Iterator[_Piece]:
    for segment in transcript.segments:
        spaced = any(word.text[:1].isspace() for word in segment.words[1:])
        for word in segment.words:
            text = word.text if spaced else f" {word.text}"
            yield _Piece(word.start_ms, word.end_ms, text, word.probability)
        if not segment.words and segment.start_ms is not None and segment.end_ms is not None:
            yield _Piece(segment.start_ms, segment.end_ms, f" {segment.text}", segment.probability)
