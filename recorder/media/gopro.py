"""GoPro films: what their names say of chapters, and what their telemetry says of time.

A camera cuts a long film into chapters, files of its own of about the same size. Their names share
the film's number: GX010034 and GX020034 (GH, where the film is coded otherwise), or GOPR0034 and
GP010034 on older ones. The place that telemetry records is never read: see `telemetry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from recorder.errors import SandboxFailed, ToolFailed, ToolMissing
from recorder.media.boxes import top_boxes
from recorder.media.faststart import MAX_INDEX
from recorder.media.readable import BLOCK, BytesReadable, Readable, blocks
from recorder.sandbox.ladder import Program, python_program
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer

_NEWER = re.compile(r"G[HX](\d\d)(\d{4})", re.IGNORECASE)
_OLDER = re.compile(r"G(?:OPR|P(\d\d))(\d{4})", re.IGNORECASE)
_MARKS = (b"GoPro", b"gpmd")  # one of them stands in the index of every film of theirs
_MOST_SAMPLES = 1_500  # one a second: longer than any chapter waits for its satellites
_MOST_SAMPLE = 256 * 1024  # bytes; an honest one has a tenth
_MOST_TELEMETRY = 24 * MIB  # bytes read of one film
_LIMITS = Limits(answer=256 * 1024)
_INDEX = frozenset({b"moov"})


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of a film, by its name."""

    film: str  # what the names of all its chapters share
    number: int  # from 1


@dataclass(frozen=True, slots=True)
class Film:
    """What a film says of itself. Its container's time is the camera's wall clock, not UTC."""

    camera: str  # hex; the same in all chapters of a film; empty when it does not say
    began: datetime | None  # UTC, by satellite; None without a fix


class _Failed(msgspec.Struct, forbid_unknown_fields=True, tag="failed"):
    pass


_Count = Annotated[int, msgspec.Meta(ge=0, lt=2**60)]


class _Index(msgspec.Struct, forbid_unknown_fields=True, tag="index"):
    camera: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{0,32}$")]
    samples: Annotated[
        list[tuple[_Count, _Count, _Count]], msgspec.Meta(max_length=_MOST_SAMPLES)
    ]  # offset, bytes, ms from the film's start


class _Fix(msgspec.Struct, forbid_unknown_fields=True, tag="fix"):
    sample: Annotated[int, msgspec.Meta(ge=0, lt=_MOST_SAMPLES)] | None
    at: Annotated[int, msgspec.Meta(ge=0, lt=2**43)] | None  # ms since 1970, UTC


_Answer = TypeVar("_Answer", _Index, _Fix)


def chapter(name: str) -> Chapter | None:
    """Which chapter of which film a file of this name is; None if no GoPro named it."""
    stem = Path(name).stem
    if found := _NEWER.fullmatch(stem):
        number = int(found[1])
        return Chapter(stem[:2].upper() + found[2], number) if number else None
    if found := _OLDER.fullmatch(stem):
        return Chapter(f"GP{found[2]}", int(found[1] or 0) + 1)
    return None


def film(readable: Readable) -> Film | None:
    """What a film of the MP4 family says of itself, if a GoPro made it.

    Raises:
        Incomplete, Unreadable: its structure does not hold.
        Overran, Stalled: looking went on and on.
        SandboxFailed: the machine, not the film.
    """
    box = next((each for each in top_boxes(readable, _INDEX) if each.kind == b"moov"), None)
    if box is None or box.end - box.start > MAX_INDEX:
        return None
    index = readable.read(box.start, box.end - box.start)
    if not any(mark in index for mark in _MARKS):
        return None
    found = _asked(blocks(BytesReadable(index)), _Index, "index", str(_MOST_SAMPLES))
    if found is None:
        return Film("", None)
    return Film(found.camera, _began(readable, found))


def _began(readable: Readable, found: _Index) -> datetime | None:
    fix = _asked(_telemetry(readable, found), _Fix, "time")
    if fix is None or fix.at is None or fix.sample is None or fix.sample >= len(found.samples):
        return None
    *_, into_film = found.samples[fix.sample]
    return datetime.fromtimestamp(fix.at / 1000, UTC) - timedelta(milliseconds=into_film)


def _telemetry(readable: Readable, found: _Index) -> Iterator[bytes]:
    """The samples as the child reads them, as far as the bounds allow, in blocks."""
    held, total = bytearray(), 0
    for offset, size, _ in found.samples:
        total += size
        if size > _MOST_SAMPLE or total > _MOST_TELEMETRY or offset + size > readable.size:
            break
        held += size.to_bytes(4, "big") + readable.read(offset, size)
        if len(held) >= BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _asked(source: Iterator[bytes], kind: type[_Answer], *question: str) -> _Answer | None:
    """What the child says; None where it makes nothing of what it was given."""
    try:
        said = answer(_program(*question), source, _LIMITS)
    except ToolMissing:
        raise SandboxFailed from None
    except ToolFailed:
        return None
    try:
        found = msgspec.json.decode(said, type=_Failed | kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # a child that was taken over could say anything
    return found if isinstance(found, kind) else None


def _program(*question: str) -> Program:
    script = str(Path(__file__).with_name("telemetry.py"))
    return python_program(script, *question, reads=(script,))
