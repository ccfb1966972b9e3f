"""Films as a GoPro writes them: sound, a picture, telemetry with a place in it, and chapters."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.hostile.parts import box, full_box

CAMERA = bytes(range(1, 17))
LATITUDE, LONGITUDE = 514_561_234, -1_912_345  # of a place in Wandsworth, in 1e-7 degrees
PLACE = "+51.4561-000.1912/"  # the same, as ISO 6709 has it
_2000 = datetime(2000, 1, 1, tzinfo=UTC)
_SAMPLE_MS = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """What a made film says of itself."""

    wall: datetime = datetime(2026, 7, 3, 15, 5, 0)  # noqa: DTZ001 - by the camera's clock
    camera: bytes = CAMERA
    telemetry: Sequence[bytes] = field(default_factory=tuple)  # a sample a second
    place: str = PLACE  # in the film's own notes


def entry(key: bytes, kind: str, size: int, *values: bytes) -> bytes:
    """A key, length and value of GPMF."""
    body = b"".join(values)
    repeat = len(body) // size if size else 0
    head = (
        key + (b"\0" if kind == "" else kind.encode()) + bytes([size]) + repeat.to_bytes(2, "big")
    )
    return head + body + bytes(-len(body) % 4)


def nest(key: bytes, *entries: bytes) -> bytes:
    """Entries within one."""
    body = b"".join(entries)
    return key + b"\0\x01" + len(body).to_bytes(2, "big") + body + bytes(-len(body) % 4)


def older(moment: datetime, fix: int = 3) -> bytes:
    """A second of telemetry as cameras up to the tenth write it."""
    said = f"{moment:%y%m%d%H%M%S}.{moment.microsecond // 1000:03}".encode()
    place = b"".join(
        each.to_bytes(4, "big", signed=True) for each in (LATITUDE, LONGITUDE, 0, 0, 0)
    )
    stream = nest(
        b"STRM",
        entry(b"GPSF", "L", 4, fix.to_bytes(4, "big")),
        entry(b"GPSU", "U", 16, said),
        entry(b"GPS5", "l", 20, place),
    )
    steady = nest(b"STRM", entry(b"ACCL", "s", 6, bytes(12)))
    return nest(b"DEVC", entry(b"DVNM", "c", 1, b"Camera"), steady, stream)


def newer(moment: datetime, fix: int = 3) -> bytes:
    """A second of telemetry as cameras from the eleventh on write it."""
    since = moment - _2000
    ms = since.seconds * 1000 + since.microseconds // 1000
    numbers = (LATITUDE, LONGITUDE, 0, 0, 0, since.days, ms)
    sample = b"".join(each.to_bytes(4, "big", signed=True) for each in numbers)
    sample += (100).to_bytes(2, "big") + fix.to_bytes(2, "big")
    scales = (10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1)
    return nest(
        b"DEVC",
        nest(
            b"STRM",
            entry(b"TYPE", "c", 1, b"lllllllSS"),
            entry(b"SCAL", "l", 4, *(each.to_bytes(4, "big") for each in scales)),
            entry(b"GPS9", "?", 32, sample),
        ),
    )


def write(path: Path, voice: Path | None, start: float, seconds: float, made: Made) -> Path:
    """A film with `seconds` of the sound in `voice` (None: a tone), as a camera writes it."""
    tone = "sine=frequency=300:sample_rate=48000"
    heard = ["-ss", f"{start}", "-i", str(voice)] if voice else ["-f", "lavfi", "-i", tone]
    colour = f"color=c=gray:s=64x36:r=5:d={seconds}"
    stamp = f"creation_time={made.wall.isoformat()}Z"
    argv = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", colour, *heard]
    argv += ["-t", f"{seconds}", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-c:a", "aac"]
    subprocess.run([*argv, "-metadata", stamp, str(path)], check=True)
    path.write_bytes(as_gopro(path.read_bytes(), made))
    return path


def as_gopro(film: bytes, made: Made) -> bytes:
    """A film with its index last, with the notes and the telemetry of a camera."""
    at = film.rindex(b"moov") - 4
    samples = b"".join(made.telemetry)
    media = box(b"mdat", samples)
    tracks = [_track(made.telemetry, at + 8)] if made.telemetry else []
    place = len(made.place).to_bytes(2, "big") + b"\x15\xc7" + made.place.encode()
    notes = box(
        b"udta",
        box(b"\xa9xyz", place),
        box(b"FIRM", b"HD5.02.02.00.00"),
        box(b"MUID", made.camera + bytes(16)),
        box(b"hint", b"GoPro"),
    )
    return film[:at] + media + box(b"moov", film[at + 8 :], *tracks, notes)


def _track(samples: Sequence[bytes], offset: int) -> bytes:
    """A track of telemetry whose samples lie one behind the other."""

    def number(value: int) -> bytes:
        return value.to_bytes(4, "big")

    entry_ = box(b"gpmd", bytes(6) + (1).to_bytes(2, "big"))
    tables = box(
        b"stbl",
        full_box(b"stsd", number(1), entry_),
        full_box(b"stts", number(1), number(len(samples)), number(_SAMPLE_MS)),
        full_box(b"stsc", number(1), number(1), number(len(samples)), number(1)),
        full_box(
            b"stsz", number(0), number(len(samples)), *(number(len(each)) for each in samples)
        ),
        full_box(b"stco", number(1), number(offset)),
    )
    data = box(b"dinf", full_box(b"dref", number(1), full_box(b"url ", flags=1)))
    info = box(b"minf", full_box(b"nmhd"), data, tables)
    long = number(len(samples) * _SAMPLE_MS)
    head = full_box(b"mdhd", bytes(8), number(1000), long, bytes(4))
    handler = full_box(b"hdlr", b"mhlrmeta", bytes(12), b"\x09GoPro MET")
    identity = full_box(b"tkhd", bytes(8), number(9), bytes(4), long, bytes(60), flags=7)
    return box(b"trak", identity, box(b"mdia", head, handler, info))
