from __future__ import annotations

import struct

import pytest

from recorder.media.peaks import MOST, drawn_from

RATE = 16_000


def tone(height: int, samples: int) -> bytes:
    return struct.pack("<h", height) * samples


def read(found: bytes) -> tuple[int, bytes]:
    return struct.unpack("<I", found[:4])[0], found[4:]


def test_each_tenth_of_a_second_is_as_high_as_its_loudest_moment() -> None:
    tenth = RATE // 10
    sound = tone(0, tenth) + tone(1, tenth) + tone(-32768, tenth) + tone(16384, tenth)
    assert read(drawn_from([sound])) == (400, bytes([0, 1, 255, 128]))


@pytest.mark.parametrize("size", [2, 1000, 3198, 3200, 3202, 100_000])
def test_it_is_the_same_however_the_sound_comes(size: int) -> None:
    sound = b"".join(tone(height, 777) for height in range(-30000, 30000, 1500))
    pieces = [sound[start : start + size] for start in range(0, len(sound), size)]
    assert drawn_from(pieces) == drawn_from([sound])
    length, heights = read(drawn_from([sound]))
    assert length == len(sound) // 2 * 1000 // RATE
    assert len(heights) == -(-len(sound) // 3200)


def test_a_long_one_has_no_more_than_a_screen_shows_and_loses_no_loud_moment() -> None:
    quiet, loud = tone(100, RATE), tone(30000, RATE // 10)
    length, heights = read(drawn_from([*[quiet] * 1800, loud, *[quiet] * 1800]))
    assert length == 3_600_100
    assert len(heights) == MOST
    assert [place for place, height in enumerate(heights) if height > 200] == [MOST // 2 - 1] or [
        place for place, height in enumerate(heights) if height > 200
    ] == [MOST // 2]


def test_nothing_has_no_peaks() -> None:
    assert read(drawn_from([])) == (0, b"")
