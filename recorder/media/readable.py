"""Random access to bytes, wherever they rest: a file, memory, or a sealed blob in the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1024 * 1024  # bytes handed on at a time; the store seals pieces of this size uncopied


class Readable(Protocol):
    """Bytes of known length that can be read at any offset.

    The store's sealed reader satisfies this as well, so that no stage needs a plaintext file.
    """

    @property
    def size(self) -> int:
        """Length in bytes."""

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly ``length`` bytes from ``offset``; fewer only at the end."""


class BytesReadable:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self._data)

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes from ``offset``, at most ``length``."""
        return self._data[offset : offset + length]


class FileReadable:
    """An open file descriptor. The caller opens and closes it.

    The size is taken once: a file that grows meanwhile is read as it was, one that shrinks
    gives short reads, which every parser here reports as incomplete.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._size = os.fstat(fd).st_size

    @property
    def size(self) -> int:
        """Length in bytes when this was made."""
        return self._size

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes from ``offset``, at most ``length`` and never past ``size``.

        Raises:
            OSError: the file system could not give the bytes.
        """
        left = max(0, min(length, self._size - offset))
        parts: list[bytes] = []
        while left and (part := os.pread(self._fd, left, offset)):
            parts.append(part)
            offset += len(part)
            left -= len(part)
        return b"".join(parts)


def blocks(readable: Readable, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes from ``start`` to ``end`` (default: to the last) in blocks."""
    stop = readable.size if end is None else min(end, readable.size)
    while start < stop:
        block = readable.read(start, min(BLOCK, stop - start))
        if not block:
            return
        yield block
        start += len(block)
