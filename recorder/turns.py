"""Whose turn it is: short recordings first, within a fair share for each practitioner.

Start-time fair queueing: every practitioner has a meter of the work that was started for them, in
bytes, and the one whose meter stands lowest goes next, with their shortest recording. Nobody waits
for somebody else's long evening. A long recording's own turn comes too: after `PATIENCE_MS` it goes
before its owner's short ones.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Protocol, TypeVar

PATIENCE_MS = 60 * 60 * 1000
"""A recording that has waited this long goes before its owner's shorter ones."""


class Item(Protocol):
    """Something to be done for somebody."""

    @property
    def id(self) -> str:
        """Of a recording, or of a file that is nobody's yet."""

    @property
    def practitioner_id(self) -> str:
        """For whom it is; empty for nobody's."""

    @property
    def size(self) -> int:
        """Bytes that stand for the work."""

    @property
    def received_at(self) -> int:
        """Since when it waits (ms since 1970, UTC)."""


T = TypeVar("T", bound=Item)


class Turns:
    """The meters. Remembered while a scheduler runs, and harmless to lose."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}
        self._now = 0  # where the meter stood of whoever was served last

    def order(self, waiting: Iterable[T], now: int) -> list[T]:
        """All of `waiting` in the order in which to start them. `now` is in ms since 1970, UTC."""
        queues: dict[str, deque[T]] = defaultdict(deque)
        for item in sorted(waiting, key=lambda each: _rank(each, now)):
            queues[item.practitioner_id].append(item)
        meters = {who: self._meter(who) for who in queues}
        ordered: list[T] = []
        while queues:
            who = min(queues, key=lambda each: (meters[each], each))
            item = queues[who].popleft()
            meters[who] += _cost(item)
            ordered.append(item)
            if not queues[who]:
                del queues[who]
        return ordered

    def started(self, item: Item) -> None:
        """Count what was started."""
        who = item.practitioner_id
        self._now = max(self._now, self._meter(who))
        self._used[who] = self._meter(who) + _cost(item)

    def _meter(self, who: str) -> int:
        # Absence earns no credit: who comes anew, or back, starts where the others are.
        return max(self._used.get(who, 0), self._now)


def _cost(item: Item) -> int:
    return max(item.size, 1)


def _rank(item: Item, now: int) -> tuple[bool, int, int]:
    patient = now - item.received_at < PATIENCE_MS
    return patient, item.size if patient else 0, item.received_at
