"""Recordings with a person on each channel: who is louder where is who speaks, without any model."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from transcribe.clips import RATE
from transcribe.speakers import GRID_MS, SPEAKER_MS, Turn, in_order, runs

_STEP = RATE * GRID_MS // 1000  # samples of a channel
_BYTES = 4  # two samples of s16le
_QUIET = 0.003  # loudness (RMS, of 1) below which nobody speaks into a microphone
_OVER_NOISE = 3.0  # times as loud as a channel is at its quietest
_APART = (
    3.0  # times as loud as the other channel: what is less is the other's voice across the room
)
_MOSTLY = 0.8  # of the time in which somebody speaks, one channel is that much louder
_LOUDEST, _QUIETEST = 95, 10  # percentiles


def turns_of_sides(blocks: Iterable[bytes]) -> tuple[Turn, ...]:
    """Who speaks when, of two who have a channel each; empty where the channels say nothing of it.

    Args:
        blocks: 16 kHz s16le of two channels in turn, in blocks of any size.
    """
    loud = _loudness(blocks)
    if not len(loud):
        return ()
    noise = np.percentile(loud, _QUIETEST, axis=0)
    heard = loud > np.maximum(_QUIET, _OVER_NOISE * noise)
    own = heard & (loud > _APART * loud[:, ::-1])
    somebody = int(heard.any(1).sum())
    if not somebody or int(own.any(1).sum()) < _MOSTLY * somebody:
        return ()
    if int(own.sum(0).min()) * GRID_MS < SPEAKER_MS:
        return ()
    # Where both speak at once neither is much louder: as loud as each is by itself.
    level = np.array([np.percentile(loud[own[:, side], side], _LOUDEST) for side in (0, 1)])
    both = (heard & (loud * _APART > level)).all(1)
    active = own | both[:, None]
    return in_order([turn for side in (0, 1) for turn in runs(active[:, side], side)])


def _loudness(blocks: Iterable[bytes]) -> NDArray[np.float32]:
    """RMS of each channel every 20 ms: (steps, 2)."""
    found: list[NDArray[np.float32]] = []
    held = bytearray()
    for block in blocks:
        held += block
        size = len(held) // (_STEP * _BYTES) * _STEP * _BYTES
        if size:
            samples = np.frombuffer(bytes(held[:size]), "<i2").astype(np.float32) / 32768
            steps = samples.reshape(-1, _STEP, 2)
            found.append(np.sqrt((steps**2).mean(1)))
            del held[:size]
    return np.concatenate(found) if found else np.zeros((0, 2), np.float32)
