"""Whether a FLAC file's last frame is there: it carries its number and a checksum of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from recorder.errors import Incomplete, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.media.readable import Readable

_MARK = b"fLaC"
_STREAM_INFO = 34  # bytes
_TAIL = (
    1024 * 1024
)  # bytes at the end in which the last frame is looked for; frames are far shorter
_OLD_TAG = 128  # bytes of an ID3v1 tag, which stands at the very end
_LONGEST_HEADER = 16
_MAX_TRIES = 16  # places that look like a frame; nearly always the first is one
_FRAME = re.compile(b"\xff[\xf8\xf9]")  # how a frame starts: blocks of one size, or of any


@dataclass(frozen=True, slots=True)
class _Info:
    block: int  # samples in each frame but the last; where sizes vary, the most
    total: int  # samples in the whole file; 0: not known


def check_flac(readable: Readable, start: int = 0) -> None:
    """Return if the last frame is whole and is the one that the beginning promises.

    ``start`` is where the file's own mark stands, behind a tag.

    Raises:
        Incomplete: it is cut, or is not the last.
        Unreadable: the beginning makes no sense.
    """
    info = _described(readable.read(start, 8 + _STREAM_INFO))
    end = readable.size
    if readable.read(max(0, end - _OLD_TAG), 3) == b"TAG":
        end -= _OLD_TAG
    tail = readable.read(max(start, end - _TAIL), min(end - start, _TAIL))
    for at, last in islice(_frames(tail, info), _MAX_TRIES):
        if info.total in {0, last} and _crc16(tail[at:]) == 0:
            return
    raise Incomplete


def _frames(tail: bytes, info: _Info) -> Iterator[tuple[int, int]]:
    """Yield what looks like a frame, the last first: where it starts and its last sample."""
    for at in reversed([found.start() for found in _FRAME.finditer(tail)]):
        last = _last_sample(tail[at : at + _LONGEST_HEADER], info)
        if last is not None:
            yield at, last


def _described(head: bytes) -> _Info:
    if len(head) < 8 + _STREAM_INFO:
        raise Incomplete
    if head[:4] != _MARK or head[4] & 0x7F:
        raise Unreadable
    packed = int.from_bytes(head[18:26], "big")  # rate 20, channels 3, bits 5, samples 36
    return _Info(block=int.from_bytes(head[10:12], "big"), total=packed & ((1 << 36) - 1))


def _last_sample(header: bytes, info: _Info) -> int | None:
    """Return how many samples there are up to the end of the frame with this header, if it is one."""
    if len(header) < 6 or header[2] >> 4 == 0 or header[3] & 1:  # noqa: PLR2004 - the shortest header
        return None
    number, at = _number(header, 4)
    if number is None:
        return None
    samples, at = _samples(header, at)
    at += {12: 1, 13: 2, 14: 2}.get(header[2] & 15, 0)  # a rate of its own
    if at >= len(header) or _crc8(header[:at]) != header[at]:
        return None
    first = number if header[1] & 1 else number * info.block
    return first + samples


def _samples(header: bytes, at: int) -> tuple[int, int]:
    """Return how many samples this frame holds, and where its header goes on."""
    code = header[2] >> 4
    if code == 6:  # noqa: PLR2004 - codes of the format
        return header[at] + 1 if at < len(header) else 0, at + 1
    if code == 7:  # noqa: PLR2004
        return int.from_bytes(header[at : at + 2], "big") + 1, at + 2
    if code == 1:
        return 192, at
    return (576 << code - 2 if code <= 5 else 256 << code - 8), at  # noqa: PLR2004


def _number(header: bytes, at: int) -> tuple[int | None, int]:
    """Return the frame's or its first sample's number, coded as UTF-8 would, and where it ends."""
    first = header[at]
    if first < 0x80:  # noqa: PLR2004 - one byte
        return first, at + 1
    count = 8 - (first ^ 0xFF).bit_length()  # leading ones
    rest = header[at + 1 : at + count]
    if not 2 <= count <= 7 or len(rest) < count - 1 or any(each >> 6 != 2 for each in rest):  # noqa: PLR2004
        return None, at
    number = first & (0x7F >> count)
    for each in rest:
        number = number << 6 | each & 0x3F
    return number, at + count


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << bits - 1, (1 << bits) - 1
    made = []
    for byte in range(256):
        rest = byte << bits - 8
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & mask
        made.append(rest)
    return tuple(made)


_CRC_8, _CRC_16 = _table(0x07, 8), _table(0x8005, 16)


def _crc8(data: bytes) -> int:
    rest = 0
    for byte in data:
        rest = _CRC_8[rest ^ byte]
    return rest


def _crc16(data: bytes) -> int:
    rest = 0
    for byte in data:
        rest = (rest << 8 & 0xFFFF) ^ _CRC_16[rest >> 8 ^ byte]
    return rest
