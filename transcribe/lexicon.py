"""Which words people write."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from importlib import resources
from itertools import islice, takewhile

_ENDINGS = ("s", "es", "d", "ed", "ing", "r", "er", "y", "ly")


def ordinary(heard: str) -> bool:
    """Whether people write a word, or one of which it is a form; in small letters."""
    return heard in _written() or any(
        heard.endswith(ending) and heard.removesuffix(ending) in _written() for ending in _ENDINGS
    )


def beginning(stem: str) -> tuple[str, ...]:
    """The words that begin with these letters, in order."""
    words = _sorted()
    first = bisect_left(words, stem)
    return tuple(takewhile(lambda word: word.startswith(stem), islice(words, first, None)))


@cache
def _written() -> frozenset[str]:
    """Those that the sentence model has in one piece."""
    file = resources.files("transcribe.draft") / "data" / "vocabulary.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


@cache
def _sorted() -> tuple[str, ...]:
    return tuple(sorted(_written()))
