from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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
