"""Whole `.age` files: a header, then a payload, perhaps in armour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from store.age.armour import Armoured, is_armoured
from store.age.header import MAX_SIZE, Header, length_of, open_key, seal_key
from store.age.stanza import Identity, Recipient
from store.age.stream import ReadAt, Reader, encrypt, last_chunk


def seal_file(recipients: Sequence[Recipient], plaintext: Iterable[bytes]) -> Iterator[bytes]:
    """A whole file, in pieces; a chunk at a time is in memory."""
    file_key, header = seal_key(recipients)
    yield header
    yield from encrypt(file_key, plaintext)


def open_file(read_at: ReadAt, size: int, identities: Sequence[Identity]) -> Reader:
    """Random access to the plaintext of a file of `size` bytes, armoured or not.

    Raises ArmourError, HeaderError, NoMatchError or PayloadError for a file that does not open.
    """
    header, payload_at, payload_size = _parts(read_at, size)
    return Reader(open_key(header, identities), payload_at, payload_size)


def check_file(read_at: ReadAt, size: int) -> Header:
    """The header of a file of `size` bytes whose outside is well formed; no identity is needed.

    Whether it opens, and whether its bytes are those that were sealed, only an identity tells.
    Raises ArmourError, HeaderError or PayloadError.
    """
    header, _, payload_size = _parts(read_at, size)
    last_chunk(payload_size)
    return Header.parse(header)


def _parts(read_at: ReadAt, size: int) -> tuple[bytes, ReadAt, int]:
    """The header, and where and how long the payload is, out of any armour."""
    if is_armoured(read_at, size):
        armoured = Armoured(read_at, size)
        read_at, size = armoured.read_at, armoured.size
    head = read_at(0, min(size, MAX_SIZE))
    start = length_of(head)

    def payload_at(offset: int, length: int) -> bytes:
        return read_at(start + offset, length)

    return head[:start], payload_at, size - start
