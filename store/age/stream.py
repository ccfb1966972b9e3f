"""The payload: a nonce, then chunks of 64 KiB, each sealed under its number (STREAM)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from store.age.primitives import hkdf
from store.errors import HeaderError, PayloadError

CHUNK = 64 * 1024
"""Plaintext bytes in every chunk of a payload but the last."""
NONCE_SIZE = 16
_TAG = 16

ReadAt = Callable[[int, int], bytes]
"""(offset, length) -> exactly those bytes of a payload, fewer only at its end."""


def encrypt(file_key: bytes, plaintext: Iterable[bytes]) -> Iterator[bytes]:
    """The payload: a nonce, then chunks. Holds one chunk in memory at a time."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
    yield nonce
    counter, waiting = 0, bytearray()
    for piece in plaintext:
        waiting += piece
        # A full chunk is written only when more follows: the last one carries the flag.
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_chunk_nonce(counter, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            counter += 1
    yield cipher.encrypt(_chunk_nonce(counter, last=True), bytes(waiting), None)


class Reader:
    """Random access to a payload's plaintext.

    The final chunk is opened first, which proves the length: a payload cut at a chunk's edge is
    refused before a byte is released. One chunk is kept, so reading on costs nothing twice.
    """

    def __init__(self, file_key: bytes, read_at: ReadAt, payload_size: int) -> None:
        """Raises PayloadError unless the final chunk opens, HeaderError without a whole nonce."""
        body = payload_size - NONCE_SIZE
        if body < 0:  # age counts the nonce as part of the header
            raise HeaderError("a payload has no whole nonce")
        sealed_chunk = CHUNK + _TAG
        self._last = max(-(-body // sealed_chunk) - 1, 0)
        final = body - self._last * sealed_chunk
        if final < _TAG or (self._last and final == _TAG):
            raise PayloadError("a payload has an impossible length")
        self._read_at = read_at
        nonce = read_at(0, NONCE_SIZE)
        if len(nonce) != NONCE_SIZE:
            raise PayloadError("a payload is shorter than its recorded length")
        self._cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
        self._final_size = final
        self._kept: tuple[int, bytes] = (-1, b"")
        self.size: int = self._last * CHUNK + len(self._chunk(self._last))

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`, `length` of them or as many as there are."""
        end = min(offset + length, self.size)
        pieces = []
        while offset < end:
            index, start = divmod(offset, CHUNK)
            piece = self._chunk(index)[start : start + end - offset]
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def __iter__(self) -> Iterator[bytes]:
        for index in range(self._last + 1):
            yield self._chunk(index)

    def _chunk(self, index: int) -> bytes:
        if self._kept[0] == index:
            return self._kept[1]
        last = index == self._last
        size = self._final_size if last else CHUNK + _TAG
        sealed = self._read_at(NONCE_SIZE + index * (CHUNK + _TAG), size)
        try:
            if len(sealed) != size:
                raise PayloadError("a payload is shorter than its recorded length")
            chunk = self._cipher.decrypt(_chunk_nonce(index, last=last), sealed, None)
        except InvalidTag as error:
            raise PayloadError("a payload's chunk does not open") from error
        self._kept = (index, chunk)
        return chunk


def _chunk_nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + bytes([last])
