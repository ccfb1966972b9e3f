"""What of a recording each session was sent, and so can have been heard there.

A browser says when a stretch was played to its end; anybody can say that. Believed is it only where
this process itself sent the session about the bytes of the stretch, and as much time has passed
since as it takes to hear what was said to be heard. That somebody was listening is never known:
docs/adr/0037.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from recorder.errors import StateError

FASTEST = 2.0
"""As browsers play at most, times as fast as it was said."""

_MOST = 2000  # recordings that are remembered, the latest
_LIFE = 12 * 60 * 60.0  # seconds: no session is longer
_SLACK = 1.0  # seconds, for clocks and what a player skips at both ends
_MARGIN = 0.1  # of a file, by which a moment's bytes may lie elsewhere than its length says
_MARGIN_BYTES = 1024 * 1024
_ENOUGH = 0.25  # of its share of the bytes: speech is sent in more than silence, never in so few
NOT_SENT = (
    "play this sentence first: what was said there was not sent to you since you signed in, or "
    "Recorder was started anew. Reload the page and play it to its end"
)
TOO_SOON = "that was too soon to have heard it: play the sentence to its end"


class Spans:
    """Stretches on a line, joined where they touch."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """One more."""
        if start >= end:
            return
        apart = [(a, b) for a, b in self._spans if b < start or a > end]
        joined = [(a, b) for a, b in self._spans if b >= start and a <= end]
        whole = (min([start, *(a for a, _ in joined)]), max([end, *(b for _, b in joined)]))
        self._spans = sorted([*apart, whole])

    def within(self, start: int, end: int) -> int:
        """How much of a stretch they cover."""
        return sum(max(0, min(b, end) - max(a, start)) for a, b in self._spans)

    @property
    def length(self) -> int:
        """Of them all."""
        return sum(b - a for a, b in self._spans)

    def with_(self, start: int, end: int) -> Spans:
        """These and one more."""
        found = Spans()
        for each in (*self._spans, (start, end)):
            found.add(*each)
        return found


@dataclass(slots=True)
class _Sent:
    since: float
    files: dict[int, Spans] = field(default_factory=dict)  # bytes, by the size of what was sent
    heard: Spans = field(default_factory=Spans)  # ms that were believed


class Served:
    """Remembers it while this process runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: OrderedDict[tuple[str, str], _Sent] = OrderedDict()
        self._lock = Lock()

    def sent(self, session: str, recording_id: str, size: int, start: int, end: int) -> None:
        """Bytes of a file of `size` go to a session: a recording, or what plays in its place."""
        with self._lock:
            found = self._sent.setdefault((session, recording_id), _Sent(self._clock()))
            found.files.setdefault(size, Spans()).add(start, end)
            self._sent.move_to_end((session, recording_id))
            while len(self._sent) > _MOST:
                self._sent.popitem(last=False)

    def prove(
        self, session: str, recording_id: str, length_ms: int | None, span: tuple[int, int]
    ) -> None:
        """StateError unless this session can have heard `span` (ms) of a recording."""
        with self._lock:
            found = self._sent.get((session, recording_id))
            if found is None or self._clock() - found.since > _LIFE:
                raise StateError(NOT_SENT)
            if not any(_covers(*each, length_ms, span) for each in found.files.items()):
                raise StateError(NOT_SENT)
            heard = found.heard.with_(*span)
            if heard.length / 1000 > FASTEST * (self._clock() - found.since) + _SLACK:
                raise StateError(TOO_SOON)
            found.heard = heard


def _covers(size: int, sent: Spans, length_ms: int | None, span: tuple[int, int]) -> bool:
    """Whether enough was sent of about where a stretch lies.

    Where in a file a moment lies only its index says; by its length it is known roughly.
    """
    if not length_ms:
        return sent.length > 0
    first, last = (min(at / length_ms, 1.0) * size for at in span)
    margin = max(size * _MARGIN, _MARGIN_BYTES)
    there = sent.within(max(0, int(first - margin)), min(size, int(last + margin)))
    return there >= _ENOUGH * (last - first) and there > 0
