"""Sound with silence in it, made of what phones make: nothing is left under it, and nothing else is touched."""

from __future__ import annotations

import io
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.access.burning import _silenced, sound
from recorder.media.sniff import TYPES

_TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3")
_LOUD = 1000


class _Bytes:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read(self, offset: int, length: int) -> bytes:
        return self._content[offset : offset + length]


@pytest.mark.parametrize(("ending", "codec"), [("ogg", "libopus"), ("m4a", "aac")])
def test_a_stretch_is_silent_and_the_rest_is_to_the_sample_what_it_was(
    ending: str, codec: str, tmp_path: Path
) -> None:
    path = tmp_path / f"voice.{ending}"
    made_by = ["ffmpeg", "-v", "error", *_TONE, "-c:a", codec, str(path)]
    subprocess.run(made_by, check=True, stdin=subprocess.DEVNULL)
    content = _Bytes(path.read_bytes())
    whole, made = (
        _samples(b"".join(sound(content, TYPES[ending], silences)))
        for silences in ((), ((-500, 100), (1000, 1500), (1400, 1600), (2900, 99_000)))
    )
    assert abs(len(whole) - 48_000) < 2_000
    assert len(made) == len(whole)
    quiet = np.zeros(len(whole), bool)
    for first, last in ((0, 1_600), (16_000, 25_600), (46_400, len(whole))):
        quiet[first:last] = True
        assert np.abs(whole[first + 800 : last - 800]).max(initial=_LOUD + 1) > _LOUD
    assert not made[quiet].any()
    assert (made[~quiet] == whole[~quiet]).all()


def _samples(content: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        frames = file.readframes(file.getnframes())
    return np.frombuffer(frames, np.int16)


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(-5, 12), st.integers(-5, 12)), max_size=4),
)
def test_it_does_not_matter_where_one_block_ends_and_the_next_begins(
    samples: list[int], silences: list[tuple[int, int]]
) -> None:
    whole, at = b"\x01\x01" * sum(samples), 0
    pieces = b""
    for count in samples:
        pieces += _silenced(whole[at : at + 2 * count], at, silences)
        at += 2 * count
    wanted = bytearray(whole)
    for sample in range(sum(samples)):
        if any(max(a, 0) * 16 <= sample < max(b, 0) * 16 for a, b in silences):
            wanted[2 * sample : 2 * sample + 2] = b"\0\0"
    assert pieces == bytes(wanted)
