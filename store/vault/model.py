"""What every vault does, wherever its blobs lie."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Protocol


def new_id() -> str:
    """A random blob id, 32 hex digits; it says nothing about what it names."""
    return secrets.token_hex(16)


class Vault(Protocol):
    """Blobs by id: written once, read by range, deleted by id."""

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        """Write a blob durably and return its size; StoreError, and no blob, if that fails."""

    def size(self, blob_id: str) -> int:
        """Bytes in the blob; NotFoundError if there is none."""

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """Exactly the bytes asked for, fewer only at the blob's end; NotFoundError, StoreError."""

    def delete(self, blob_id: str) -> None:
        """Remove the blob; no error if it is gone already."""

    def ids(self) -> Iterator[str]:
        """All blob ids, unsorted."""
