"""The page in a photo of it, cut out and straightened: a suggestion, where there surely is one.

It takes OpenCV (the extra `pages`), which only ever runs in a closed-off child, and a copy that
`picture` made, never the original.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from recorder.errors import DamagedPicture, MediaError, Overran, SandboxFailed, Stalled, ToolMissing
from recorder.media.inchild import child_program, there
from recorder.media.jpeg import is_clean
from recorder.media.readable import BytesReadable, blocks
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer

MAX_SIDE = 2000  # pixels
_LIBRARIES = ("cv2", "numpy")
_LIMITS = Limits(answer=32 * MIB)


@dataclass(frozen=True, slots=True)
class Page:
    """The page alone, as a JPEG without metadata."""

    jpeg: bytes
    width: int  # pixels
    height: int


_Side = Annotated[int, msgspec.Meta(ge=1, le=MAX_SIDE)]


class _None(msgspec.Struct, forbid_unknown_fields=True, tag="none"):
    """There is no page in it, or nobody could be sure which."""


class _Found(msgspec.Struct, forbid_unknown_fields=True, tag="page"):
    width: _Side
    height: _Side
    jpeg: Annotated[int, msgspec.Meta(ge=1, le=_LIMITS.answer)]  # bytes


def is_there() -> bool:
    """Whether what this takes is installed."""
    return there(*_LIBRARIES)


def straighten(jpeg: bytes) -> Page | None:
    """The page in a copy of a photo; None unless there surely is one, and one only.

    Raises:
        DamagedPicture: the copy could not be looked at.
        Overran, Stalled: looking at it went on and on.
        SandboxFailed: the machine, not the picture.
    """
    program = child_program("pagefinder", _LIBRARIES, str(MAX_SIDE))
    try:
        said = answer(program, blocks(BytesReadable(jpeg)), _LIMITS)
    except ToolMissing:
        raise SandboxFailed from None
    except (Overran, SandboxFailed, Stalled):
        raise
    except MediaError:
        raise DamagedPicture from None  # the child crashed
    head, _, copy = said.partition(b"\n")
    found = _understood(head)
    if isinstance(found, _None):
        return None
    if len(copy) != found.jpeg or not is_clean(copy, found.width, found.height):
        raise DamagedPicture  # a child that was taken over could send anything
    return Page(copy, found.width, found.height)


def _understood(head: bytes) -> _None | _Found:
    try:
        found: _None | _Found = msgspec.json.decode(head, type=_None | _Found)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise DamagedPicture from None
    return found
