"""An engine that loads no model: it tells sounds apart, and goes on from where it was cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from transcribe.engine import Parameters
from transcribe.model import Part, Segment, Transcript, Word

WINDOW_MS = 4000
RATE = 16  # samples a millisecond


class Ear:
    """Hears one word in every four seconds, which tells that window's sound from any other."""

    def hear(  # noqa: PLR0913 - the Protocol's
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
        sound, size = b"".join(pcm), 2 * RATE * WINDOW_MS
        segments = [segment for part in parts for segment in part.segments]
        for at in range(2 * parts[-1].end if parts else 0, len(sound), size):
            window = sound[at : at + size]
            found = _word(at // (2 * RATE), (at + len(window)) // (2 * RATE), window)
            segments.append(found)
            if keep is not None:
                keep(Part((at + len(window)) // 2, (found,)))
        length = len(sound) // (2 * RATE)
        how = self.parameters(hotwords, names, terms)
        return Transcript("ear", "", language, how, length, tuple(segments))

    def parameters(
        self,
        hotwords: str | None,
        names: Sequence[str] = (),  # noqa: ARG002 - the Protocol's
        terms: Sequence[str] = (),
    ) -> Parameters:
        return {"hotwords": hotwords, "terms": ", ".join(terms)}

    def common(self, word: str) -> bool:  # noqa: ARG002 - the Protocol's
        return True


def _word(start: int, end: int, sound: bytes) -> Segment:
    text = f"We talked about place {sum(sound[1::2]) % 997} today."
    return Segment(start, end, text, None, 1.0, (Word(start, end, text, 1.0),))


class Saying(Ear):
    """Hears the same words in any sound, and remembers how much of it there was."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.heard_ms: list[int] = []
        self.expected: str | None = None  # the words it was told to expect

    def hear(  # noqa: PLR0913 - the Protocol's
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        names: Sequence[str] = (),  # noqa: ARG002 - the Protocol's
        terms: Sequence[str] = (),  # noqa: ARG002 - likewise
        parts: Sequence[Part] = (),  # noqa: ARG002 - it is never cut off
        keep: Callable[[Part], None] | None = None,  # noqa: ARG002 - likewise
    ) -> Transcript:
        self.expected = hotwords
        length = len(b"".join(pcm)) // (2 * RATE)
        self.heard_ms.append(length)
        found = Segment(0, length, self.words, None, 1.0, (Word(0, length, self.words, 1.0),))
        segments = (found,) if self.words else ()
        return Transcript("ear", "", language, self.parameters(hotwords), length, segments)
