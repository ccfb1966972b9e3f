"""The root key as a value, and how one key is derived from another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from store.errors import KeyUnavailableError

KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """Bytes that must not be seen. Its repr tells nothing."""

    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Root:
    """The key that wraps a home's identities. Its repr tells nothing."""

    secret: bytes = field(repr=False)  # 32 random bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_SIZE:
            raise KeyUnavailableError("the root key has the wrong length")

    @classmethod
    def new(cls) -> Root:
        """A fresh random root."""
        return cls(secrets.token_bytes(KEY_SIZE))

    @property
    def id(self) -> str:
        """Which root this is (16 hex digits); says nothing about the key."""
        return derive(self.secret, b"recorder/root-id/v1")[:8].hex()


def old_home_id(root: Root) -> str:
    """The id of a home that was made before homes had ids (16 hex digits)."""
    return derive(root.secret, b"recorder/home-id/v1")[:8].hex()


def derive(secret: bytes, label: bytes, size: int = KEY_SIZE) -> bytes:
    """The key of `label`, `size` bytes, under a uniformly random key of 256 bits."""
    # HKDF's extract step has nothing to add to such a key.
    return HKDFExpand(hashes.SHA256(), size, label).derive(secret)
