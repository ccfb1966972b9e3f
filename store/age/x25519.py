"""X25519 recipients: what every age program opens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from store import bech32
from store.age.primitives import (
    KEY_SIZE,
    WRAPPED_SIZE,
    b64,
    hkdf,
    unb64,
    unwrap_file_key,
    wrap_file_key,
)
from store.age.stanza import Stanza
from store.errors import HeaderError

KIND = b"X25519"
_LABEL = b"age-encryption.org/v1/X25519"


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A public key that files are sealed to."""

    kind: ClassVar[str] = KIND.decode()
    prefix: ClassVar[str] = "age"
    post_quantum: ClassVar[bool] = False
    public: bytes  # 32 bytes

    def __post_init__(self) -> None:
        if len(self.public) != KEY_SIZE:
            raise HeaderError("an X25519 recipient has the wrong length")

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza from which only this recipient takes `file_key`."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = exchange(ephemeral, self.public)
        key = hkdf(shared, share + self.public, _LABEL)
        return Stanza(KIND, (b64(share),), wrap_file_key(key, file_key))


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A secret key that opens files. Its repr tells nothing."""

    kind: ClassVar[str] = KIND.decode()
    prefix: ClassVar[str] = "age-secret-key-"
    secret: bytes = field(repr=False)  # 32 bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_SIZE:
            raise HeaderError("an X25519 identity has the wrong length")

    @classmethod
    def new(cls) -> X25519Identity:
        """A fresh random identity."""
        return cls(secrets.token_bytes(KEY_SIZE))

    @property
    def recipient(self) -> X25519Recipient:
        """The public key that belongs to it."""
        return X25519Recipient(self._private().public_key().public_bytes_raw())

    def encoded(self) -> str:
        """The form that `age -i` reads."""
        return bech32.encode(self.prefix, self.secret).upper()

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None if `stanza` is somebody else's; HeaderError if it is malformed."""
        if stanza.kind != KIND:
            return None
        share = share_of(stanza)
        shared = exchange(self._private(), share)
        key = hkdf(shared, share + self.recipient.public, _LABEL)
        return unwrap_file_key(key, stanza.body)

    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret)


def share_of(stanza: Stanza) -> bytes:
    """The ephemeral share (32 bytes) of a stanza of this kind; HeaderError by its shape."""
    if len(stanza.arguments) != 1 or len(stanza.body) != WRAPPED_SIZE:
        raise HeaderError("an X25519 stanza has the wrong shape")
    share = unb64(stanza.arguments[0])
    if len(share) != KEY_SIZE:
        raise HeaderError("an X25519 share has the wrong length")
    return share


def exchange(private: X25519PrivateKey, share: bytes) -> bytes:
    """The shared secret; HeaderError for a share that would make it the same for everybody."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise HeaderError("an X25519 share is a low-order point") from error
