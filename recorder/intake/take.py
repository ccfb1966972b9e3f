"""What everybody does who takes a file out of the folder: seal it as it was judged, then remove it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from recorder.intake.attention import Attention, attention
from recorder.intake.scan import Arrived, Signature
from recorder.media.readable import FileReadable, Readable, blocks
from store.errors import StoreError
from store.journal import NOT_REMOVED
from store.sealing import Sealed
from store.store import Store


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


@contextmanager
def or_discarded(store: Store, sealed: Sealed) -> Iterator[None]:
    """Where this block fails, what was sealed for it goes."""
    try:
        yield
    except StoreError:
        with suppress(StoreError):  # else it is an orphan, and swept as one
            store.recordings.discard(sealed)
        raise


def clear_away(arrived: Arrived) -> Attention | None:
    """As `remove_source`; what a person must be told if it cannot be removed."""
    try:
        remove_source(arrived)
    except OSError:
        return attention(arrived.path, NOT_REMOVED)
    return None


def mark(signature: Signature) -> str:
    """A signature as it is remembered."""
    content = f"{signature.size}:{signature.mtime_ns}:{signature.inode}:{signature.device}"
    return f"{content}:{signature.ctime_ns}"


def size_of(marked: str) -> int:
    """The size of the file that was marked so, in bytes."""
    return int(marked.split(":", maxsplit=1)[0])


def is_same_file(marked: str, other: str) -> bool:
    """Whether two marks are of one file: its rights or its name may have changed in between."""
    return marked.split(":")[:4] == other.split(":")[:4]
