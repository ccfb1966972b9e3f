"""Where somebody speaks and no word was heard: what a speech model leaves out must not go unseen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from transcribe.model import Word

LEAST_MS = 2000
"""So much voice without a word is worth listening to. Clear speech has 0.6 s at most between two words."""

Stretch = tuple[int, int]  # ms from the recording's start


def unheard(voice: Sequence[Stretch], words: Sequence[Word]) -> tuple[Stretch, ...]:
    """Stretches of much voice and no word, each from its first voice to its last.

    Args:
        voice: where somebody speaks, in order.
        words: what was heard there, in order.
    """
    if not voice:
        return ()
    edges = [voice[0][0], *(at for word in words for at in (word.start_ms, word.end_ms))]
    between = list(pairwise([*edges, max(voice[-1][1], edges[-1])]))[::2]
    found = []
    for first, last in between:
        alone = [
            (max(start, first), min(end, last))
            for start, end in voice
            if start < last and end > first
        ]
        if sum(end - start for start, end in alone) >= LEAST_MS:
            found.append((alone[0][0], alone[-1][1]))
    return tuple(found)
