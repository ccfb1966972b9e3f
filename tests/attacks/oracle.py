"""What the attack suites share: how many attacks to make, from which seed, and what came of them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from typing import TypeVar

from store.errors import StoreError

T = TypeVar("T")

FULL = 10_000
"""What `--attacks` is in a full run. Every goal has a count of its own, and takes this share of it."""


@dataclass
class Attack:
    """The attacks of one kind that a run makes, and what came of them."""

    goal: str  # its number in the list of goals, then what is done
    seed: str
    planned: int
    attempts: int = 0
    accepted: int = 0  # taken for what they are not
    released: int = 0  # bytes given out that nobody sealed there
    early: int = 0  # bytes given out, and shown to be authentic, before the change was reached
    first: str = ""  # accepted
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/{self.goal}")

    def read(self, what: object, reading: Callable[[], Iterable[bytes]], original: bytes) -> None:
        """One attack on something that is given out in pieces: it must break off before its end.

        What is given out until then must be the original's own bytes in their own place.
        """
        self.attempts += 1
        place = 0
        try:
            for piece in reading():
                wrong = _differing(piece, original[place : place + len(piece)])
                self.released += wrong
                self.early += len(piece) - wrong
                place += len(piece)
        except StoreError:
            return
        self._accept(what)

    def refuse(self, what: object, act: Callable[[], object]) -> None:
        """One attack on something that is given out whole or not at all."""
        self.attempts += 1
        try:
            given = act()
        except StoreError:
            return
        self.released += len(given) if isinstance(given, bytes) else 0
        self._accept(what)

    def check(self, what: object, *, well: bool) -> None:
        """One trial of something that must simply hold."""
        self.attempts += 1
        if not well:
            self._accept(what)

    def some_of(self, population: Sequence[T]) -> Sequence[T]:
        """As many as are planned, at random; all of them in a full run of as many."""
        if self.planned >= len(population):
            return population
        return self.chance.sample(population, self.planned)

    def counts(self) -> dict[str, str | int]:
        """What it takes to make this again, chance apart: plain values."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}

    def hold(self) -> None:
        """AssertionError unless every attack that was planned was made, and none got through."""
        came = f"{self.goal}: {self.accepted} of {self.attempts} accepted, {self.released} bytes"
        assert self.attempts >= self.planned > 0, f"{came}, {self.planned} planned"
        assert (self.accepted, self.released) == (0, 0), f"{came}; seed {self.seed}: {self.first}"

    def _accept(self, what: object) -> None:
        self.accepted += 1
        self.first = self.first or repr(what)


Attacks = Callable[[str, int], AbstractContextManager[Attack]]
"""(goal, how many in a full run) -> a count of attacks, open for as long as they are made."""


def planned(full: int, asked: int) -> int:
    """How many of a goal's `full` attacks a run makes.

    Its share, but less than a full run makes no more than twice what was asked for: some goals
    count in millions.
    """
    if asked >= FULL:
        return math.ceil(full * asked / FULL)
    return max(1, min(math.ceil(full * asked / FULL), 2 * asked))


def table(attacks: Iterable[Attack]) -> list[str]:
    """The lines of a table of what was tried and what came of it."""
    sums: dict[str, Attack] = {}
    for each in attacks:
        total = sums.setdefault(each.goal, Attack(each.goal, each.seed, 0))
        for name in ("attempts", "accepted", "released", "early"):
            setattr(total, name, getattr(total, name) + getattr(each, name))
    heads = ("goal", "attempts", "accepted", "released", "authentic, before it was found")
    rows = [
        (a.goal, f"{a.attempts:,}", f"{a.accepted:,}", f"{a.released:,} B", f"{a.early:,} B")
        for a in sorted(sums.values(), key=lambda a: (int(a.goal.split()[0]), a.goal))
    ]
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in (heads, *rows)
    ]


def _differing(given: bytes, original: bytes) -> int:
    """How many bytes of `given` are not the original's."""
    if given == original:
        return 0
    same = sum(a == b for a, b in zip(given, original, strict=False))
    return len(given) - same
