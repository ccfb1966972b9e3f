"""What every vault does, wherever its blobs lie."""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Protocol

_PATH = re.compile(r"([0-9a-f]{2})/([0-9a-f]{30})")


def new_id() -> str:
    """A random blob id, 32 hex digits; it says nothing about what it names."""
    return secrets.token_hex(16)


def path_of(blob_id: str) -> str:
    """Where in a vault a blob lies: one of 256 folders, then its name.

    FileNotFoundError for what is no blob's id: it comes from a row, where somebody may have written
    a path that leads elsewhere.
    """
    path = f"{blob_id[:2]}/{blob_id[2:]}"
    if id_of(path) != blob_id:
        raise FileNotFoundError(errno.ENOENT, "that is not a blob's id")
    return path


def id_of(path: str) -> str | None:
    """The blob at a path, None for what is no blob, e.g. what a crash left half written."""
    match = _PATH.fullmatch(path)
    return match[1] + match[2] if match else None


class Vault(Protocol):
    """Blobs by id: written once, read by range, deleted by id."""

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        """Write a blob durably and return its size; VaultError, and no blob, if that fails."""

    def size(self, blob_id: str) -> int:
        """Bytes in the blob; NotFoundError if there is none."""

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """Exactly the bytes asked for, fewer only at the blob's end; NotFoundError, VaultError."""

    def delete(self, blob_id: str) -> None:
        """Remove the blob; no error if it is gone already."""

    def ids(self) -> Iterator[str]:
        """All blob ids, unsorted."""


class Passing:
    """Passes chunks on, counts their bytes, and keeps what their source failed of."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.size = 0
        self.failure: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._chunks:
                self.size += len(chunk)
                yield chunk
        except Exception as error:
            self.failure = error
            raise
