"""Hybrid recipients, `mlkem768x25519`: closed to whoever breaks only one of ML-KEM and X25519.

A recording must stay closed for as long as its young person lives, and ciphertext that is copied
today can be attacked with whatever is built by then. So this is the default.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from store import bech32
from store.age.primitives import KEY_SIZE, WRAPPED_SIZE, b64, unb64
from store.age.stanza import Stanza
from store.age.x25519 import exchange
from store.errors import HeaderError

KIND = b"mlkem768x25519"
_INFO = b"age-encryption.org/mlkem768x25519"
_MLKEM_SEED, _MLKEM_PUBLIC, _MLKEM_CIPHERTEXT = 64, 1184, 1088  # bytes
_PUBLIC = _MLKEM_PUBLIC + KEY_SIZE
_ENCAPSULATED = _MLKEM_CIPHERTEXT + KEY_SIZE


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A public key that files are sealed to."""

    kind: ClassVar[str] = KIND.decode()
    prefix: ClassVar[str] = "age1pq"
    post_quantum: ClassVar[bool] = True
    public: bytes  # 1216 bytes: ML-KEM-768, then X25519

    def __post_init__(self) -> None:
        if len(self.public) != _PUBLIC:
            raise HeaderError("a hybrid recipient has the wrong length")

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza from which only this recipient takes `file_key`."""
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.public[:_MLKEM_PUBLIC])
            x25519 = X25519PublicKey.from_public_bytes(self.public[_MLKEM_PUBLIC:])
            public = MLKEM768X25519PublicKey(mlkem, x25519)
            message = _suite().encrypt(file_key, public, _INFO)
        except ValueError as error:  # out of range, or a low-order point
            raise HeaderError("a hybrid recipient is no public key") from error
        return Stanza(KIND, (b64(message[:_ENCAPSULATED]),), message[_ENCAPSULATED:])


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """A seed from which both secret keys follow. Its repr tells nothing."""

    kind: ClassVar[str] = KIND.decode()
    prefix: ClassVar[str] = "age-secret-key-pq-"
    secret: bytes = field(repr=False)  # 32 bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_SIZE:
            raise HeaderError("a hybrid identity has the wrong length")

    @classmethod
    def new(cls) -> HybridIdentity:
        """A fresh random identity."""
        return cls(secrets.token_bytes(KEY_SIZE))

    @property
    def recipient(self) -> HybridRecipient:
        """The public key that belongs to it."""
        mlkem, x25519 = self._private()
        public = (mlkem.public_key().public_bytes_raw(), x25519.public_key().public_bytes_raw())
        return HybridRecipient(b"".join(public))

    def encoded(self) -> str:
        """The form that `age -i` reads."""
        return bech32.encode(self.prefix, self.secret).upper()

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None if `stanza` is somebody else's; HeaderError if it is malformed."""
        if stanza.kind != KIND:
            return None
        encapsulated = encapsulated_in(stanza)
        mlkem, x25519 = self._private()
        # HPKE would fail on a low-order share as on any wrong key; the format tells them apart.
        exchange(x25519, encapsulated[_MLKEM_CIPHERTEXT:])
        try:
            private = MLKEM768X25519PrivateKey(mlkem, x25519)
            return _suite().decrypt(encapsulated + stanza.body, private, _INFO)
        except InvalidTag:
            return None

    def _private(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.secret).digest(_MLKEM_SEED + KEY_SIZE)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
        return mlkem, X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])


def encapsulated_in(stanza: Stanza) -> bytes:
    """The encapsulated keys (1120 bytes) of a stanza of this kind; HeaderError by its shape."""
    if len(stanza.arguments) != 1 or len(stanza.body) != WRAPPED_SIZE:
        raise HeaderError("a hybrid stanza has the wrong shape")
    encapsulated = unb64(stanza.arguments[0])
    if len(encapsulated) != _ENCAPSULATED:
        raise HeaderError("a hybrid stanza's share has the wrong length")
    return encapsulated


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
