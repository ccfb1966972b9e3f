"""Diarization error rate, as NIST defines it: missed, false and confused speech over all speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

_STEP_MS = 10
_PERMUTED = 8  # more people than this in either are not matched by trying all ways

Turn = tuple[int, int, str]  # start and end in ms, who


@dataclass(frozen=True, slots=True)
class Errors:
    """Milliseconds of speech; where two speak at once, both count."""

    total: int
    missed: int
    false: int
    confused: int

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.total + other.total,
            self.missed + other.missed,
            self.false + other.false,
            self.confused + other.confused,
        )

    @property
    def rate(self) -> float:
        """The error rate; NaN where nobody speaks."""
        return (self.missed + self.false + self.confused) / self.total if self.total else np.nan


def errors(true: Sequence[Turn], found: Sequence[Turn], end_ms: int, collar_ms: int = 0) -> Errors:
    """What is wrong in `found`.

    Args:
        true: who spoke when.
        found: who is said to have spoken; names need not be the same ones.
        end_ms: the recording's length.
        collar_ms: sound on each side of a true turn's start and end that does not count.
    """
    counted = np.ones(end_ms // _STEP_MS + 1, bool)
    for at in {edge for start, end, _ in true for edge in (start, end)} if collar_ms else ():
        counted[max(at - collar_ms, 0) // _STEP_MS : (at + collar_ms) // _STEP_MS] = False
    real, said = _grid(true, len(counted))[:, counted], _grid(found, len(counted))[:, counted]
    right = _best(real.astype(np.int64) @ said.T.astype(np.int64))
    truly, saidly = real.sum(0), said.sum(0)
    both = int(np.minimum(truly, saidly).sum())
    return Errors(
        total=int(truly.sum()) * _STEP_MS,
        missed=int(np.maximum(truly - saidly, 0).sum()) * _STEP_MS,
        false=int(np.maximum(saidly - truly, 0).sum()) * _STEP_MS,
        confused=(both - right) * _STEP_MS,
    )


def _grid(turns: Sequence[Turn], steps: int) -> NDArray[np.bool_]:
    people = sorted({who for _, _, who in turns})
    grid = np.zeros((len(people), steps), bool)
    for start, end, who in turns:
        grid[people.index(who), start // _STEP_MS : end // _STEP_MS] = True
    return grid


def _best(together: NDArray[np.int64]) -> int:
    """The most that true and found people have in common, each matched with one at most."""
    few, many = sorted(together.shape)
    if many > _PERMUTED:
        raise ValueError("too many people to match")
    table = together if together.shape[0] == few else together.T
    return max(
        sum(int(table[row, column]) for row, column in enumerate(order))
        for order in permutations(range(many), few)
    )
