"""Finds the loops that a speech model falls into: the same few words over and over."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 12  # words in the phrase that comes again
# People say "no, no, no" and "I don't know" three times over. More than that, or a longer phrase
# that comes back word for word, is more often the model than the speaker.
_SHORT = 3  # words in a short phrase
_TIMES_SHORT = 4
_TIMES_LONG = 3


def looped(words: Sequence[str]) -> frozenset[int]:
    """The indexes of words in a phrase that is said again and again without a break."""
    plain = [re.sub(r"\W", "", word).casefold() for word in words]
    found: set[int] = set()
    for length in range(1, min(LONGEST, len(plain) // 2) + 1):
        least = length * (_TIMES_SHORT if length <= _SHORT else _TIMES_LONG)
        start = 0
        for index in range(length, len(plain) + 1):
            if index < len(plain) and plain[index] == plain[index - length]:
                continue
            if index - start >= least:
                found.update(range(start, index))
            start = index - length + 1
    return frozenset(found)
