"""How loud a recording is from moment to moment: what a picture of its sound is drawn from.

    length in ms (4 bytes, little end first) | one byte a stretch, all as long: its loudest moment

Few enough for any screen, whatever its length; worked out as the sound streams by.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from recorder.media.sound import RATE, pcm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recorder.media.readable import Readable
    from recorder.media.sniff import MediaType

MEDIA_TYPE = "application/octet-stream"
MOST = 1500
"""Stretches; a screen shows no more."""

_STRETCH = RATE // 10  # samples that are looked at together, before they are put together further
_BYTES = 2 * _STRETCH
_LOUDEST = 32768


def of(original: Readable, media_type: MediaType) -> bytes:
    """The peaks of a recording's first sound track. Raises as `sound.pcm`."""
    return drawn_from(pcm(original, media_type))


def drawn_from(blocks: Iterable[bytes]) -> bytes:
    """The peaks of 16 kHz s16le samples, a tenth of a second at a time."""
    found = bytearray()
    samples, rest = 0, b""
    for block in blocks:
        samples += len(block) // 2
        data = rest + block
        whole = len(data) - len(data) % _BYTES
        found += _loudest(data[:whole])
        rest = data[whole:]
    found += _loudest(rest + bytes(-len(rest) % _BYTES))
    return struct.pack("<I", samples * 1000 // RATE) + _fewer(bytes(found))


def _loudest(data: bytes) -> bytes:
    if not data:
        return b""
    heights = np.abs(np.frombuffer(data, "<i2").astype(np.int32)).reshape(-1, _STRETCH).max(axis=1)
    # Rounded up, so that a whisper is not drawn as silence.
    scaled = np.minimum((heights * 255 + _LOUDEST - 1) // _LOUDEST, 255)
    return bytes(scaled.astype(np.uint8))


def _fewer(found: bytes) -> bytes:
    """At most `MOST`, each the loudest of as many."""
    if len(found) <= MOST:
        return found
    edges = [len(found) * place // MOST for place in range(MOST + 1)]
    return bytes(max(found[start:end]) for start, end in pairwise(edges))
