"""Which heard words may be words for serious harm that were misheard: "Self-Home" for self-harm.

A model writes what is common for what is rare. Nothing is ever changed to such a word, nor from
one: the word that it may have been stands beside what was heard, and somebody listens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from templates.lists import harms
from transcribe.draft.checks.harm import found
from transcribe.lexicon import beginning, ordinary
from transcribe.model import Word
from transcribe.names import ORDINARY, bare
from transcribe.sounds import sounds, within

# Shares of sounds that differ, chosen by measurement: see docs/ACCURACY.md.
_STRANGE, _STRANGE_HARDLY, _HARDLY = 0.15, 0.25, 0.17
_SHORTEST = 5  # sounds of a term; shorter ones are near to half the language
_ABOUT = 2  # sounds by which a term may be longer or shorter
_HALF = 0.5  # probability under which a word is as likely another


def harmful(words: Sequence[Word], known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Which word may be one for serious harm, and which; a word that is one is left alone.

    Args:
        words: of one stretch of speech, in order.
        known: names and local terms, in small letters: none of these is anything else.
    """
    for place, word in enumerate(words):
        heard = bare(word.text).casefold()
        if heard and not word.heard and not word.perhaps and heard not in (known | ORDINARY):
            term = _hidden(heard, word.probability)
            if term is not None:
                yield place, term


def hidden(word: Word) -> bool:
    """Whether a word, as surely as it was heard, may be one for serious harm."""
    heard = bare(word.text).casefold()
    return bool(heard) and heard not in ORDINARY and _hidden(heard, word.probability) is not None


def _hidden(heard: str, probability: float) -> str | None:
    hardly = probability < _HALF
    strange = _STRANGE_HARDLY if hardly else _STRANGE
    most = strange if not ordinary(heard) else _HARDLY if hardly else None
    return None if most is None or found(heard) else _nearest(heard, most)


def near(heard: str) -> bool:
    """Whether what nobody writes sounds nearly like a word for serious harm; in small letters."""
    return not ordinary(heard) and _nearest(heard, _STRANGE_HARDLY) is not None


@lru_cache(maxsize=256)  # of what was said, not all is to stay in memory for ever
def _nearest(heard: str, most: float) -> str | None:
    """The term that sounds most like a word, if it is near enough."""
    length = len(sounds(heard))
    near = (
        (share, term)
        for term, its in _terms()
        if abs(its - length) <= _ABOUT
        and (" " not in term or "-" in heard)
        and (share := within(heard, term, most, begins=True)) is not None
    )
    return min(near, default=(1.0, None))[1]


@cache
def _terms() -> tuple[tuple[str, int], ...]:
    """Every word or phrase for harm that is long enough, and its length in sounds."""
    listed = (
        word
        for harm in harms()
        for group in (harm.general, *harm.kinds)
        for entry in group
        for word in _whole(entry.split(" -")[0])
    )
    sized = {term: len(sounds(term)) for term in listed if found(term)}
    return tuple((term, size) for term, size in sized.items() if size >= _SHORTEST)


def _whole(entry: str) -> Iterator[str]:
    """An entry as it may be said: a star stands for each ending that people write."""
    stem = entry.removesuffix("*")
    forms = beginning(stem) if stem != entry and " " not in stem else ()
    yield from forms or (stem,)
