"""Films that look like a GoPro's, whose telemetry lies about itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tests.gopro import Made, as_gopro, entry, nest, newer, older
from tests.hostile import films
from tests.hostile.parts import Hostile

_AT = datetime(2026, 7, 3, 14, 5, tzinfo=UTC)
_MANY = b"\xff\xff\xff\xff"
_TABLES = (b"stts", b"stsc", b"stsz", b"stco")


def telemetry() -> Iterator[Hostile]:
    """Tables without bounds, nests without end, times that are none."""
    plain = films.film(films.track()).replace(b"qt  ", b"isom")
    deep = older(_AT)
    for _ in range(3000):
        deep = nest(b"DEVC", deep)[:65_000]
    samples = {
        "deep": [deep],
        "short": [b"DEVC\0\xff\xff\xff"],
        "empty": [b""] * 5000,
        "many": [older(_AT, 0)] * 2000,
        "large": [b"\0" * 300_000],
        "no-date": [
            entry(b"GPSF", "L", 4, b"\0\0\0\3") + entry(b"GPSU", "U", 16, b"991399256199.999")
        ],
        "far": [newer(_AT).replace(b"GPS9?", b"GPS9\xff")],
    }
    for number, made in enumerate(samples.values(), start=1):
        yield _film(number, as_gopro(plain, Made(telemetry=made)))
    honest = as_gopro(plain, Made(telemetry=[older(_AT)] * 3))
    for number, table in enumerate(_TABLES, start=50):
        at = honest.rindex(table) + (12 if table == b"stsz" else 8)
        yield _film(number, honest[:at] + _MANY + honest[at + 4 :])
        yield _film(number + 10, honest[:at] + _MANY * 2 + honest[at + 8 :])


def _film(number: int, data: bytes) -> Hostile:
    return Hostile("telemetry", f"GX01{number:04}.MP4", data)
