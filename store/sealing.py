"""Sealing a stream into the vault: only a public key is needed, and what was written is proved.

Whoever holds no secret can do this, and cannot open afterwards what it sealed.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from store import age
from store.errors import StoreError, TamperedError
from store.vault import Vault
from store.vault import new_id as new_blob_id

_AHEAD = 4  # pieces of up to 1 MiB


@dataclass(frozen=True, slots=True)
class Sealed:
    """A blob that was written, synced and verified; nothing refers to it yet."""

    blob: str
    header: bytes
    sha256: str  # of the plaintext
    size: int  # of the plaintext
    payload_sha256: str
    payload_size: int

    @property
    def header_sha256(self) -> str:
        """Pins the header beside the payload."""
        return hashlib.sha256(self.header).hexdigest()


def seal(vault: Vault, recipient: age.Recipient, plaintext: Iterable[bytes]) -> Sealed:
    """Seal a stream to `recipient`, then open it again with the file key just made and compare.

    Raises TamperedError, and leaves no blob, if what was written does not open to what was read.
    """
    file_key, header = age.seal_key([recipient])
    clear, payload = Tally(), Tally()
    blob = new_blob_id()
    try:
        vault.put(blob, payload.over(age.encrypt(file_key, clear.over(plaintext))))
        _verify(reader(vault, blob, file_key, vault.size(blob)), blob, clear)
    except BaseException:
        # What cannot be removed either is an orphan, and is swept up: the first error is told.
        with suppress(StoreError):
            vault.delete(blob)
        raise
    return Sealed(blob, header, clear.hex, clear.size, payload.hex, payload.size)


def reader(vault: Vault, blob: str, file_key: bytes, size: int) -> age.Reader:
    """Random access to what a blob of `size` bytes holds."""
    return age.Reader(file_key, partial(vault.read_at, blob), size)


class Tally:
    """Counts what flows through, and hashes it in a thread of its own: hashing costs most.

    At most `_AHEAD` pieces wait for that thread, so memory stays bounded. If either side fails, the
    other ends with it.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.size = 0

    def over(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces. The hash is whole once they are at their end."""
        waiting: deque[Future[None]] = deque()
        with ThreadPoolExecutor(1, "hash") as thread:
            for piece in pieces:
                waiting.append(thread.submit(self._hash.update, piece))
                if len(waiting) > _AHEAD:
                    waiting.popleft().result()
                self.size += len(piece)
                yield piece
            for each in waiting:
                each.result()

    @property
    def hex(self) -> str:
        """SHA-256 of all that flowed through."""
        return self._hash.hexdigest()


def _verify(opened: age.Reader, blob: str, expected: Tally) -> None:
    found = Tally()
    for _ in found.over(opened):
        pass
    if (found.hex, found.size) != (expected.hex, expected.size):
        raise TamperedError(f"blob {blob} does not open to what was sealed")
