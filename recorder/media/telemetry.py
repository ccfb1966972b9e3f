"""Runs inside a closed-off child: what a GoPro film's index and telemetry say of when it was made.

    telemetry.py index MOST_SAMPLES     the film's index (`moov`) on stdin
    telemetry.py time                   telemetry samples on stdin, each behind its length (4 bytes)

The answer is one line of JSON. GPMF, the maker's format, is nested keys, lengths and values. Of all
that stands in it (place, speed, faces) only the time of a satellite fix is looked at, and nothing
else is ever given back. It imports nothing of Recorder: nothing of Recorder is to be seen in there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain, repeat
from typing import Any

_HEADER = 8
_LARGE_HEADER = 16
_MOST_BOXES = 10_000  # in one parent
_MOST_CHUNKS = 1_000_000
_DEPTH = 4  # DEVC and STRM, and room for more
_FIX = 2  # of satellites: in two dimensions or three
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # that GPS9 counts its days from
_GPS9 = 32  # bytes of a sample: seven numbers of four bytes, then precision and fix
_MS_A_DAY = 86_400_000
_FORM = "%y%m%d%H%M%S.%f"  # of GPSU
_ID = 16  # bytes of a media id that all chapters of one film share


class _WrongError(Exception):
    """The bytes are not what they should be."""


KNOWN = (_WrongError, LookupError, ValueError, OverflowError, MemoryError)
"""All that bytes which make no sense bring about."""


def main(arguments: list[str]) -> None:
    """Answer one question about what is on stdin."""
    data = sys.stdin.buffer.read()
    said: dict[str, Any]
    try:
        said = index(data, int(arguments[1])) if arguments[0] == "index" else first_fix(data)
    except KNOWN:
        said = {"type": "failed"}
    sys.stdout.write(json.dumps(said) + "\n")


def index(data: bytes, most: int) -> dict[str, Any]:
    """Which camera made a film, and where its telemetry lies: offset, length and time (ms)."""
    camera = ""
    samples: list[tuple[int, int, int]] = []
    for kind, body in _boxes(_whole(data, b"moov")):
        if kind == b"udta":
            camera = _camera(dict(_boxes(body)))
        elif kind == b"trak" and not samples:
            samples = _telemetry(body, most)
    return {"type": "index", "camera": camera, "samples": samples}


def first_fix(data: bytes) -> dict[str, Any]:
    """The first time (ms since 1970, UTC) that came from satellites, and in which sample."""
    for number, sample in enumerate(_framed(data)):
        at = _time(sample)
        if at is not None:
            return {"type": "fix", "sample": number, "at": at}
    return {"type": "fix", "sample": None, "at": None}


# --- the film's index ---


def _boxes(body: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes in `body`. QuickTime ends some lists with four zero bytes."""
    at = 0
    for _ in range(_MOST_BOXES):
        if len(body) - at < _HEADER:
            return
        size, kind, header = _number(body[at : at + 4]), bytes(body[at + 4 : at + 8]), _HEADER
        if size == 1:
            size, header = _number(body[at + 8 : at + 16]), _LARGE_HEADER
        if size < header or at + size > len(body):
            raise _WrongError
        yield kind, body[at + header : at + size]
        at += size
    raise _WrongError


def _whole(data: bytes, kind: bytes) -> memoryview:
    for found, body in _boxes(memoryview(data)):
        if found == kind:
            return body
    raise _WrongError


def _camera(notes: dict[bytes, memoryview]) -> str:
    """What tells one camera's film from another's; empty when it does not say."""
    for kind in (b"MUID", b"CAME"):
        said = bytes(notes.get(kind, b"")[:_ID])
        if any(said):
            return said.hex()
    return ""


def _telemetry(track: memoryview, most: int) -> list[tuple[int, int, int]]:
    """Where the samples of a track lie, if it is one of telemetry."""
    media = dict(_boxes(dict(_boxes(track)).get(b"mdia", memoryview(b""))))
    inside = dict(_boxes(media.get(b"minf", memoryview(b""))))
    tables = dict(_boxes(inside.get(b"stbl", memoryview(b""))))
    if bytes(tables.get(b"stsd", b"")[12:16]) != b"gpmd":
        return []
    head = media[b"mdhd"]
    scale = _number(head[20:24] if head[0] else head[12:16])
    if not scale:
        raise _WrongError
    sizes = _sizes(tables[b"stsz"], most)
    times = (units * 1000 // scale for units in accumulate(_lengths(tables[b"stts"]), initial=0))
    return list(zip(_offsets(tables, sizes), sizes, times, strict=False))


def _sizes(table: memoryview, most: int) -> list[int]:
    same, count = _number(table[4:8]), min(_number(table[8:12]), most)
    return [same] * count if same else _numbers(table[12:], 4, count)


def _lengths(table: memoryview) -> Iterator[int]:
    """How long each sample holds, in the track's units."""
    pairs = _numbers(table[8:], 4, 2 * _number(table[4:8]))
    return chain.from_iterable(map(repeat, pairs[1::2], pairs[::2]))


def _offsets(tables: dict[bytes, memoryview], sizes: list[int]) -> Iterator[int]:
    """Where in the file each sample begins."""
    left = iter(sizes)
    for at, count in zip(_chunks(tables), _in_chunks(tables[b"stsc"]), strict=False):
        start = at
        for _ in range(count):
            size = next(left, None)
            if size is None:
                return
            yield start
            start += size


def _chunks(tables: dict[bytes, memoryview]) -> list[int]:
    width = 8 if b"co64" in tables else 4
    table = tables[b"co64" if width == 8 else b"stco"]  # noqa: PLR2004 - bytes an offset
    return _numbers(table[8:], width, min(_number(table[4:8]), _MOST_CHUNKS))


def _in_chunks(table: memoryview) -> Iterator[int]:
    """How many samples each chunk holds; the last entry goes on for ever."""
    entries = _numbers(table[8:], 4, 3 * _number(table[4:8]))
    firsts, counts = entries[::3], entries[1::3]
    for first, following, count in zip(firsts, [*firsts[1:], None], counts, strict=True):
        if following is None:
            yield from repeat(count)
        elif following <= first:
            raise _WrongError
        else:
            yield from repeat(count, following - first)


def _number(data: memoryview) -> int:
    return int.from_bytes(data, "big")


def _numbers(data: memoryview, width: int, count: int) -> list[int]:
    if len(data) < width * count:
        raise _WrongError
    return [_number(data[at : at + width]) for at in range(0, width * count, width)]


# --- GPMF ---


def _framed(data: bytes) -> Iterator[memoryview]:
    view, at = memoryview(data), 0
    while at < len(view):
        end = at + 4 + _number(view[at : at + 4])
        if end > len(view):
            raise _WrongError
        yield view[at + 4 : end]
        at = end


def _entries(data: memoryview) -> Iterator[tuple[bytes, int, int, memoryview]]:
    """Key, type, bytes of one value, and all values."""
    at = 0
    while len(data) - at >= _HEADER:
        key, kind, size = bytes(data[at : at + 4]), data[at + 4], data[at + 5]
        length = size * _number(data[at + 6 : at + 8])
        if not any(key):
            return  # padding
        if at + _HEADER + length > len(data):
            raise _WrongError
        yield key, kind, size, data[at + _HEADER : at + _HEADER + length]
        at += _HEADER + (length + 3) // 4 * 4


def _time(data: memoryview, depth: int = 0) -> int | None:
    """The time of a satellite fix in this piece of GPMF, ms since 1970, UTC."""
    found: dict[bytes, tuple[int, memoryview]] = {}
    for key, kind, size, values in _entries(data):
        if kind == 0 and depth < _DEPTH:
            if (inner := _time(values, depth + 1)) is not None:
                return inner
        else:
            found[key] = (size, values)
    if b"GPS9" in found:
        return _newer(*found[b"GPS9"], found.get(b"SCAL", (0, memoryview(b"")))[1])
    if b"GPSU" in found and b"GPSF" in found and _number(found[b"GPSF"][1][:4]) >= _FIX:
        return _older(bytes(found[b"GPSU"][1]))
    return None


def _older(said: bytes) -> int | None:
    """GPSU: 260312141503.123."""
    try:
        moment = datetime.strptime(said.decode("ascii").strip("\0 "), _FORM)  # noqa: DTZ007 - its zone is added here
    except ValueError:
        return None
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _newer(size: int, values: memoryview, scales: memoryview) -> int | None:
    """GPS9: in each sample, whole days since 2000 and parts of a second since midnight."""
    parts = _number(scales[24:28]) if len(scales) >= 28 else 1000  # noqa: PLR2004 - the seventh of nine
    if size != _GPS9 or not parts:
        return None
    for at in range(0, len(values) - size + 1, size):
        sample = values[at : at + size]
        days, ms = _number(sample[20:24]), _number(sample[24:28]) * 1000 // parts
        if _number(sample[30:32]) >= _FIX and ms < _MS_A_DAY:
            moment = _EPOCH + timedelta(days=days, milliseconds=ms)
            return round(moment.timestamp() * 1000)
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
