"""Telling voices apart while a recording is heard: the sound passes once, for words and for voices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transcribe.clips import samples_of
from transcribe.speakers import looks
from transcribe.voices import Look, Telling

_BYTES = 2  # a sample


class Aside:
    """Sound on its way to be heard; what passes is kept until its voices were looked at."""

    def __init__(self, pcm: Iterable[bytes], telling: Telling | None, start: int) -> None:
        """`pcm` from the recording's first sample on; looked at from sample `start` on."""
        self._pcm, self._telling = pcm, telling
        self._passed, self._start = 0, start * _BYTES  # in bytes
        self._held = bytearray()

    def __iter__(self) -> Iterator[bytes]:
        for block in self._pcm:
            if self._telling is not None:
                self._held += block[max(self._start - self._passed, 0) :]
                self._passed += len(block)
            yield block

    def looks(self, end: int) -> tuple[Look, ...]:
        """The voices from where it was last asked up to sample `end`."""
        if self._telling is None:
            return ()
        size = end * _BYTES - self._start
        samples = samples_of(bytes(self._held[:size]))
        found = tuple(looks(samples, self._start // _BYTES, self._telling))
        del self._held[:size]
        self._start = end * _BYTES
        return found
