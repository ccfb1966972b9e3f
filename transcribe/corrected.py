"""What people put right in a transcript: their words and the machine's stay apart for ever.

A transcript never changes. Corrections lie beside it, each the new words of one segment, and the
newest of a segment holds. From them comes which word is whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from transcribe.model import Segment, Source, Statement, Transcript, Word

UNSURE = 0.5
"""Words that the engine thought less likely than this are worth listening to."""


@dataclass(frozen=True, slots=True)
class Correction:
    """New words for a segment, or whose voice it is."""

    segment: int  # its place in the transcript, from 0
    text: str | None  # None: the words stay
    by: str = ""  # person id
    at: int = 0  # ms since 1970, UTC
    speaker: str = ""  # whose voice; empty: that stays
    every: bool = False  # and so is all that this voice says


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the machine's, or the words that a person put in the place of some."""

    text: str  # empty: taken out
    heard: str | None = None  # what the machine wrote here; None: as it stands
    by: str = ""  # whose word it is, a person's id; empty: the machine's
    at: int = 0  # when they wrote it, ms
    unsure: bool = False  # the machine's own, and it was not certain
    taken_for: str | None = None  # what the engine wrote for a name that it is taken for
    start_ms: int | None = None  # where known
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What was put right in one place."""

    words: Said
    before: str  # the word before it, as it stands; empty at the segment's start
    after: str


_LETTERS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_Place = tuple[int, int, str]
"""From which of the machine's words up to which, and what stands there instead."""


def said(segment: Segment, place: int, corrections: Sequence[Correction]) -> tuple[Said, ...]:
    """The words of a segment as they stand after `corrections`, in the order they were made."""
    heard = tuple(_heard(segment))
    turns = [
        (_places(heard, each.text), each)
        for each in corrections
        if each.segment == place and each.text is not None
    ]
    if not turns:
        return heard
    words: list[Said] = []
    done = 0
    for start, end, text in turns[-1][0]:
        words += heard[done:start]
        words.append(_replaced(heard[start:end], text, _first(turns, (start, end, text))))
        done = end
    return (*words, *heard[done:])


def text_of(words: Sequence[Said]) -> str:
    """The words as one line."""
    return " ".join(word.text for word in words if word.text)


def corrected(heard: Transcript, corrections: Sequence[Correction]) -> Transcript:
    """The transcript as people left it; times stay where the words did."""
    touched = {each.segment for each in corrections}
    segments = tuple(
        _segment(segment, said(segment, place, corrections)) if place in touched else segment
        for place, segment in enumerate(heard.segments)
    )
    return replace(heard, segments=segments)


def put_right(heard: Transcript, corrections: Sequence[Correction]) -> tuple[Said, ...]:
    """People's words as they stand now, and the places where they took some out."""
    touched = {each.segment for each in corrections} & set(range(len(heard.segments)))
    words = (said(heard.segments[place], place, corrections) for place in sorted(touched))
    return tuple(word for line in words for word in line if word.heard is not None)


def changes(heard: Transcript, corrections: Sequence[Correction]) -> tuple[Change, ...]:
    """Every place where a transcript now says something else than it did before.

    Than the machine heard, or than it said after an earlier correction: a statement may stand on
    either.
    """
    touched = {each.segment for each in corrections}
    found: list[Change] = []
    for place in sorted(touched & set(range(len(heard.segments)))):
        segment = heard.segments[place]
        mine = [each for each in corrections if each.segment == place and each.text is not None]
        found += _turned(said(segment, place, mine))
        for earlier in mine[:-1]:
            before = replace(segment, text=earlier.text or "", words=())
            found += _turned(said(before, place, mine[-1:]))
    return tuple(found)


def _turned(words: Sequence[Said]) -> Iterator[Change]:
    texts = ["", *(word.text for word in words), ""]
    for index, word in enumerate(words):
        if word.heard is not None:
            yield Change(word, texts[index], texts[index + 2])


def stands_on(statement: Statement, recording: str, found: Sequence[Change]) -> Change | None:
    """The newest change that takes the ground from under a statement; None if there is none.

    One within its sources, whose old words it still uses: they stand in it with the words around
    them, and the new ones do not.
    """
    spans = [source for source in statement.sources if source.recording == recording]
    used = [
        change
        for change in found
        if any(_overlap(source, change.words) for source in spans)
        and _uses(_letters(statement.text), change)
    ]
    return max(used, key=lambda change: change.words.at, default=None)


def _heard(segment: Segment) -> Iterator[Said]:
    for word in segment.words:
        for text in word.text.split():
            yield Said(
                text,
                unsure=word.probability < UNSURE,
                taken_for=word.heard,
                start_ms=word.start_ms,
                end_ms=word.end_ms,
            )
    if not segment.words:
        for text in segment.text.split():
            yield Said(text, start_ms=segment.start_ms, end_ms=segment.end_ms)


def _places(heard: Sequence[Said], text: str) -> list[_Place]:
    new = text.split()
    matcher = SequenceMatcher(None, [word.text for word in heard], new, autojunk=False)
    found: list[_Place] = []
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "replace" and end - start == last - first:  # word for word
            found += [
                (start + n, start + n + 1, word)
                for n, word in enumerate(new[first:last])
                if word != heard[start + n].text
            ]
        elif kind != "equal":
            found.append((start, end, " ".join(new[first:last])))
    return found


def _first(turns: Sequence[tuple[list[_Place], Correction]], place: _Place) -> Correction:
    """Who put these words there: the first of those after whom they were there all along."""
    found = turns[-1][1]
    for places, correction in reversed(turns):
        if place not in places:
            break
        found = correction
    return found


def _replaced(old: Sequence[Said], text: str, correction: Correction) -> Said:
    starts = [word.start_ms for word in old if word.start_ms is not None]
    ends = [word.end_ms for word in old if word.end_ms is not None]
    return Said(
        text,
        heard=" ".join(word.text for word in old),
        by=correction.by,
        at=correction.at,
        start_ms=min(starts, default=None),
        end_ms=max(ends, default=None),
    )


def _segment(segment: Segment, words: Sequence[Said]) -> Segment:
    """The segment with the words that stand; a person is sure of theirs."""
    timed = tuple(_words(segment, words)) if segment.words else ()
    return replace(segment, text=text_of(words), words=timed)


def _words(segment: Segment, words: Sequence[Said]) -> Iterator[Word]:
    machine = iter([word for word in segment.words for _ in word.text.split()])
    last = segment.start_ms or 0
    for word in words:
        start = last if word.start_ms is None else word.start_ms
        last = start if word.end_ms is None else word.end_ms
        if word.heard is None:
            yield replace(next(machine), text=f" {word.text}")
            continue
        for _ in word.heard.split():
            next(machine)
        if word.text:
            yield Word(start, last, f" {word.text}", 1.0)


def _overlap(source: Source, words: Said) -> bool:
    """Whether a source takes in the place of these words; added ones have none of their own."""
    if source.start_ms is None or source.end_ms is None:
        return False
    if words.start_ms is None or words.end_ms is None:
        return True
    return source.start_ms < words.end_ms and words.start_ms < source.end_ms


def _uses(stated: Sequence[str], change: Change) -> bool:
    """Whether words still stand as the machine heard them: around them, at least on one side."""
    before, after = _letters(change.before)[-1:], _letters(change.after)[:1]
    old, new = _letters(change.words.heard or ""), _letters(change.words.text)
    if old == new:  # a comma, a capital
        return False
    while old and new and old[0] == new[0]:
        before, old, new = [old[0]], old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        after, old, new = [old[-1]], old[:-1], new[:-1]
    if not old:
        return bool(before and after) and _stands([*before, *after], stated)
    ways = [[*before, *old], [*old, *after]] if before and after else [[*before, *old, *after]]
    there = any(_stands(way, stated) for way in ways)
    return there and not (new and _stands([*before, *new, *after], stated))


def _stands(words: Sequence[str], stated: Sequence[str]) -> bool:
    size = len(words)
    return any(stated[at : at + size] == words for at in range(len(stated) - size + 1))


def _letters(text: str) -> list[str]:
    """The words alone: a full stop or a capital changes nothing of what was said."""
    return [word.casefold().replace("’", "'") for word in _LETTERS.findall(text)]
