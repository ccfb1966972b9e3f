"""A form's token, written differently in every page that it stands in.

What is the same in every answer could be found out by how well answers compress (docs/adr/0048).
"""

from __future__ import annotations

import secrets

_HEX = frozenset("0123456789abcdef")


def masked(token: str) -> str:
    """`token` (hex digits) behind a mask of its own, which stands before it."""
    plain = bytes.fromhex(token)
    mask = secrets.token_bytes(len(plain))
    return (mask + _mixed(mask, plain)).hex()


def unmasked(said: str, token: str) -> str:
    """What was masked, if it is as long as `token` masked; anything else as it is."""
    if len(said) != 2 * len(token) or not set(said) <= _HEX:
        return said
    both = bytes.fromhex(said)
    half = len(both) // 2
    return _mixed(both[:half], both[half:]).hex()


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
