"""Photos of drawings: a clean copy to look at, and when the photo was taken.

The copy carries nothing of the original but its pixels: no place, no device, no comment. A photo is
only ever opened by `decoder`, in a closed-off child; what comes back is held to what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated, Literal, TypeVar

import msgspec

from recorder.errors import (
    DamagedPicture,
    MediaError,
    Overran,
    PictureTooLarge,
    SandboxFailed,
    Stalled,
    ToolMissing,
)
from recorder.media.inchild import child_program
from recorder.media.jpeg import is_clean
from recorder.media.readable import BytesReadable, blocks
from recorder.sandbox.ladder import Program
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer

MAX_BYTES = 64 * MIB
MAX_PIXELS = 100_000_000
THUMBNAIL_SIDE = 320  # pixels
_LIMITS = Limits(answer=64 * MIB)
_AT_ONCE = BoundedSemaphore(2)  # each may use as much memory as its limit allows
_LIBRARIES = ("PIL", "pillow_heif", "_pillow_heif")
_ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A copy for looking at. Both files are JPEG, upright, without metadata."""

    jpeg: bytes
    width: int  # pixels, of jpeg
    height: int
    thumbnail: bytes  # longest side at most THUMBNAIL_SIDE pixels
    small: tuple[int, int]  # width and height of thumbnail
    brightness: int  # 0 to 255, on average


_Side = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
_Length = Annotated[int, msgspec.Meta(ge=1, le=_LIMITS.answer)]


class _Failed(msgspec.Struct, forbid_unknown_fields=True, tag="failed"):
    error: Literal["too large", "damaged"]


class _Derived(msgspec.Struct, forbid_unknown_fields=True, tag="derived"):
    width: _Side
    height: _Side
    small_width: _Side
    small_height: _Side
    brightness: Annotated[int, msgspec.Meta(ge=0, le=255)]
    jpeg: _Length  # bytes
    thumbnail: _Length


class _Captured(msgspec.Struct, forbid_unknown_fields=True, tag="captured"):
    captured: Annotated[str, msgspec.Meta(max_length=19)] | None
    zone: Annotated[str, msgspec.Meta(max_length=6)] | None


class _Filled(msgspec.Struct, forbid_unknown_fields=True, tag="filled"):
    width: _Side
    height: _Side
    jpeg: _Length  # bytes


_Answer = TypeVar("_Answer", _Derived, _Captured, _Filled)


def try_out() -> Picture:
    """Open one picture as any other is opened, and return it.

    Raises:
        MediaError: pictures cannot be opened on this machine.
    """
    return derive(_ONE_PIXEL)


def derive(data: bytes, max_side: int = 2000) -> Picture:
    """Return a clean copy whose longer side is at most ``max_side`` pixels.

    Raises:
        PictureTooLarge: more bytes or pixels than are taken, or than fit into the child.
        DamagedPicture: the picture could not be decoded.
        Overran, Stalled: decoding it went on and on.
        SandboxFailed: the machine, not the picture.
    """
    head, copies = _asked(data, "derive", max_side, THUMBNAIL_SIDE)
    said = _understood(head, _Derived)
    jpeg, thumbnail = copies[: said.jpeg], copies[said.jpeg :]
    small = (said.small_width, said.small_height)
    if (
        len(thumbnail) != said.thumbnail
        or max(said.width, said.height) > max_side
        or max(small) > THUMBNAIL_SIDE
        or not is_clean(jpeg, said.width, said.height)
        or not is_clean(thumbnail, *small)
    ):
        raise DamagedPicture  # a decoder that was taken over could send anything
    return Picture(jpeg, said.width, said.height, thumbnail, small, said.brightness)


def filled(data: bytes, boxes: Iterable[Sequence[int]]) -> bytes:
    """Return a JPEG of the picture with these parts black, made anew: nothing of them is under it.

    Each box is left, top, right, bottom in thousandths of the picture's sides.

    Raises:
        As `derive`.
    """
    head, jpeg = _asked(data, "fill", *(corner for box in boxes for corner in box))
    said = _understood(head, _Filled)
    if not is_clean(jpeg, said.width, said.height):
        raise DamagedPicture
    return jpeg


def captured_at(data: bytes) -> datetime | None:
    """Return when the photo was taken, by the camera's clock, None if it does not say.

    Naive unless the camera wrote its zone beside it.

    Raises:
        As `derive`.
    """
    said = _understood(_asked(data, "captured_at")[0], _Captured)
    if said.captured is None:
        return None
    made = f"{said.captured[:10].replace(':', '-')}T{said.captured[11:]}"
    for text in (f"{made}{said.zone or ''}", made):  # a zone may make no sense, and the time some
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            continue
    return None  # cameras whose clock was never set write zeros or blanks


def _asked(data: bytes, *question: object) -> tuple[bytes, bytes]:
    """The child's answer: its line of JSON, and what stands behind it."""
    if len(data) > MAX_BYTES:
        raise PictureTooLarge
    work, *numbers = question
    arguments = [str(each) for each in (work, MAX_PIXELS, *numbers)]
    try:
        with _AT_ONCE:
            said = answer(_decoder(*arguments), blocks(BytesReadable(data)), _LIMITS)
    except ToolMissing:
        raise SandboxFailed from None
    except (Overran, SandboxFailed, Stalled):
        raise
    except MediaError:
        raise DamagedPicture from None  # the decoder crashed
    head, _, copies = said.partition(b"\n")
    return head, copies


def _understood(head: bytes, kind: type[_Answer]) -> _Answer:
    try:
        said = msgspec.json.decode(head, type=_Failed | kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise DamagedPicture from None
    if isinstance(said, kind):
        return said
    raise PictureTooLarge if said.error == "too large" else DamagedPicture


def _decoder(*arguments: str) -> Program:
    return child_program("decoder", _LIBRARIES, *arguments)
