"""Whose turn it is: short recordings first, within a fair share for each practitioner.

Start-time fair queueing: every practitioner has a meter of the work that was started for them, in
bytes, and the one whose meter stands lowest goes next, with their shortest recording. Nobody waits
for somebody else's long evening. A long recording's own turn comes too: after `PATIENCE_MS` it goes
before its owner's short ones.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from store.records import Recording

PATIENCE_MS = 60 * 60 * 1000
"""A recording that has waited this long goes before its owner's shorter ones."""


class Turns:
    """The meters. Remembered while a scheduler runs, and harmless to lose."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}
        self._now = 0  # where the meter stood of whoever was served last

    def order(self, waiting: Iterable[Recording], now: int) -> list[Recording]:
        """All of `waiting` in the order in which to start them. `now` is in ms since 1970, UTC."""
        queues: dict[str, deque[Recording]] = defaultdict(deque)
        for recording in sorted(waiting, key=lambda each: _rank(each, now)):
            queues[recording.practitioner_id].append(recording)
        meters = {who: self._meter(who) for who in queues}
        ordered: list[Recording] = []
        while queues:
            who = min(queues, key=lambda each: (meters[each], each))
            recording = queues[who].popleft()
            meters[who] += _cost(recording)
            ordered.append(recording)
            if not queues[who]:
                del queues[who]
        return ordered

    def started(self, recording: Recording) -> None:
        """Count what was started."""
        who = recording.practitioner_id
        self._now = max(self._now, self._meter(who))
        self._used[who] = self._meter(who) + _cost(recording)

    def _meter(self, who: str) -> int:
        # Absence earns no credit: who comes anew, or back, starts where the others are.
        return max(self._used.get(who, 0), self._now)


def _cost(recording: Recording) -> int:
    return max(recording.size, 1)


def _rank(recording: Recording, now: int) -> tuple[bool, int, int]:
    patient = now - recording.received_at < PATIENCE_MS
    return patient, recording.size if patient else 0, recording.received_at
