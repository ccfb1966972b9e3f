"""Mel energies as Kaldi makes them, which models of voices are trained on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from transcribe.clips import RATE, Samples

BINS = 80
SHIFT = RATE // 100
"""Samples from one frame to the next: 10 ms."""
_FRAME = RATE // 40  # samples in a frame: 25 ms
_FFT = 512
_PREEMPHASIS = 0.97
_LOWEST, _HIGHEST = 20, RATE / 2  # Hz
_LEAST = np.float32(1.1920929e-07)  # energy: Kaldi's own floor


def energies(samples: Samples) -> NDArray[np.float32]:
    """The logarithms of 80 mel energies every 10 ms: (frames, 80); no frame is padded."""
    if len(samples) < _FRAME:
        return np.zeros((0, BINS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::SHIFT]
    frames = frames - frames.mean(1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], 1)
    spectrum = np.fft.rfft((frames - _PREEMPHASIS * before) * _window(), _FFT)
    power = spectrum.real**2 + spectrum.imag**2
    found: NDArray[np.float32] = np.log(np.maximum(power @ _bank(), _LEAST)).astype(np.float32)
    return found


@lru_cache(maxsize=1)
def _window() -> NDArray[np.float32]:
    """Povey's window: a Hann window that does not reach zero so soon."""
    return (np.hanning(_FRAME) ** 0.85).astype(np.float32)


def _mel(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


@lru_cache(maxsize=1)
def _bank() -> NDArray[np.float32]:
    """Triangles of equal width in mel: (bins of the spectrum, 80)."""
    edges = np.linspace(_mel(_LOWEST), _mel(_HIGHEST), BINS + 2)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    at = _mel(np.arange(_FFT // 2 + 1) * RATE / _FFT)[:, None]
    rising, falling = (at - low) / (middle - low), (high - at) / (high - middle)
    return np.maximum(np.minimum(rising, falling), 0).astype(np.float32)
