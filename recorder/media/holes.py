"""Where sound is lost in the middle of a recording.

ffmpeg goes on past what it cannot read and says so to nobody. But each piece of sound that it gives
carries the time it stands at: where the next one stands later than the last one ended, something
was lost between them. docs/MEDIA.md says which damage shows in which format.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recorder.errors import Overran, ToolFailed
from recorder.media import ffmpeg
from recorder.media.sound import in_order
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recorder.media.readable import Readable
    from recorder.media.sniff import MediaType

Hole = tuple[int, int]
"""How many ms of sound come before it, and how many ms are lost; 0 where nobody can say."""

_LISTING = Limits(answer=2048 * MIB)  # a line of some 60 bytes a piece of sound, for 12 hours
_LONGEST_LINE = 4096  # bytes
_UNIT = re.compile(rb"#tb ([01]): (\d{1,9})/(\d{1,9})$")
_PIECE = re.compile(rb"([01]), *(?:-?\d+|NOPTS), *(-?\d{1,18}), *(\d{1,18}),")
_DECODED = 1  # of the two streams listed
_SLACK_MS = 22.0  # times are rounded, and AMR and Opus leave out a frame of 20 ms
_PAUSE_MS = 1000.0  # coders that send nothing in silence still send something every 400 ms
_NEAR_MS = 100.0  # by which a piece and the packet it is from may be apart
_TOGETHER_MS = 2000  # holes with less sound between them are told as one
_MOST = 5000
_WITH_PAUSES = frozenset({"mov", "matroska"})  # demuxers of files that may leave out silence
_COUNTING = frozenset({"mp3", "aac", "amr"})  # of files without times: frames are counted


@dataclass(slots=True)
class _Clock:
    """How far one stream has come, in ms."""

    unit: float = 0.0  # ms
    ends: float | None = None  # of the last piece, on the recording's clock
    sound: float = 0.0  # in all pieces
    gaps: list[tuple[float, float, float]] = field(default_factory=list)  # from, to, sound before

    def add(self, at: int, length: int) -> None:
        begins = at * self.unit
        gap = self.ends is not None and begins - self.ends > _SLACK_MS
        if gap and self.ends is not None and len(self.gaps) < _MOST:
            self.gaps.append((self.ends, begins, self.sound))
        self.ends = begins + length * self.unit
        self.sound += length * self.unit


def holes(readable: Readable, media_type: MediaType) -> tuple[Hole, ...]:
    """Where sound is lost in the middle of a recording that decodes; nothing for one that is whole.

    Raises:
        Incomplete, Unreadable: an MP4's structure does not hold.
        Stalled, ToolMissing, SandboxFailed: the machine, not the file.
    """
    demuxer = media_type.demuxer
    if demuxer is None:
        return ()
    program = ffmpeg.pieces_program(demuxer)
    clocks = (_Clock(), _Clock())
    broken = False
    limits = _LISTING.for_size(readable.size)
    try:
        with closing(stream(program, in_order(readable, media_type), limits)) as listed:
            _follow(_lines(listed), clocks)
    except (ToolFailed, Overran):  # it could be heard: so what is wrong begins where this ended
        broken = True
    found = list(_lost(clocks, demuxer))
    if broken:
        found.append((round(clocks[_DECODED].sound), 0))
    return tuple(_together(found))


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST_LINE:
            raise Overran


def _follow(lines: Iterable[bytes], clocks: tuple[_Clock, _Clock]) -> None:
    for line in lines:
        if piece := _PIECE.match(line):
            clocks[int(piece[1])].add(int(piece[2]), int(piece[3]))
        elif (unit := _UNIT.match(line)) and int(unit[3]):
            clocks[int(unit[1])].unit = 1000 * int(unit[2]) / int(unit[3])


def _lost(clocks: tuple[_Clock, _Clock], demuxer: str) -> Iterator[Hole]:
    """The gaps in what was decoded, without the pauses that the file itself has."""
    packets, decoded = clocks
    pauses = [
        (begins - _NEAR_MS, ends + _NEAR_MS)
        for begins, ends, _ in packets.gaps
        if demuxer in _WITH_PAUSES and ends - begins < _PAUSE_MS
    ]
    for begins, ends, before in decoded.gaps:
        if not any(first <= begins and ends <= last for first, last in pauses):
            yield round(before), 0 if demuxer in _COUNTING else round(ends - begins)


def _together(found: Iterable[Hole]) -> list[Hole]:
    """Holes next to each other as one, with what is lost in all of them."""
    told: list[Hole] = []
    last = 0
    for at, lost in found:
        if told and at - last <= _TOGETHER_MS:
            told[-1] = (told[-1][0], told[-1][1] + lost)
        else:
            told.append((at, lost))
        last = at
    return told
