"""What hostile files are made of: boxes, chunks, pages, elements. None of it checks anything."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Targets:
    """What a hostile file tries to reach: all of it watched."""

    url: str  # of a port on this machine that counts who comes
    file: str  # a path that nobody has any business opening


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file as it would lie in the watched folder."""

    family: str
    name: str
    data: bytes


def box(kind: bytes, *bodies: bytes) -> bytes:
    """A box of the MP4 family."""
    body = b"".join(bodies)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def full_box(kind: bytes, *bodies: bytes, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(kind, flags.to_bytes(4, "big"), *bodies)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + check


def riff(form: bytes, *chunks: bytes, size: int | None = None) -> bytes:
    """A RIFF file: WAV or WebP."""
    body = form + b"".join(chunks)
    return b"RIFF" + (len(body) if size is None else size).to_bytes(4, "little") + body


def riff_chunk(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    """A chunk of a RIFF file, which may lie about its size."""
    said = len(body) if size is None else size
    return kind + said.to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def element(kind: str, body: bytes, size: int | None = None) -> bytes:
    """An element of a Matroska file, which may lie about its size."""
    said = len(body) if size is None else size
    return bytes.fromhex(kind) + (1 << 56 | said).to_bytes(8, "big") + body


def ogg_page(
    body: bytes, *, serial: int = 1, number: int = 0, granule: int = 0, flags: int = 0
) -> bytes:
    """A page of an Ogg file with its checksum."""
    table = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + granule.to_bytes(8, "little", signed=True)
    head += serial.to_bytes(4, "little") + number.to_bytes(4, "little")
    page = head + bytes(4) + bytes([len(table)]) + table + body
    return page[:22] + _ogg_sum(page).to_bytes(4, "little") + page[26:]


def _ogg_sum(page: bytes) -> int:
    rest = 0
    for byte in page:
        rest = (rest << 8 & 0xFFFF_FFFF) ^ _SUMS[rest >> 24 ^ byte]
    return rest


def _sums() -> list[int]:
    made = []
    for byte in range(256):
        rest = byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ 0x04C11DB7 if rest & 0x8000_0000 else rest << 1) & 0xFFFF_FFFF
        made.append(rest)
    return made


_SUMS = _sums()


def wave(note: int = 0) -> bytes:
    """A plain WAV of a fifth of a second, another for each number."""
    data = note.to_bytes(2, "little") + bytes(3198)
    return riff(b"WAVE", wave_format(), riff_chunk(b"data", data))


def wave_format(
    *, channels: int = 1, rate: int = 8000, align: int = 2, bits: int = 16, coding: int = 1
) -> bytes:
    """The chunk of a WAV that says how its sound is coded."""
    fields = ((coding, 2), (channels, 2), (rate, 4), (rate * align & 0xFFFF_FFFF, 4))
    body = b"".join(
        value.to_bytes(size, "little") for value, size in (*fields, (align, 2), (bits, 2))
    )
    return riff_chunk(b"fmt ", body)
