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
_SEALED = CHUNK + _TAG
_RUN = 16
"""Chunks that are sealed, or read and opened, in one go: 1 MiB."""
_STRIDE = 4 * _RUN
"""Likewise for who goes through a whole payload: storage that is far away is asked less often."""

ReadAt = Callable[[int, int], bytes]
"""(offset, length) -> exactly those bytes of a payload, fewer only at its end."""


def encrypt(file_key: bytes, plaintext: Iterable[bytes]) -> Iterator[bytes]:
    """The payload: a nonce, then runs of chunks. Two runs are in memory at a time."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    chunks = _Chunks(file_key, nonce)
    yield nonce
    index, held = 0, b""
    for run in _runs(plaintext):
        # A full run is sealed only when more follows: the last chunk carries the flag.
        if held:
            yield chunks.seal(index, held, ends=False)
            index += _RUN
        held = run
    yield chunks.seal(index, held, ends=True)


def _runs(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces cut anew into runs, the last one perhaps shorter; nothing empty.

    A piece that is a run already goes on as it is: for most of a large file nothing is copied.
    """
    waiting = bytearray()
    for piece in pieces:
        if not waiting and len(piece) == _RUN * CHUNK:
            yield piece
            continue
        waiting += piece
        while len(waiting) >= _RUN * CHUNK:
            yield bytes(waiting[: _RUN * CHUNK])
            del waiting[: _RUN * CHUNK]
    if waiting:
        yield bytes(waiting)


class Reader:
    """Random access to a payload's plaintext.

    The final chunk is opened first, which proves the length: a payload cut at a chunk's edge is
    refused before a byte is released. What was opened last is kept, so reading on costs nothing
    twice, and who reads on is given a whole run: one request, where storage is far away.
    """

    def __init__(self, file_key: bytes, read_at: ReadAt, payload_size: int) -> None:
        """Raises PayloadError unless the final chunk opens, HeaderError without a whole nonce."""
        self._last = last_chunk(payload_size)
        self._read_at = read_at
        self._payload_size = payload_size
        nonce = read_at(0, NONCE_SIZE)
        if len(nonce) != NONCE_SIZE:
            raise PayloadError("a payload is shorter than its recorded length")
        self._chunks = _Chunks(file_key, nonce)
        self._kept: tuple[range, bytes] = (range(0), b"")  # numbers of chunks, and what they hold
        self.size: int = self._last * CHUNK + len(self._run(self._last, 1))

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`, `length` of them or as many as there are."""
        end = min(offset + length, self.size)
        pieces = []
        while offset < end:
            index, start = divmod(offset, CHUNK)
            piece = self._run(index, -(-end // CHUNK) - index)[start : start + end - offset]
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def __iter__(self) -> Iterator[bytes]:
        for index in range(0, self._last + 1, _STRIDE):
            yield self._opened(index, _STRIDE)

    def _run(self, index: int, wanted: int) -> memoryview:
        """What chunk `index` holds and some of those after it, at most `wanted` are needed."""
        numbers, opened = self._kept
        if index not in numbers:
            count = min(_RUN if index == numbers.stop else wanted, _RUN, self._last + 1 - index)
            numbers, opened = range(index, index + count), self._opened(index, count)
            self._kept = numbers, opened
        return memoryview(opened)[(index - numbers.start) * CHUNK :]

    def _opened(self, index: int, count: int) -> bytes:
        start = NONCE_SIZE + index * _SEALED
        size = min(count * _SEALED, self._payload_size - start)
        sealed = self._read_at(start, size)
        if len(sealed) != size:
            raise PayloadError("a payload is shorter than its recorded length")
        return self._chunks.open(index, sealed, ends=start + size == self._payload_size)


class _Chunks:
    """Runs of chunks, sealed and opened. The cipher works without the interpreter's lock."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))

    def seal(self, index: int, plaintext: bytes, *, ends: bool) -> bytes:
        """The run that begins with chunk `index`; `ends` if the payload does."""
        count = max(-(-len(plaintext) // CHUNK), 1)
        sealed = bytearray(len(plaintext) + count * _TAG)
        source, target = memoryview(plaintext), memoryview(sealed)
        for i in range(count):
            nonce = _nonce(index + i, last=ends and i == count - 1)
            chunk, place = source[i * CHUNK :][:CHUNK], target[i * _SEALED :][:_SEALED]
            self._cipher.encrypt_into(nonce, chunk, None, place)
        return bytes(sealed)

    def open(self, index: int, sealed: bytes, *, ends: bool) -> bytes:
        """What a run holds. PayloadError, and none of it, if one of its chunks does not open."""
        count = -(-len(sealed) // _SEALED)
        plaintext = bytearray(len(sealed) - count * _TAG)
        source, target = memoryview(sealed), memoryview(plaintext)
        try:
            for i in range(count):
                nonce = _nonce(index + i, last=ends and i == count - 1)
                chunk, place = source[i * _SEALED :][:_SEALED], target[i * CHUNK :][:CHUNK]
                self._cipher.decrypt_into(nonce, chunk, None, place)
        except InvalidTag as error:
            raise PayloadError("a payload's chunk does not open") from error
        return bytes(plaintext)


def last_chunk(payload_size: int) -> int:
    """The number of a payload's last chunk.

    PayloadError when no payload is of this length, HeaderError when it is too short for a nonce.
    """
    body = payload_size - NONCE_SIZE
    if body < 0:  # age counts the nonce as part of the header
        raise HeaderError("a payload has no whole nonce")
    last = max(-(-body // _SEALED) - 1, 0)
    final = body - last * _SEALED
    if final < _TAG or (last and final == _TAG):
        raise PayloadError("a payload has an impossible length")
    return last


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])
