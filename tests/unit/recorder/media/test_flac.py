"""FLAC files whose last frame is cut or missing."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import Incomplete, RecorderError, Unreadable
from recorder.media import flac
from recorder.media.container import check_complete
from recorder.media.readable import BytesReadable
from recorder.media.sniff import FLAC

BLOCK = 4096


def number(value: int) -> bytes:
    """As a frame holds it: UTF-8, gone further."""
    if value < 0x80:
        return bytes([value])
    rest: list[int] = []
    while value >= 1 << (6 - len(rest)):
        rest.insert(0, 0x80 | value & 0x3F)
        value >>= 6
    return bytes([(0xFF00 >> len(rest) + 1) & 0xFF | value, *rest])


def frame(index: int, samples: int = BLOCK, *, variable: bool = False, level: int = 0) -> bytes:
    """A frame in which every sample is the same."""
    named = {4096: 12}.get(samples, 7)
    head = bytes([0xFF, 0xF9 if variable else 0xF8, named << 4, 0b0000_1000])
    head += number(index)
    if named == 7:
        head += (samples - 1).to_bytes(2, "big")
    head += bytes([flac._crc8(head)])
    body = head + b"\0" + level.to_bytes(2, "big", signed=True)
    return body + flac._crc16(body).to_bytes(2, "big")


def stream_info(total: int) -> bytes:
    packed = 16_000 << 44 | 15 << 36 | total
    return BLOCK.to_bytes(2, "big") * 2 + bytes(6) + packed.to_bytes(8, "big") + bytes(16)


def made(*frames: bytes, total: int) -> bytes:
    return b"fLaC\x80\0\0\x22" + stream_info(total) + b"".join(frames)


def check(data: bytes) -> None:
    check_complete(BytesReadable(data), FLAC)


FRAMES = [frame(at, level=at) for at in range(300)]
WHOLE = made(*FRAMES, frame(300, 1000), total=300 * BLOCK + 1000)
VARIABLE = made(*(frame(at * 500, 500, variable=True) for at in range(300)), total=150_000)


@pytest.mark.parametrize("whole", [WHOLE, VARIABLE])
def test_a_whole_file_passes(whole: bytes) -> None:
    check(whole)
    check(whole + b"TAG" + bytes(125))
    check(b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + whole)


@pytest.mark.parametrize("whole", [WHOLE, VARIABLE])
def test_every_cut_is_noticed(whole: bytes) -> None:
    for cut in {*range(60), *range(len(whole) - 100, len(whole)), len(whole) // 2}:
        with pytest.raises(Incomplete):
            check(whole[:cut])


def test_a_length_that_is_not_said_leaves_the_last_frame_to_tell() -> None:
    streamed = made(*FRAMES, total=0)
    check(streamed)
    check(streamed[: -len(FRAMES[-1])])  # between two frames: nothing shows it
    with pytest.raises(Incomplete):
        check(streamed[:-1])


def test_a_flipped_bit_in_the_last_frame_is_noticed() -> None:
    damaged = bytearray(WHOLE)
    damaged[-4] ^= 1
    with pytest.raises(Incomplete):
        check(bytes(damaged))


def test_a_beginning_that_makes_no_sense_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        check(b"fLaC\x81" + bytes(60))


def test_noise_that_looks_like_frames_is_given_up_on() -> None:
    likeness = frame(5, 1000)[:-2] + b"\0\0"
    with pytest.raises(Incomplete):
        check(made(likeness * 40_000, total=5))


@given(st.binary(max_size=300), st.integers(0, 100))
def test_any_end_passes_or_raises_our_errors(noise: bytes, keep: int) -> None:
    with suppress(RecorderError):
        check(WHOLE[:keep] + noise)
