"""Sealed blobs on obstore. The vault sees ciphertext only and cannot tell a voice from a drawing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore

from store.errors import NotFoundError, StoreError

_PART = 8 * 1024 * 1024


class Vault:
    """Blobs by id: written once, read by range, deleted by id."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._objects = LocalStore(folder)

    @staticmethod
    def new_id() -> str:
        """A random blob id, 32 hex digits; it says nothing about what it names."""
        return secrets.token_hex(16)

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        """Write a blob durably and return its size; memory stays at a few parts."""
        written = 0

        def counted() -> Iterable[bytes]:
            nonlocal written
            for chunk in chunks:
                written += len(chunk)
                yield chunk

        try:
            obstore.put(
                self._objects,
                _path(blob_id),
                iter(counted()),
                use_multipart=True,
                chunk_size=_PART,
                max_concurrency=2,
            )
        except BaseError as error:
            raise StoreError(
                f"blob {blob_id} could not be written: the disk may be full. Nothing was removed"
            ) from error
        self._sync(blob_id)
        if self.size(blob_id) != written:
            raise StoreError(f"blob {blob_id} was not written whole")
        return written

    def size(self, blob_id: str) -> int:
        """Bytes in the blob; NotFoundError if there is none."""
        try:
            return obstore.head(self._objects, _path(blob_id))["size"]
        except FileNotFoundError as error:
            raise NotFoundError(f"blob {blob_id} is not in the vault") from error

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """Exactly the bytes asked for; fewer only at the blob's end."""
        try:
            data = obstore.get_range(self._objects, _path(blob_id), start=offset, length=length)
        except FileNotFoundError as error:
            raise NotFoundError(f"blob {blob_id} is not in the vault") from error
        except BaseError as error:
            raise StoreError(f"blob {blob_id} cannot be read at {offset}") from error
        return data.to_bytes()

    def delete(self, blob_id: str) -> None:
        """Remove the blob; no error if it is gone already."""
        try:
            obstore.delete(self._objects, _path(blob_id))
        except FileNotFoundError:
            return

    def ids(self) -> list[str]:
        """All blob ids, unsorted."""
        pages = obstore.list(self._objects)
        return [entry["path"].replace("/", "") for page in pages for entry in page]

    def _sync(self, blob_id: str) -> None:
        # obstore renames into place but leaves syncing to the system; a blob counts as stored
        # only once it and its folder entry would survive a power cut.
        file = self._folder / _path(blob_id)
        for path in (file, file.parent):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _path(blob_id: str) -> str:
    return f"{blob_id[:2]}/{blob_id[2:]}"
