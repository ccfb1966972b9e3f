"""A film to be looked at in a browser: smaller, upright, with nothing but picture and sound.

The original stays as it is. Where the camera was, and all else that it wrote beside the pictures,
is not in what is made here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from recorder.errors import ToolFailed, ToolMissing, Undecodable
from recorder.media import ffmpeg, picture
from recorder.media.boxes import top_boxes
from recorder.media.picture import Picture
from recorder.media.readable import Readable, blocks
from recorder.media.sniff import TYPES, MediaType
from recorder.media.sound import MAX_SECONDS, in_order, probe
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer, stream

MEDIA_TYPE = TYPES["mp4"]
"""What a proxy is."""

MOST_POSTERS = 5
_DARK = 24  # of 255, on average: a lens cap, a pocket
_CPU = 30  # seconds of computing for a second of film: sixty large frames on a slow machine
_USUAL_BYTES = 8_000  # of a film, a second: most have far more
_FEWEST_BYTES = 500  # a second: its sound alone has more
_SLACK = 60  # seconds of film
_STALL = 300.0
_STILLS = Limits(answer=64 * MIB)
_NO_ENCODER = (
    "The ffmpeg on this machine cannot make films that browsers play, because it comes without "
    "libx264 or aac. Ask IT to run 'recorder doctor'."
)
_JPEG = re.compile(rb"\xff\xd8.*?\xff\xd9", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Light:
    """How a film codes light, and what becomes of it here."""

    hdr: str | None = None  # one of ffmpeg.HDR; None: as ordinary screens show it
    toned: bool = True  # whether this machine can bring it to them

    @property
    def pale(self) -> bool:
        """Whether what is made of it looks paler than it was."""
        return self.hdr is not None and not self.toned


ORDINARY = Light()
"""Of most films."""


def light_of(readable: Readable, media_type: MediaType) -> Light:
    """How a film codes light, by what it says itself.

    Raises:
        As `proxy`.
    """
    said = probe(readable, media_type).transfer
    return Light(said, ffmpeg.find_parts().tones) if said in ffmpeg.HDR else ORDINARY


def proxy(
    readable: Readable,
    media_type: MediaType,
    length_ms: int | None = None,
    light: Light = ORDINARY,
) -> Iterator[bytes]:
    """Yield an MP4 that plays in any browser while it is fetched, at most 1280 by 720 pixels.

    `length_ms` is how long the film says it is; with its size it bounds what making it may cost.

    Raises:
        Undecodable: there is no film in it, or it could not be read to its end.
        Incomplete, Unreadable: an MP4's structure does not hold.
        Overran: making it went on and on.
        Stalled, ToolMissing, SandboxFailed: the machine, not the file.
    """
    if media_type.demuxer is None:
        raise Undecodable
    program = ffmpeg.proxy_program(
        media_type.demuxer, max_seconds=MAX_SECONDS, hdr=light.hdr if light.toned else None
    )
    produced = 0
    try:
        made = stream(program, in_order(readable, media_type), limits(readable.size, length_ms))
        with closing(made):
            for block in made:
                produced += len(block)
                yield block
    except ToolFailed:
        raise _blamed() from None
    if not produced:
        raise Undecodable


def _blamed() -> Exception:
    """Whose fault it is that no film could be made."""
    parts = ffmpeg.find_parts()
    return Undecodable() if parts.h264 and parts.aac else ToolMissing(_NO_ENCODER)


def limits(size: int, length_ms: int | None) -> Limits:
    """What making the proxy of a film of `size` bytes that says it is so long (ms) may cost."""
    # A film in fragments says how long its first one is: its size speaks for the rest. One that
    # says more than its size can hold would keep the others waiting for a day.
    said = max((length_ms or 0) // 1000, size // _USUAL_BYTES)
    seconds = min(min(said, size // _FEWEST_BYTES) + _SLACK, MAX_SECONDS)
    return Limits(
        answer=seconds * ffmpeg.FILM_BYTES + 16 * MIB,
        cpu_seconds=120 + _CPU * seconds,
        wall_seconds=240.0 + 2 * _CPU * seconds,
        stall_seconds=_STALL,
    )


def size(made: Readable) -> tuple[int, int]:
    """Width and height of a proxy in pixels; Undecodable if it is none."""
    found = probe(made, MEDIA_TYPE)
    if not (found.has_video and found.width and found.height):
        raise Undecodable
    return found.width, found.height


def posters(made: Readable) -> list[Picture]:
    """Frames of a proxy, up to `MOST_POSTERS`, about evenly apart; dark ones come last.

    Raises:
        Undecodable: there is no frame in it.
        DamagedPicture, Overran, Stalled, ToolMissing, SandboxFailed: as `proxy`.
    """
    # Each fragment begins with a frame that stands by itself, and only those are decoded.
    fragments = sum(box.kind == b"moof" for box in top_boxes(made, frozenset()))
    program = ffmpeg.stills_program(
        one_in=max(1, math.ceil(fragments / MOST_POSTERS)), most=MOST_POSTERS
    )
    try:
        said = answer(program, blocks(made), _STILLS.for_size(made.size))
    except ToolFailed:
        raise Undecodable from None
    frames = dict.fromkeys(_JPEG.findall(said))
    found = [picture.derive(each) for each in list(frames)[:MOST_POSTERS]]
    if not found:
        raise Undecodable
    return sorted(found, key=lambda each: each.brightness < _DARK)
