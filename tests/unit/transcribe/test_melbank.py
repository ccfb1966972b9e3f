from __future__ import annotations

import numpy as np
import pytest

from transcribe.clips import RATE, Samples
from transcribe.melbank import BINS, energies


def tone(hertz: float, seconds: float = 1.0) -> Samples:
    wave: Samples = np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    return wave.astype(np.float32)


def test_there_is_a_frame_every_ten_ms_and_none_is_padded() -> None:
    assert energies(tone(440)).shape == (98, BINS)
    assert energies(tone(440, 0.025)).shape == (1, BINS)
    assert energies(tone(440, 0.024)).shape == (0, BINS)


@pytest.mark.parametrize(("hertz", "bin_"), [(300, 10), (1000, 27), (4000, 60)])
def test_a_tone_is_loudest_in_its_own_bin(hertz: float, bin_: int) -> None:
    # The middle of a bin in mel: 80 of them between 20 Hz and 8 kHz.
    mel = 1127 * np.log1p(np.array([20, 8000, hertz]) / 700)
    place = (mel[2] - mel[0]) / (mel[1] - mel[0]) * (BINS + 1) - 1
    assert abs(int(energies(tone(hertz)).mean(0).argmax()) - place) <= 1
    assert abs(place - bin_) < 2


def test_loudness_moves_all_energies_alike() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    apart = energies(noise * 2) - energies(noise)
    assert np.allclose(apart, np.log(4), atol=1e-3)
