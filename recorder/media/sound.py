"""The sound of a recording as plain samples, and what its container says about it."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec

from recorder.errors import (
    MediaError,
    NoSound,
    Overran,
    Stalled,
    ToolFailed,
    TooLong,
    Undecodable,
)
from recorder.media import faststart, ffmpeg, matroska
from recorder.media.ffmpeg import find_tools
from recorder.media.readable import blocks
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer, stream

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from recorder.media.readable import Readable
    from recorder.media.sniff import Kind, MediaType

__all__ = ["RATE", "Probe", "find_tools", "kind_of", "measured", "pcm", "probe"]

RATE = 16_000  # samples a second
MAX_SECONDS = 12 * 60 * 60  # a recorder left running overnight, and no more
_SAMPLE = 2  # bytes
# What comes last in a file, and has to be known first.
_ORDERED = {"mov": faststart.front_to_back, "matroska": matroska.front_to_back}
_NONSENSE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # of a JSON answer
_PROBING = Limits(answer=256 * 1024)
_MEASURING = Limits(answer=MIB)
_COUNTED = re.compile(rb"^out_time_us=(\d{1,15})$", re.MULTILINE)
_FIRST_YEAR = 1990  # clocks that were never set say 1904 or 1970


@dataclass(frozen=True, slots=True)
class Probe:
    """What the container says about its streams. A cover picture does not count as video."""

    has_audio: bool
    has_video: bool
    audio_codec: str | None
    video_codec: str | None
    width: int | None  # pixels, of the first video stream
    height: int | None
    creation_time: datetime | None  # aware; as the device's clock had it
    length_ms: int | None  # as it says of itself; None when it does not
    transfer: str | None = (
        None  # how light is coded, of the first video stream, as ffprobe names it
    )


class _Disposition(msgspec.Struct):
    attached_pic: int = 0


_Word = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[\w.-]*$")]
_Side = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_MOST_STREAMS = 64


class _Stream(msgspec.Struct):
    codec_type: _Word = ""
    codec_name: _Word | None = None
    width: _Side | None = None
    height: _Side | None = None
    color_transfer: _Word | None = None
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)


class _Format(msgspec.Struct):
    duration: _Word = ""  # seconds, with a fraction
    tags: dict[str, str] = msgspec.field(default_factory=dict)


class _Answer(msgspec.Struct):
    streams: Annotated[list[_Stream], msgspec.Meta(max_length=_MOST_STREAMS)] = msgspec.field(
        default_factory=list
    )
    format: _Format = msgspec.field(default_factory=_Format)


def pcm(
    readable: Readable, media_type: MediaType, *, max_seconds: int = MAX_SECONDS, channels: int = 1
) -> Generator[bytes, None, None]:
    """Yield the first sound track as 16 kHz s16le, in blocks of whole samples.

    With two `channels` their samples come in turn; sound of one channel is on both, then.
    Nothing is silently partial: whoever reads to the end without an error has all that could be
    decoded.

    Raises:
        NoSound: there is no sound track, or nothing in it.
        Undecodable: the sound could not be decoded to its end.
        TooLong: it plays for more than ``max_seconds``.
        Incomplete, Unreadable: an MP4's structure does not hold.
        Overran: decoding it went on and on.
        Stalled, ToolMissing, SandboxFailed: the machine, not the file.
    """
    if media_type.demuxer is None:
        raise NoSound
    produced, most = 0, max_seconds * RATE * _SAMPLE * channels
    ceiling = most + 2 * RATE * _SAMPLE * channels
    program = ffmpeg.decode_program(
        media_type.demuxer,
        rate=RATE,
        max_seconds=max_seconds + 1,
        max_bytes=ceiling,
        channels=channels,
    )
    limits = Limits(answer=ceiling).for_size(readable.size)
    try:
        with closing(stream(program, in_order(readable, media_type), limits)) as decoded:
            for block in decoded:
                produced += len(block)
                if produced > most:
                    raise TooLong
                yield block
    except ToolFailed:
        raise _explained(readable, media_type) from None
    if not produced:
        raise _explained(readable, media_type)


def probe(readable: Readable, media_type: MediaType) -> Probe:
    """Return what the container says about its streams.

    Raises:
        Undecodable: the container could not be read, or its description makes no sense.
        Incomplete, Unreadable: an MP4's structure does not hold.
        Overran: reading it went on and on.
        Stalled, ToolMissing, SandboxFailed: the machine, not the file.
    """
    if media_type.demuxer is None:
        raise Undecodable
    program = ffmpeg.probe_program(media_type.demuxer)
    try:
        said = answer(program, in_order(readable, media_type), _PROBING.for_size(readable.size))
    except ToolFailed:
        raise Undecodable from None
    return understood(said)


def measured(readable: Readable, media_type: MediaType) -> int | None:
    """How long the first sound track is, in ms, counted through; None where that does not work.

    For containers that do not say so themselves. Nothing is decoded, so it takes a moment.

    Raises:
        Incomplete, Unreadable: an MP4's structure does not hold.
        ToolMissing, SandboxFailed: the machine, not the file.
    """
    if media_type.demuxer is None:
        return None
    program = ffmpeg.measure_program(media_type.demuxer)
    limits = _MEASURING.for_size(readable.size)
    try:
        said = answer(program, in_order(readable, media_type), limits)
    except (ToolFailed, Overran, Stalled):  # hearing it will say what is wrong
        return None
    counted = _COUNTED.findall(said)
    return _within(int(counted[-1]) / 1000) if counted else None


def understood(said: bytes) -> Probe:
    """Return what ffprobe's answer says.

    Raises:
        Undecodable: it makes no sense.
    """
    try:
        return _described(msgspec.json.decode(said, type=_Answer))
    except _NONSENSE:
        raise Undecodable from None


def kind_of(media_type: MediaType, found: Probe) -> Kind:
    """Return whether a recording is video or audio, by its streams."""
    if media_type.kind == "picture":
        return "picture"
    return "video" if found.has_video else "audio"


def in_order(readable: Readable, media_type: MediaType) -> Iterator[bytes]:
    """The recording's bytes so that they can be decoded from front to back."""
    return _ORDERED.get(media_type.demuxer or "", blocks)(readable)


def _explained(readable: Readable, media_type: MediaType) -> MediaError:
    """Return why there was no sound: no sound track, or one that does not decode."""
    try:
        found = probe(readable, media_type)
    except Undecodable as error:
        return error
    return Undecodable() if found.has_audio else NoSound()


def _described(said: _Answer) -> Probe:
    sounds = [each for each in said.streams if each.codec_type == "audio"]
    films = [
        each
        for each in said.streams
        if each.codec_type == "video" and not each.disposition.attached_pic
    ]
    film = films[0] if films else _Stream()
    return Probe(
        has_audio=bool(sounds),
        has_video=bool(films),
        audio_codec=sounds[0].codec_name if sounds else None,
        video_codec=film.codec_name,
        width=film.width,
        height=film.height,
        creation_time=_created(said.format.tags),
        length_ms=_milliseconds(said.format.duration),
        transfer=film.color_transfer,
    )


def _milliseconds(seconds: str) -> int | None:
    try:
        length = float(seconds)
    except ValueError:  # not every container says
        return None
    return _within(length * 1000)


def _within(length_ms: float) -> int | None:
    return round(length_ms) if 0 < length_ms <= MAX_SECONDS * 1000 else None


def _created(tags: dict[str, str]) -> datetime | None:
    # Apple's own tag carries the local offset; the standard one is UTC by definition.
    for name in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            found = datetime.fromisoformat(tags.get(name, ""))
        except ValueError:
            continue
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        if aware.year >= _FIRST_YEAR:
            return aware
    return None
