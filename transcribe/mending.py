"""A transcript as people of the team write it: British spelling, and names as the case knows them.

The engine's own words stay beside every name that was changed: `Word.heard`. A name that is only
perhaps meant, or a word for serious harm, is kept beside the word as it is: `Word.perhaps`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from transcribe.guarded import guarded, nearly_harm
from transcribe.harmful import harmful
from transcribe.lexicon import ordinary
from transcribe.model import Person, Segment, Transcript, Word
from transcribe.names import Likely, bare, likely_names, of_people, of_terms, written
from transcribe.spelling import british

_HARDLY = 0.02
"""Probability under which a name of the case is as likely from the hints as from the speaker."""
_SAME_CLIP_MS = 30_000
"""The speech model reads no further back: a name that it has written, it is sure of from then on."""


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
    terms = of_terms(glossary)
    named = (*terms, *own)
    spelled = iter(_capitals(british([word.text for word in words], keep), named, common))
    known = frozenset(bare(word).casefold() for word in keep)

    def known_word(word: str) -> bool:
        """A place is written over nothing that people write, "Gareth" among it."""
        return common(word) or ordinary(word.casefold())

    doubt = _Doubt({name.casefold() for name in own})

    def put_right(segment: Segment) -> Segment:
        heard = [replace(word, text=next(spelled)) for word in segment.words]
        people = _by_sound(heard, names, glossary, common)
        kept = [doubt.of(word) for word in _by_sound(people, terms, names, known_word)]
        for place, term in harmful(kept, known):
            kept[place] = replace(kept[place], perhaps=term)
        return _rebuilt(segment, tuple(kept))

    segments = tuple(put_right(segment) for segment in transcript.segments)
    asked = transcript.parameters.get("names_asked")
    how = "by the speech model and by sound" if asked else "by sound"
    given = transcript.parameters | {"spelling": "British", "names": how}
    return replace(transcript, segments=segments, parameters=given)


def _by_sound(
    words: Sequence[Word],
    names: Sequence[str],
    others: Sequence[str],
    common: Callable[[str], bool],
) -> list[Word]:
    """`words` with those that sound like one of `names`; nothing is looked for behind `others`."""
    texts, sure = [word.text for word in words], [word.probability for word in words]
    nearest = likely_names(texts, names, others, common, sure)
    likely = [_careful(words, one) for one in nearest if _free(words, one)]
    return [word for word in written(words, likely) if word.text]


def _careful(words: Sequence[Word], one: Likely) -> Likely:
    """What is never written over is only asked about."""
    kept = guarded([word.text for word in words], one.start, one.end)
    return replace(one, sure=one.sure and not kept)


def _free(words: Sequence[Word], one: Likely) -> bool:
    """Whether nothing hangs on these words yet, or only whether they are this very name.

    Sound alone answers no question that the speech model left open, and asks none over harm.
    """
    inside = words[one.start : one.end]
    if any(word.heard for word in inside) or nearly_harm(inside):
        return False
    asked = {word.perhaps for word in inside}
    beside = (*words[max(one.start - 1, 0) : one.start], *words[one.end : one.end + 1])
    whole = not any(word.perhaps in asked for word in beside)
    return asked == {None} or (asked == {one.name} and one.sure and whole)


def _capitals(
    texts: Sequence[str], names: Sequence[str], common: Callable[[str], bool]
) -> Iterator[str]:
    """The words with names and terms as they are written: the model puts "ifrah" together of "if"."""
    written = {name.casefold(): name for name in names}
    for text in texts:
        word = bare(text)
        name = written.get(word) if word and not common(word) else None
        yield text if name is None else text.replace(word, name, 1)


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
