"""The values of an access pack: what happened, in date order, and what is written of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from store.records import Recording
from transcribe.model import Word


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text that a person is to look at before the pack is handed over."""

    start: int  # characters
    end: int
    why: str  # "name", "reach", "intelligence", "risk" or "person": who was it that saw it
    goes: bool | None = None  # None while nobody decided
    reason: str = ""  # of whoever decided


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is held, in the words it is held in."""

    label: str  # whose words, when in a recording
    text: str
    spans: tuple[Span, ...] = ()  # of the text, in order; none overlaps another
    label_spans: tuple[Span, ...] = ()  # of the label, likewise: it may name a speaker
    heading: str = ""  # ours, before the label: it names nobody
    key: str = ""  # the same for the same words at the same place
    recording: str = ""  # id, where these are words that were heard
    words: tuple[Word, ...] = ()  # those, with when each was said
    ours: bool = False  # a sentence of Recorder's own, which names nobody

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The text in pieces, each with why it is marked; empty where it is not."""
        return _pieces(self.text, self.spans)

    @property
    def label_pieces(self) -> list[tuple[str, str]]:
        """The label likewise."""
        return _pieces(self.label, self.label_spans)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened at one moment."""

    at: int  # ms since 1970, UTC
    title: str
    lines: tuple[Line, ...]
    media: tuple[Recording, ...] = ()
    unclear: tuple[tuple[int, int], ...] = ()  # ms of its sound in which nobody knows what is said
    unread: bool = False  # nobody knows what is said in any of it

    def saying(self, lines: tuple[Line, ...]) -> Entry:
        """The same with other lines."""
        return replace(self, lines=lines)

    @property
    def undecided(self) -> int:
        """Places that nobody has decided of."""
        spans = (span for line in self.lines for span in (*line.spans, *line.label_spans))
        return sum(span.goes is None for span in spans)


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the audit log."""

    at: int  # ms since 1970, UTC
    who: str
    action: str
    object: str  # id of what it was done to


@dataclass(frozen=True, slots=True)
class Made:
    """An account of a pack that stands."""

    folder: Path
    entries: int
    media: int
    marks: int
    damaged: int  # things that do not open, each said so in its place
    manifest: str  # SHA-256 of its manifest (hex)


def _pieces(text: str, spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    found, at = [], 0
    for span in spans:
        found += [(text[at : span.start], ""), (text[span.start : span.end], span.why)]
        at = span.end
    return [piece for piece in (*found, (text[at:], "")) if piece[0]]
