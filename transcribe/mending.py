"""A transcript as people of the team write it: British spelling, and names as the case knows them.

The engine's own words stay beside every name that was changed: `Word.heard`. A name that is only
perhaps meant is kept beside the word as it is: `Word.perhaps`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from transcribe.model import Person, Segment, Transcript, Word
from transcribe.names import Likely, bare, likely_names, of_people
from transcribe.spelling import british

_HARDLY = 0.02
"""Probability under which a name of the case is as likely from the hints as from the speaker."""
_SAME_CLIP_MS = 30_000
"""The speech model reads no further back: a name that it has written, it is sure of from then on."""

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
    own = of_people(names)
    keep = {*own, *(part for term in glossary for part in term.split())}
    spelled = iter(_capitals(british([word.text for word in words], keep), own, common))
    doubt = _Doubt({name.casefold() for name in own})

    def put_right(segment: Segment) -> Segment:
        heard = [replace(word, text=next(spelled)) for word in segment.words]
        texts, sure = [word.text for word in heard], [word.probability for word in heard]
        for likely in likely_names(texts, names, glossary, common, sure):
            for place, word in _named(heard, likely):
                heard[place] = word
        return _rebuilt(segment, tuple(doubt.of(word) for word in heard if word.text))

    segments = tuple(put_right(segment) for segment in transcript.segments)
    how = transcript.parameters | {"spelling": "British", "names": "by sound"}
    return replace(transcript, segments=segments, parameters=how)


def _capitals(
    texts: Sequence[str], names: Sequence[str], common: Callable[[str], bool]
) -> Iterator[str]:
    """The words with the case's names as they are written: the model puts "ifrah" together of "if"."""
    written = {name.casefold(): name for name in names}
    for text in texts:
        word = bare(text)
        name = written.get(word) if word and not common(word) else None
        yield text if name is None else text.replace(word, name, 1)


def _named(words: Sequence[Word], likely: Likely) -> Iterator[tuple[int, Word]]:
    """The words of a name, each with its place; one that was heard as several leaves one."""
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


class _Doubt:
    """Names that were hardly heard may have been put in by the hints: somebody is to listen."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._until: dict[str, int] = {}  # name to ms: what is written again rests on the first

    def of(self, word: Word) -> Word:
        """The next word, with probability 0 where it is doubtful."""
        name = bare(word.text).casefold()
        if name not in self._names:
            return word
        if word.probability < _HARDLY:
            self._until[name] = word.start_ms + _SAME_CLIP_MS
        elif word.start_ms >= self._until.get(name, 0):
            return word
        return replace(word, probability=0.0)


def _rebuilt(segment: Segment, words: tuple[Word, ...]) -> Segment:
    if words == segment.words:
        return segment
    return replace(segment, text=" ".join(word.text.strip() for word in words), words=words)
