"""Ciphertexts that are valid under two keys at once, made by solving for a free block of them.

AES-GCM and ChaCha20-Poly1305 authenticate with a polynomial over the ciphertext. Who knows both keys
can choose a block so that the polynomials of both keys give the same tag. What is decrypted differs.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES, ChaCha20
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK = 16
_ONES = (1 << 128) - 1
_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


# --- AES-GCM ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GcmKey:
    """A key, and the associated data that goes with it."""

    key: bytes
    aad: bytes


def gcm(keys: Sequence[GcmKey], nonce: bytes, plaintext: bytes, free: int) -> bytes:
    """Ciphertext and tag that open under both keys; under the first to `plaintext` but for one block.

    `plaintext` is whole blocks, of which `free` is the one solved for; `nonce` is 12 bytes.
    """
    one, two = keys
    count = len(plaintext) // BLOCK
    stream = _blocks(one.key, [nonce + (i + 2).to_bytes(4, "big") for i in range(count)])
    blocks = [
        int.from_bytes(plaintext[i * BLOCK :][:BLOCK], "big") ^ block
        for i, block in enumerate(stream)
    ]
    blocks[free] = 0
    power = count - free + 1  # of the hash key, at the free block: the length block comes last
    tags = [_gcm_tag(each, nonce, blocks) for each in (one, two)]
    powers = [_power(_blocks(each.key, [bytes(BLOCK)])[0], power) for each in (one, two)]
    blocks[free] = _times(tags[0] ^ tags[1], _power(powers[0] ^ powers[1], (1 << 128) - 2))
    sealed = b"".join(block.to_bytes(BLOCK, "big") for block in blocks)
    return sealed + _gcm_tag(one, nonce, blocks).to_bytes(BLOCK, "big")


def _gcm_tag(key: GcmKey, nonce: bytes, blocks: Sequence[int]) -> int:
    hash_key, mask = _blocks(key.key, [bytes(BLOCK), nonce + b"\0\0\0\1"])
    aad = [
        int.from_bytes(key.aad[i:][:BLOCK].ljust(BLOCK, b"\0"), "big")
        for i in range(0, len(key.aad), BLOCK)
    ]
    lengths = len(key.aad) * 8 << 64 | len(blocks) * BLOCK * 8
    total = 0
    for block in (*aad, *blocks, lengths):
        total = _times(total ^ block, hash_key)
    return total ^ mask


def _blocks(key: bytes, inputs: Sequence[bytes]) -> list[int]:
    cipher = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - single blocks, as GCM itself makes them
    out = cipher.update(b"".join(inputs))
    return [int.from_bytes(out[i : i + BLOCK], "big") for i in range(0, len(out), BLOCK)]


def _times(a: int, b: int) -> int:
    """In GCM's field of 2 to the 128th elements; the highest bit is the constant term."""
    product = 0
    for bit in range(127, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = b >> 1 ^ (0xE1 << 120 if b & 1 else 0)
    return product


def _power(a: int, exponent: int) -> int:
    result = 1 << 127  # one
    while exponent:
        if exponent & 1:
            result = _times(result, a)
        a, exponent = _times(a, a), exponent >> 1
    return result


# --- ChaCha20-Poly1305 --------------------------------------------------------------------------


def chacha(one: bytes, two: bytes, nonce: bytes, plaintext: bytes, free: int) -> bytes:
    """Ciphertext and tag that open under both keys, without associated data.

    Under `one` it opens to `plaintext`, whole blocks, but for the blocks `free` and `free + 1`.
    """
    stream = _chacha_stream(one, nonce, 1, len(plaintext))
    data = bytearray(a ^ b for a, b in zip(plaintext, stream, strict=True))
    keys = [_poly_key(each, nonce) for each in (one, two)]
    while True:  # a solution must be two blocks: one in sixteen is
        tag = secrets.randbits(128)
        solved = _solve(keys, tag, bytes(data), free)
        if solved is not None:
            data[free * BLOCK : (free + 2) * BLOCK] = solved
            return bytes(data) + tag.to_bytes(BLOCK, "little")


def chacha_block(one: bytes, two: bytes, nonce: bytes) -> bytes | None:
    """One block and its tag that open under both keys; None for the pairs of keys that have none."""
    (r1, s1), (r2, s2) = (_poly_key(each, nonce) for each in (one, two))
    inverse = pow(r1 * r1 - r2 * r2, -1, _PRIME)
    length = (1 << 128) + (BLOCK << 64)  # the block of lengths
    for wrapped in range(-4, 5):
        wanted = s2 - s1 + (wrapped << 128) - length * (r1 - r2)
        value = wanted * inverse % _PRIME
        block = (value & _ONES).to_bytes(BLOCK, "little")
        tags = [_poly(r, block) + s & _ONES for r, s in ((r1, s1), (r2, s2))]
        if value >> 128 == 1 and tags[0] == tags[1]:
            return block + tags[0].to_bytes(BLOCK, "little")
    return None


def _solve(keys: Sequence[tuple[int, int]], tag: int, data: bytes, free: int) -> bytes | None:
    """The two free blocks that lead both keys to `tag`, if this tag has such."""
    count = len(data) // BLOCK
    rows = []
    for r, s in keys:
        wanted = (tag - s & _ONES) + (secrets.randbelow(3) << 128)
        blank = data[: free * BLOCK] + bytes(2 * BLOCK) + data[(free + 2) * BLOCK :]
        powers = [pow(r, count + 1 - i, _PRIME) for i in (free, free + 1)]
        # The blocks' own high bits are part of what is solved for.
        rest = wanted - _poly(r, blank) + sum(power << 128 for power in powers)
        rows.append((*powers, rest % _PRIME))
    (a, b, e), (c, d, f) = rows
    inverse = pow(a * d - b * c, -1, _PRIME)
    found = [(e * d - b * f) * inverse % _PRIME, (a * f - e * c) * inverse % _PRIME]
    if any(value >> 128 != 1 for value in found):
        return None
    return b"".join((value & _ONES).to_bytes(BLOCK, "little") for value in found)


def _poly(r: int, data: bytes) -> int:
    """Poly1305's polynomial over a ciphertext of whole blocks, without associated data."""
    total = 0
    lengths = bytes(8) + len(data).to_bytes(8, "little")
    for i in range(0, len(data) + BLOCK, BLOCK):
        block = (data + lengths)[i : i + BLOCK]
        total = (total + int.from_bytes(block + b"\1", "little")) * r % _PRIME
    return total


def _poly_key(key: bytes, nonce: bytes) -> tuple[int, int]:
    block = _chacha_stream(key, nonce, 0, 2 * BLOCK)
    return int.from_bytes(block[:BLOCK], "little") & _CLAMP, int.from_bytes(block[BLOCK:], "little")


def _chacha_stream(key: bytes, nonce: bytes, counter: int, size: int) -> bytes:
    cipher = Cipher(ChaCha20(key, counter.to_bytes(4, "little") + nonce), mode=None)
    return cipher.encryptor().update(bytes(size))
