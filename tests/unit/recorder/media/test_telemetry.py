from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.media import gopro, telemetry
from recorder.media.gopro import Chapter, Film, chapter
from recorder.media.readable import BytesReadable
from tests.gopro import CAMERA, LATITUDE, LONGITUDE, Made, as_gopro, entry, nest, newer, older
from tests.hostile.parts import box

AT = datetime(2026, 7, 3, 14, 5, 7, 250_000, tzinfo=UTC)
FILM = box(b"ftyp", b"mp41") + box(b"mdat", bytes(64)) + box(b"moov", b"")


def _framed(*samples: bytes) -> bytes:
    return b"".join(len(each).to_bytes(4, "big") + each for each in samples)


@pytest.mark.parametrize("second", [older, newer], ids=["GPSU", "GPS9"])
def test_the_first_fix_says_when(second: object) -> None:
    assert callable(second)
    samples = _framed(second(AT, 0), second(AT, 1), second(AT, 2), second(AT + timedelta(hours=1)))
    said = telemetry.first_fix(samples)
    assert said == {"type": "fix", "sample": 2, "at": round(AT.timestamp() * 1000)}


@pytest.mark.parametrize(
    "sample",
    [
        b"",
        bytes(40),
        entry(b"GPSU", "U", 16, b"260703140507.250"),  # without a word of a fix
        nest(
            b"STRM",
            entry(b"GPSF", "L", 4, b"\0\0\0\3"),
            entry(b"GPSU", "U", 16, b"2607031405 no it"),
        ),
        nest(b"STRM", entry(b"GPS9", "?", 31, bytes(31))),
        nest(b"STRM", entry(b"GPS9", "?", 32, b"")),
    ],
)
def test_no_fix_no_time(sample: bytes) -> None:
    assert telemetry.first_fix(_framed(sample)) == {"type": "fix", "sample": None, "at": None}


def test_nesting_has_an_end() -> None:
    deep = older(AT)
    for _ in range(200):
        deep = nest(b"DEVC", deep)
    assert telemetry.first_fix(_framed(deep))["at"] is None


@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
def test_no_bytes_bring_more_than_a_failure(noise: bytes, at: int, value: int) -> None:
    sample = bytearray(_framed(older(AT), newer(AT)))
    sample[at % len(sample)] = value
    film = bytearray(as_gopro(FILM, Made(telemetry=[older(AT)])))
    film[at % len(film)] = value
    with suppress(*telemetry.KNOWN):
        telemetry.first_fix(bytes(sample) + noise)
    with suppress(*telemetry.KNOWN):
        telemetry.index(bytes(film[84:]) + noise, 10)


def test_counts_without_bounds_cost_nothing() -> None:
    many = (2**32 - 1).to_bytes(4, "big")
    film = as_gopro(FILM, Made(telemetry=[older(AT)]))
    for table in (b"stts", b"stsc", b"stsz", b"stco"):
        at = film.index(table) + 8
        with suppress(*telemetry.KNOWN):
            found = telemetry.index(film[film.rindex(b"moov") - 4 :][:at] + many, 1000)
            assert len(found["samples"]) <= 1000


def test_nothing_but_the_time_is_given_back() -> None:
    said = json.dumps(telemetry.first_fix(_framed(older(AT), newer(AT))))
    assert str(abs(LATITUDE)) not in said
    assert str(abs(LONGITUDE)) not in said
    assert set(json.loads(said)) == {"type", "sample", "at"}


@pytest.mark.parametrize("second", [older, newer], ids=["GPSU", "GPS9"])
def test_a_film_says_when_it_began_and_which_camera_made_it(second: object) -> None:
    assert callable(second)
    made = Made(telemetry=[second(AT, 0), second(AT + timedelta(seconds=1))])
    found = gopro.film(BytesReadable(as_gopro(FILM, made)))
    assert found == Film(CAMERA.hex(), AT)


def test_telemetry_that_points_out_of_the_file_is_passed_over() -> None:
    film = as_gopro(FILM, Made(telemetry=[older(AT)]))
    at = film.index(b"stco") + 12
    far = film[:at] + (2**31).to_bytes(4, "big") + film[at + 4 :]
    assert gopro.film(BytesReadable(far)) == Film(CAMERA.hex(), None)


def test_what_no_such_camera_made_is_not_looked_into() -> None:
    assert gopro.film(BytesReadable(FILM)) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("GX010034.MP4", Chapter("GX0034", 1)),
        ("gx120034.mp4", Chapter("GX0034", 12)),
        ("GH029999.MP4", Chapter("GH9999", 2)),
        ("GOPR0034.MP4", Chapter("GP0034", 1)),
        ("GP010034.MP4", Chapter("GP0034", 2)),
        ("GP120034.MP4", Chapter("GP0034", 13)),
        ("GX000034.MP4", None),
        ("GXAA0034.MP4", None),  # of a loop
        ("GX01003.MP4", None),
        ("GX010034 (1).MP4", None),
        ("VID_20260703.mp4", None),
    ],
)
def test_a_name_says_which_chapter(name: str, found: Chapter | None) -> None:
    assert chapter(name) == found
