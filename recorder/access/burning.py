"""Media with what goes taken out of it for good: made anew, so that nothing of it is under what is seen or heard."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

from recorder.access.rulings import Stretch
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from recorder.media.sound import pcm

_RATE = 16_000  # samples a second, as `pcm` gives them
_SAMPLE = 2  # bytes
_LONGEST = 0xFFFF_FFFF  # that a WAV can say: 37 hours


def sound(
    readable: Readable, media_type: MediaType, silences: Sequence[Stretch]
) -> Iterator[bytes]:
    """A WAV of the first sound track, silent in these stretches (ms), as long as it was.

    Raises what `pcm` raises.
    """
    # Decoded twice, so that the file says how long it is and the memory holds a block of it at most.
    yield _header(sum(map(len, pcm(readable, media_type))))
    at = 0
    for block in pcm(readable, media_type):
        yield _silenced(block, at, silences)
        at += len(block)


def _silenced(block: bytes, at: int, silences: Iterable[Stretch]) -> bytes:
    """A block that begins `at` so many bytes, with zeros where it is to be silent."""
    made = bytearray(block)
    for start, end in silences:
        first = max(_place(start) - at, 0)
        last = min(_place(end) - at, len(made))
        if first < last:
            made[first:last] = bytes(last - first)
    return bytes(made)


def _place(ms: int) -> int:
    return max(ms, 0) * _RATE // 1000 * _SAMPLE


def _header(length: int) -> bytes:
    """Of a WAV with so many bytes of sound."""
    kind = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE * _SAMPLE, _SAMPLE, 16)
    riff = struct.pack("<4sI4s", b"RIFF", min(length + 36, _LONGEST), b"WAVE")
    return riff + kind + struct.pack("<4sI", b"data", min(length, _LONGEST))
