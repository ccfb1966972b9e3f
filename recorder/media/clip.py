"""A stretch of a recording's sound, cut out of it: what lies before and after it is not in it."""

from __future__ import annotations

import io
import wave
from contextlib import closing
from typing import TYPE_CHECKING

from recorder.media.sound import RATE, pcm

if TYPE_CHECKING:
    from recorder.media.readable import Readable
    from recorder.media.sniff import MediaType

MEDIA_TYPE = "audio/wav"
_SAMPLE = 2  # bytes


def cut(readable: Readable, media_type: MediaType, start_ms: int, end_ms: int) -> bytes:
    """The 16 kHz s16le samples between two moments, with silence where the sound ends sooner.

    It is decoded from its beginning, and no further than to the second moment. Raises as `pcm`.
    """
    first, last = _place(start_ms), _place(end_ms)
    found, at = bytearray(), 0
    with closing(pcm(readable, media_type)) as blocks:
        for block in blocks:
            found += block[max(0, first - at) : max(0, last - at)]
            at += len(block)
            if at >= last:
                break
    return bytes(found).ljust(last - first, b"\0")


def wav(samples: bytes) -> bytes:
    """A WAV file of such samples."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(_SAMPLE)
        out.setframerate(RATE)
        out.writeframes(samples)
    return made.getvalue()


def _place(at_ms: int) -> int:
    return at_ms * RATE // 1000 * _SAMPLE
