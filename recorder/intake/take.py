"""What everybody does who takes a file out of the folder: seal it as it was judged, then remove it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from recorder.intake.scan import Arrived, Attention, Signature
from recorder.media.readable import FileReadable, Readable, blocks
from store.sealing import Sealed

_NOBODYS = (
    "This file lies in a folder that belongs to nobody on the team. Move it into the folder of "
    "the practitioner who made it, or ask an administrator to add them."
)
_UNKNOWN = (
    "The record of whose file this is cannot be read, so it is not taken in. Leave the file where it "
    "is and tell whoever looks after Recorder: it is taken by itself once that is put right."
)


def nobodys(arrived: Arrived) -> Attention:
    """What is said of a file in a folder that belongs to nobody on the team."""
    return Attention(arrived.path, "nobody", _NOBODYS)


def unknown(arrived: Arrived) -> Attention:
    """What is said of a file whose owner's record does not open as it was written."""
    return Attention(arrived.path, "unknown", _UNKNOWN)


def seal_whole(
    arrived: Arrived,
    look: Callable[[Readable], Readable],
    seal: Callable[[Iterable[bytes]], Sealed],
    discard: Callable[[Sealed], None],
) -> Sealed | None:
    """Seal what `look` finds in a file; None, and nothing is kept, if the file changed since.

    Raises OSError when it cannot be read, and whatever `look` and `seal` raise.
    """
    descriptor = os.open(arrived.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        if Signature.of(os.fstat(descriptor)) != arrived.signature:
            return None
        content = look(FileReadable(descriptor))
        sealed = seal(blocks(content))
        same = Signature.of(os.fstat(descriptor)) == arrived.signature
    finally:
        os.close(descriptor)
    if same and sealed.size == content.size:
        return sealed
    discard(sealed)
    return None


def remove_source(arrived: Arrived) -> bool:
    """Remove a source that is in the vault, unless it changed since; whether it is gone."""
    try:
        if Signature.of(arrived.path.lstat()) != arrived.signature:
            return False
        arrived.path.unlink()
    except FileNotFoundError:
        pass
    return True


def mark(signature: Signature) -> str:
    """A signature as it is remembered."""
    return f"{signature.size}:{signature.mtime_ns}:{signature.inode}:{signature.device}"
