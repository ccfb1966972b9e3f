"""What somebody decided of each place, laid over what a machine marked; and what is left once it is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recorder.access.model import Entry, Line, Span
from store.redactions import PICTURE, SOUND, WORDS, Ruled, Ruling

REMOVED = "[removed: about somebody else]"
_LABEL = "#label"
_AROUND = 150  # ms of sound beside a word that go with it: voices begin before they are measured
_PERSON = "person"

Stretch = tuple[int, int]
"""From and to: characters, or ms."""


def label_key(line: Line) -> str:
    """Under which rulings on a line's label are kept."""
    return line.key + _LABEL


@dataclass(frozen=True, slots=True)
class Rulings:
    """The newest on each place."""

    of: dict[tuple[str, str, tuple[int, ...]], Ruling]

    @classmethod
    def from_entries(cls, ruled: Iterable[Ruled]) -> Rulings:
        """Of a case's entries, oldest first."""
        return cls({each.about: each for one in ruled for each in one.rulings})

    def over(self, entry: Entry) -> Entry:
        """An entry with what was decided of its places, and those that a person marked."""
        return entry.saying(tuple(map(self._line, entry.lines)))

    def boxes(self, recording_id: str) -> list[tuple[int, ...]]:
        """Parts of a picture that go (‰ of its sides: left, top, right, bottom)."""
        return [each.place for each in self._going(PICTURE, recording_id)]

    def silences(self, recording_id: str) -> list[Stretch]:
        """Stretches of its sound that somebody said are to go (ms)."""
        return [(each.place[0], each.place[1]) for each in self._going(SOUND, recording_id)]

    def _going(self, kind: str, where: str) -> list[Ruling]:
        return [
            each
            for each in self.of.values()
            if (each.kind, each.where) == (kind, where) and each.goes
        ]

    def _line(self, line: Line) -> Line:
        return replace(
            line,
            spans=self._spans(line.key, line.spans),
            label_spans=self._spans(label_key(line), line.label_spans),
        )

    def _spans(self, where: str, marked: Sequence[Span]) -> tuple[Span, ...]:
        """Those that were marked with what became of them, and those that a person added."""
        mine = [each for each in self.of.values() if (each.kind, each.where) == (WORDS, where)]
        by_place = {(each.place[0], each.place[1]): each for each in mine}
        found = [_decided(each, by_place.pop((each.start, each.end), None)) for each in marked]
        found += [Span(*place, _PERSON, each.goes, each.why) for place, each in by_place.items()]
        return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def carried_out(entry: Entry) -> Entry:
    """What is left of an entry: of what goes not a letter, and of what nobody could read no sound."""
    media = () if entry.unread else entry.media
    return replace(entry, lines=tuple(map(_without, entry.lines)), media=media)


def silent(entry: Entry) -> list[Stretch]:
    """When (ms) the words that go were said."""
    found = []
    for line in entry.lines:
        for span in line.spans:
            if span.goes and line.words:
                found += _said(line, span)
    return found


def _decided(span: Span, ruling: Ruling | None) -> Span:
    return span if ruling is None else replace(span, goes=ruling.goes, reason=ruling.why)


def _without(line: Line) -> Line:
    label, text = _cut(line.label, line.label_spans), _cut(line.text, line.spans)
    return Line(label, text, heading=line.heading)


def _cut(text: str, spans: Iterable[Span]) -> str:
    """The text with each stretch that goes replaced, those that touch or overlap by one mark."""
    kept, at = [], 0
    for start, end in _joined((span.start, span.end) for span in spans if span.goes):
        kept += [text[at:start], REMOVED]
        at = end
    return "".join((*kept, text[at:]))


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _said(line: Line, span: Span) -> list[Stretch]:
    """When the words were said that this stretch of the line is in; all of it where that cannot be told."""
    at, found = 0, []
    whole = "".join(word.text for word in line.words)
    shift = whole.find(line.text.strip())
    if shift < 0:
        return [(line.words[0].start_ms - _AROUND, line.words[-1].end_ms + _AROUND)]
    shift -= len(line.text) - len(line.text.lstrip())
    for word in line.words:
        if at < span.end + shift and at + len(word.text) > span.start + shift:
            found.append((word.start_ms - _AROUND, word.end_ms + _AROUND))
        at += len(word.text)
    return found
