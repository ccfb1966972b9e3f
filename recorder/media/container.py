"""Whether the end of a file is there, by its own structure. Bounded reads, nothing decoded.

Settling by size and time cannot tell a finished copy from one that was cut off; these checks can, as
far as each format lets them. docs/MEDIA.md says how far that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.errors import DamagedPicture, Incomplete, Unfinished, Unreadable
from recorder.media.boxes import top_boxes
from recorder.media.flac import check_flac
from recorder.media.matroska import check_matroska
from recorder.media.readable import blocks
from recorder.media.tails import check_adts, check_amr, check_mp3, past_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.media.readable import Readable
    from recorder.media.sniff import MediaType

_FILM = frozenset({b"moov", b"mdat"})
_PHOTO = frozenset({b"meta"})
_MAX_DESCRIPTION = 1024 * 1024  # bytes of a photo's description looked at
_MAX_PARTS = 100_000  # chunks or segments followed before giving up
_MAX_PICTURE_SCAN = 256 * 1024 * 1024  # bytes searched for the end of a JPEG
_STREAMED = frozenset({0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000})  # "length not known yet"
_RIFF_HEADER = 8
_RIFF_FORM = 12  # the header and what the file is
_OGG_HEADER = 27
_OGG_PAGE = _OGG_HEADER + 255 + 255 * 255  # bytes, the longest there is
_PNG_SIGNATURE = 8
_PNG_EXTRA = 12  # length, kind and checksum of a chunk


def check_complete(readable: Readable, media_type: MediaType) -> None:
    """Return if the file's end is there, as far as its format can tell.

    Raises:
        Incomplete: still arriving, or cut off.
        Unreadable: the structure makes no sense, whatever may still come.
    """
    if not readable.size:
        raise Incomplete
    try:
        _CHECKS[media_type.key](readable)
    except Unreadable:
        if media_type.kind == "picture":
            raise DamagedPicture from None
        raise


def _film(readable: Readable) -> None:
    if not {box.kind for box in top_boxes(readable, _FILM)} >= _FILM:
        raise Unfinished


def _heic(readable: Readable) -> None:
    found = {box.kind: box for box in top_boxes(readable, _PHOTO)}
    if b"meta" not in found:
        raise Incomplete
    # Small pictures may lie inside the description itself; all others have a media box.
    inside = readable.read(found[b"meta"].start, _MAX_DESCRIPTION)
    if b"mdat" not in found and b"idat" not in inside:
        raise Incomplete


def _riff(readable: Readable) -> None:
    head = readable.read(0, 64)
    length = int.from_bytes(head[4:8], "little")
    if head[:4] == b"RF64" and head[12:16] == b"ds64":
        length = int.from_bytes(head[20:28], "little")
    if len(head) < _RIFF_FORM:
        raise Incomplete
    # One byte of slack: many writers count a padding byte that they then leave out.
    if length not in _STREAMED and readable.size + 1 < length + _RIFF_HEADER:
        raise Incomplete


def _wav(readable: Readable) -> None:
    _riff(readable)
    at = _RIFF_FORM
    for _ in range(_MAX_PARTS):
        head = readable.read(at, _RIFF_HEADER)
        if len(head) < _RIFF_HEADER:
            raise Incomplete
        if head[:4] == b"data":
            return
        length = int.from_bytes(head[4:], "little")
        at += _RIFF_HEADER + length + length % 2
    raise Unreadable


def _ogg(readable: Readable) -> None:
    """Find a whole page that ends exactly where the file does.

    It need not be marked as the last: recorders that are stopped abruptly never mark one.
    """
    start = max(0, readable.size - _OGG_PAGE)
    tail = readable.read(start, _OGG_PAGE)
    at = tail.rfind(b"OggS")
    while at >= 0:
        if at + _ogg_length(tail[at : at + _OGG_HEADER + 255]) == len(tail):
            return
        at = tail.rfind(b"OggS", 0, at)
    raise Incomplete


def _ogg_length(page: bytes) -> int:
    if len(page) < _OGG_HEADER or page[4]:
        return 0
    count = page[26]
    table = page[_OGG_HEADER : _OGG_HEADER + count]
    return _OGG_HEADER + count + sum(table) if len(table) == count else 0


def _jpeg(readable: Readable) -> None:
    """Find the end marker of the picture itself. What follows it (a motion photo) may be anything."""
    at = 2
    for _ in range(_MAX_PARTS):
        head = readable.read(at, 4)
        if len(head) < 4:  # noqa: PLR2004 - marker and length
            raise Incomplete
        if head[0] != 0xFF:  # noqa: PLR2004 - what every marker starts with
            raise Unreadable
        if head[1] == 0xDA:  # noqa: PLR2004 - start of scan
            _find_end(readable, at + 2)
            return
        # Fill bytes may stand before a marker; lone markers have no length.
        lone = head[1] == 0xFF or head[1] == 0x01 or 0xD0 <= head[1] <= 0xD8  # noqa: PLR2004 - the format's ranges
        at += (1 if head[1] == 0xFF else 2) if lone else 2 + int.from_bytes(head[2:], "big")  # noqa: PLR2004
    raise Unreadable


def _find_end(readable: Readable, start: int) -> None:
    last = b""
    for block in blocks(readable, start, start + _MAX_PICTURE_SCAN):
        # Inside the coded picture 0xFF is always followed by 0x00 or a restart marker.
        if b"\xff\xd9" in last + block:
            return
        last = block[-1:]
    raise Incomplete


def _png(readable: Readable) -> None:
    at = _PNG_SIGNATURE
    for _ in range(_MAX_PARTS):
        head = readable.read(at, 8)
        at += _PNG_EXTRA + int.from_bytes(head[:4], "big")
        if len(head) < 8 or at > readable.size:  # noqa: PLR2004 - length and kind
            raise Incomplete
        if head[4:] == b"IEND":
            return
    raise Unreadable


def _flac(readable: Readable) -> None:
    check_flac(readable, past_tags(readable))


_CHECKS: dict[str, Callable[[Readable], None]] = {
    "mp4": _film,
    "mov": _film,
    "m4a": _film,
    "3gp": _film,
    "heic": _heic,
    "wav": _wav,
    "ogg": _ogg,
    "webm": check_matroska,
    "matroska": check_matroska,
    "mp3": check_mp3,
    "aac": check_adts,
    "amr": check_amr,
    "flac": _flac,
    "jpeg": _jpeg,
    "png": _png,
    "webp": _riff,
}
