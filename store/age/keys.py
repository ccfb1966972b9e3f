"""Key pairs by name: as they are printed, and as a database keeps them."""

from __future__ import annotations

from typing import TypeAlias

from store import bech32
from store.age import hybrid, x25519
from store.age.hybrid import HybridIdentity, HybridRecipient
from store.age.x25519 import X25519Identity, X25519Recipient
from store.errors import HeaderError

KeyIdentity: TypeAlias = HybridIdentity | X25519Identity
KeyRecipient: TypeAlias = HybridRecipient | X25519Recipient

KEY_KINDS = frozenset({hybrid.KIND, x25519.KIND})
"""The stanzas that a key pair opens."""
_IDENTITIES: tuple[type[KeyIdentity], ...] = (HybridIdentity, X25519Identity)
_RECIPIENTS: tuple[type[KeyRecipient], ...] = (HybridRecipient, X25519Recipient)


def new_identity() -> KeyIdentity:
    """A fresh identity of the default kind."""
    return HybridIdentity.new()


def identity_from(kind: str, secret: bytes) -> KeyIdentity:
    """The identity of a `kind` with this secret (32 bytes); HeaderError if there is no such."""
    for each in _IDENTITIES:
        if each.kind == kind:
            return each(secret)
    raise HeaderError("there is no such kind of identity")


def recipient_from(kind: str, public: bytes) -> KeyRecipient:
    """The recipient of a `kind` with this public key; HeaderError if there is no such."""
    for each in _RECIPIENTS:
        if each.kind == kind:
            return each(public)
    raise HeaderError("there is no such kind of recipient")


def read_identity(text: str) -> KeyIdentity:
    """The identity written `AGE-SECRET-KEY-...`; HeaderError for anything else."""
    prefix, secret = bech32.decode(text)
    for each in _IDENTITIES:
        if each.prefix == prefix and text.isupper():
            return each(secret)
    raise HeaderError("this is not an age identity")


def read_recipient(text: str) -> KeyRecipient:
    """The recipient written `age1...`; HeaderError for anything else."""
    prefix, public = bech32.decode(text)
    for each in _RECIPIENTS:
        if each.prefix == prefix and text.islower():
            return each(public)
    raise HeaderError("this is not an age recipient")
