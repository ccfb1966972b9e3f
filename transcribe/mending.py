"""A transcript as people of the team write it: British spelling, and names as the case knows them.

The engine's own words stay beside every name that was changed: `Word.heard`. A name that is only
perhaps meant is kept beside the word as it is: `Word.perhaps`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from transcribe.model import Person, Segment, Transcript, Word
from transcribe.names import Likely, bare, likely_names, of_people
from transcribe.spelling import british

_HARDLY = 0.02
"""Probability under which a name of the case is as likely from the hints as from the speaker."""

_CORE = re.compile(r"[^\W\d_].*[^\W\d_]|[^\W\d_]")
_OF = re.compile(r"['’]s?$")


def mended(
    transcript: Transcript,
    people: Sequence[Person],
    glossary: Sequence[str],
    common: Callable[[str], bool],
) -> Transcript:
    """`transcript` with British spelling, and with the misspelt names of `people` put right.

    Args:
        transcript: as it was heard, every segment with its words.
        people: everybody the case knows.
        glossary: local terms, which are nobody's name and spell themselves as they like.
        common: whether a word, written so, is one that many people write.
    """
    names = [person.name for person in people]
    words = [word for segment in transcript.segments for word in segment.words]
    keep = {*of_people(names), *(part for term in glossary for part in term.split())}
    spelled = british([word.text for word in words], keep)
    words = [replace(word, text=text) for word, text in zip(words, spelled, strict=True)]
    for likely in likely_names(spelled, names, glossary, common):
        for place, word in _named(words, likely):
            words[place] = word
    own = {name.casefold() for name in of_people(names)}
    given = iter([_doubted(word, own) for word in words])
    rebuilt = (_rebuilt(segment, given) for segment in transcript.segments)
    segments = (segment for segment in rebuilt if segment is not None)
    how = transcript.parameters | {"spelling": "British", "names": "by sound"}
    return replace(transcript, segments=tuple(segments), parameters=how)


def _named(words: Sequence[Word], likely: Likely) -> Iterator[tuple[int, Word]]:
    """The words of a name, each with its place; one that was heard as two leaves one word."""
    first, last = words[likely.start], words[likely.end - 1]
    heard = " ".join(word.text for word in words[likely.start : likely.end])
    if not likely.sure:
        yield likely.start, replace(first, perhaps=likely.name)
        return
    core = _CORE.search(heard)
    if core is None:  # `likely_names` found letters
        raise ValueError("a name without letters")
    of = _OF.search(core.group())
    text = heard[: core.start()] + likely.name + (of.group() if of else "") + heard[core.end() :]
    sure = min(word.probability for word in words[likely.start : likely.end])
    yield likely.start, Word(first.start_ms, last.end_ms, text, sure, core.group())
    for place in range(likely.start + 1, likely.end):
        yield place, replace(words[place], text="")


def _doubted(word: Word, names: Collection[str]) -> Word:
    """A name that was hardly heard may have been put in by the hints: somebody is to listen."""
    if word.probability >= _HARDLY or bare(word.text).casefold() not in names:
        return word
    return replace(word, probability=0.0)


def _rebuilt(segment: Segment, given: Iterator[Word]) -> Segment | None:
    found = tuple(islice(given, len(segment.words)))
    if found == segment.words:
        return segment
    words = tuple(word for word in found if word.text)
    if not words:  # they are in the name that the segment before ends with
        return None
    text = " ".join(word.text.strip() for word in words)
    start, end = words[0].start_ms, words[-1].end_ms
    return replace(segment, start_ms=start, end_ms=end, text=text, words=words)
