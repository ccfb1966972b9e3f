"""Whether the last frame of an MP3, AAC or AMR file is all there.

None of these says how long it is, but for an MP3 with an index. So frames are followed to where the
bytes end: a frame that reaches past them was cut. Files that were cut between two frames look whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.errors import Incomplete
from recorder.media import frames
from recorder.media.readable import blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.media.readable import Readable

_TAIL = 64 * 1024  # bytes at the end in which frames are looked for
_CHAIN = 4  # frames in a row that are no chance
_OLD_TAG = 128  # bytes of an ID3v1 tag, which stands at the very end
_APE_FOOTER = 32
_MAX_TAGS = 4
_MAX_TALK = 3_000_000  # AMR frames followed, 16 hours; past them nothing is said
# Bytes of an AMR frame, its first byte counted, by kind; 0: there is no such kind.
_NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
_AMR_HEADS = ((b"#!AMR-WB\n", _WIDE), (b"#!AMR\n", _NARROW))


def check_mp3(readable: Readable) -> None:
    """Raise Incomplete if the index says that more belongs here, or the last frame is cut."""
    start = past_tags(readable)
    if readable.size - start + frames.LONGEST_MP3 < frames.indexed_bytes(readable.read(start, 256)):
        raise Incomplete
    _follow(readable, frames.mp3_length)


def check_adts(readable: Readable) -> None:
    """Raise Incomplete if the last frame is cut."""
    _follow(readable, frames.adts_length)


def check_amr(readable: Readable) -> None:
    """Raise Incomplete if the last frame is cut."""
    head = readable.read(0, 9)
    start, sizes = next(
        ((len(mark), sizes) for mark, sizes in _AMR_HEADS if head.startswith(mark)), (0, None)
    )
    if sizes is None:
        return
    at, followed = start, 0  # of the next frame, in the file
    block_start = start
    for block in blocks(readable, start):
        while at - block_start < len(block):
            size = sizes[block[at - block_start] >> 3 & 15]
            followed += 1
            if not size or followed > _MAX_TALK:
                return  # not as we know it: the decoder has the last word
            at += size
        block_start += len(block)
    if at > readable.size:
        raise Incomplete


def past_tags(readable: Readable) -> int:
    """Return where the sound starts: behind the ID3 tags at the beginning."""
    start = 0
    for _ in range(_MAX_TAGS):
        length = frames.id3_length(readable.read(start, 16))
        if not length:
            break
        start += length
    return start


def _follow(readable: Readable, length_of: Callable[[bytes], int]) -> None:
    end = _before_tags(readable)
    tail = readable.read(max(0, end - _TAIL), min(end, _TAIL))
    start = _first_chain(tail, length_of)
    if start is None:
        return  # too short, or padded with something else: nothing can be said
    while length := length_of(tail[start : start + 7]):
        start += length
    left = tail[start:]
    # What follows the last frame may be anything, but not the beginning of another.
    if start > len(tail) or (left[:1] == b"\xff" and len(left) < 7):  # noqa: PLR2004 - bytes of a header
        raise Incomplete


def _first_chain(tail: bytes, length_of: Callable[[bytes], int]) -> int | None:
    start = tail.find(b"\xff")
    while start >= 0:
        at = start
        for _ in range(_CHAIN):
            length = length_of(tail[at : at + 7])
            if not length:
                break
            at += length
        else:
            return start
        start = tail.find(b"\xff", start + 1)
    return None


def _before_tags(readable: Readable) -> int:
    """Where the sound ends: tags of the kinds that stand behind it are not part of it."""
    end = readable.size
    if readable.read(max(0, end - _OLD_TAG), 3) == b"TAG":
        end -= _OLD_TAG
    footer = readable.read(max(0, end - _APE_FOOTER), _APE_FOOTER)
    if footer.startswith(b"APETAGEX"):
        size = int.from_bytes(footer[12:16], "little")
        header = _APE_FOOTER if footer[23] & 0x80 else 0
        end = max(0, end - size - header)
    return end
