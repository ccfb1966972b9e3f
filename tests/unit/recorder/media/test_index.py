from __future__ import annotations

import struct
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from recorder.errors import MediaError, Unreadable
from recorder.media.index import Insert, Spliced, index_of
from recorder.media.readable import BytesReadable

FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"


@pytest.mark.parametrize(("offset", "length"), [(o, n) for o in range(14) for n in range(14)])
def test_what_is_put_in_is_read_as_if_it_stood_there(offset: int, length: int) -> None:
    spliced = Spliced(BytesReadable(b"abcdefgh"), Insert(3, b"123"))
    whole = b"abc123defgh"
    assert spliced.size == len(whole)
    assert spliced.read(offset, length) == whole[offset : offset + length]


def test_no_index_is_made_for_what_is_no_film_of_fragments() -> None:
    plain = b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x08moov" + b"\0\0\0\x08mdat"
    assert index_of(BytesReadable(plain)) is None


def made(folder: Path, *flags: str) -> bytes:
    path = folder / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=6")
    sound = ("-f", "lavfi", "-i", "sine=frequency=300:duration=6")
    coded = ("-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac")
    words = ("ffmpeg", "-v", "error", *picture, *sound, *coded, *flags, str(path))
    subprocess.run(words, check=True)
    return path.read_bytes()


def test_the_index_names_every_fragment_with_its_bytes_and_its_time(tmp_path: Path) -> None:
    film = made(tmp_path, "-movflags", FRAGMENTS)
    found = index_of(BytesReadable(film))
    assert found is not None
    assert film[found.at + 4 : found.at + 8] == b"moof"
    half = len(found.box) // 2  # one for the picture, one for the sound
    for place, box in enumerate((found.box[:half], found.box[half:]), start=1):
        assert (int.from_bytes(box[:4], "big"), box[4:8]) == (half, b"sidx")
        count = int.from_bytes(box[38:40], "big")
        lines = [box[40 + 12 * n : 52 + 12 * n] for n in range(count)]
        sizes = [int.from_bytes(line[:4], "big") for line in lines]
        times = [int.from_bytes(line[4:8], "big") for line in lines]
        scale, before = int.from_bytes(box[16:20], "big"), int.from_bytes(box[28:36], "big")
        assert (count, before) == (6, half if place == 1 else 0)
        assert abs(sum(times) / scale - 6) < 0.3
        end = found.at + sum(sizes)
        assert end == len(film) or film[end + 4 : end + 8] == b"mfra"
        for start in (found.at + sum(sizes[:n]) for n in range(count)):
            assert film[start + 4 : start + 8] == b"moof"
    spliced = Spliced(BytesReadable(film), found)
    again = tmp_path / "indexed.mp4"
    again.write_bytes(spliced.read(0, spliced.size))
    assert index_of(BytesReadable(again.read_bytes())) is None
    words = ("ffmpeg", "-v", "error", "-ss", "4.5", "-i", str(again), "-f", "null", "-")
    assert subprocess.run(words, check=True, capture_output=True).stderr == b""


# --- whoever made the file chose every number in it ---


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def track(tkhd: bytes = bytes(12) + b"\0\0\0\1", mdhd: bytes = bytes(16)) -> bytes:
    return box(b"trak", box(b"tkhd", tkhd), box(b"mdia", box(b"mdhd", mdhd)))


def fragment(at: int | None, tfhd: bytes = bytes(4) + b"\0\0\0\1") -> bytes:
    """A fragment of track 1 that begins to play `at`; None: its time is left out of its box."""
    when = b"" if at is None else b"\1\0\0\0" + struct.pack(">Q", at)
    traf = box(b"traf", box(b"tfhd", tfhd), box(b"tfdt", when))
    return box(b"moof", traf) + box(b"mdat", b"x")


TWO = fragment(0) + fragment(9)


def test_a_film_made_by_hand_has_an_index() -> None:
    assert index_of(BytesReadable(box(b"moov", track()) + TWO)) is not None


@pytest.mark.parametrize(
    "film",
    [
        box(b"moov", track(tkhd=b"")) + TWO,
        box(b"moov", track(mdhd=b"")) + TWO,
        box(b"moov", box(b"trak")) + TWO,
        box(b"moov", box(b"trak", box(b"tkhd", bytes(16)), box(b"mdia"))) + TWO,
        box(b"moov", box(b"trak", *[box(b"tkhd", bytes(16))] * 2)) + TWO,
        box(b"moov", track()) + fragment(9) + fragment(0),
        box(b"moov", track()) + fragment(0) + fragment(2**40),
        box(b"moov", track()) + fragment(0) + fragment(None),
        box(b"moov", track()) + box(b"moof", box(b"traf")) + TWO,
    ],
    ids=["number", "scale", "empty", "media", "twice", "backwards", "endless", "time", "track"],
)
def test_a_film_whose_numbers_make_no_sense_is_unreadable(film: bytes) -> None:
    with pytest.raises(Unreadable):
        index_of(BytesReadable(film))


def test_no_change_of_a_byte_raises_anything_but_our_own_error() -> None:
    film = box(b"moov", track()) + TWO
    for at in range(len(film)):
        for value in (0, 1, 0x7F, 0xFF):
            with suppress(MediaError):
                index_of(BytesReadable(film[:at] + bytes([value]) + film[at + 1 :]))
