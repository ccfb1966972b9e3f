"""What a wrapper is, and how the root key is sealed under what a wrapper gives.

A wrapper leads from a few stored parameters to a key of 32 bytes. The root is sealed under that
key with AES-256-GCM; home, root, wrapper, kind and every parameter are authenticated with it, so
that no stored entry can be weakened, moved or mixed with another.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import KeyUnavailableError, WrongKeyError
from store.root import Root, Secret, derive

Params = Mapping[str, str | int]
_FORMAT = "recorder wrapper 1"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands."""

    home: str  # 16 hex digits
    wrapper: str  # likewise


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The root key under one wrapper, as stored."""

    id: str  # 16 hex digits
    kind: str
    params: dict[str, str | int]  # never secret
    sealed: bytes  # nonce (12), then the root under the wrapper's key


class Wrapper(Protocol):
    """One way to the root key."""

    kind: ClassVar[str]

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:
        """Fresh parameters and the key they lead to; `like` holds wishes, or earlier parameters.

        KeyUnavailableError when this wrapper cannot be used here.
        """
        ...

    def key(self, place: Place, params: Params) -> Secret:
        """The key that stored parameters lead to.

        KeyAbsentError when what it takes is not here, WrongKeyError when it is and is wrong,
        KeyUnavailableError when it is damaged, too cheap, or open to others.
        """
        ...

    def discard(self, place: Place, params: Params) -> None:
        """Remove what `prepare` left on this machine, once no entry needs it."""
        ...


def seal(root: Root, home: str, wrapper: Wrapper, like: Params) -> Entry:
    """The root under a fresh use of `wrapper`."""
    place = Place(home, secrets.token_hex(8))
    params, key = wrapper.prepare(place, like)
    return seal_under(key, root, place, wrapper.kind, params)


def seal_under(
    key: Secret, root: Root, place: Place, kind: str, params: dict[str, str | int]
) -> Entry:
    """The root under a key that `params` lead to."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(key).encrypt(nonce, root.secret, _about(place, root.id, kind, params))
    return Entry(id=place.wrapper, kind=kind, params=params, sealed=nonce + sealed)


def open_entry(entry: Entry, home: str, root_id: str, wrapper: Wrapper) -> Root:
    """The root inside `entry`; KeyUnavailableError or WrongKeyError."""
    place = Place(home, entry.id)
    key = wrapper.key(place, entry.params)
    nonce, sealed = entry.sealed[:_NONCE], entry.sealed[_NONCE:]
    about = _about(place, root_id, entry.kind, entry.params)
    try:
        root = Root(_cipher(key).decrypt(nonce, sealed, about))
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
        raise WrongKeyError("what was given does not open it, or the entry was changed") from error
    if root.id != root_id:
        raise WrongKeyError("the entry holds another root key than it says")
    return root


def text_of(params: Params, name: str) -> str:
    """A parameter that must be text."""
    value = params.get(name)
    if not isinstance(value, str):
        raise KeyUnavailableError("a wrapper's parameters are damaged")
    return value


def _cipher(key: Secret) -> AESGCM:
    return AESGCM(derive(key.value, b"recorder/wrapper/v1"))


def _about(place: Place, root_id: str, kind: str, params: Params) -> bytes:
    fields = (_FORMAT, place.home, root_id, place.wrapper, kind, params)
    return msgspec.json.encode(fields, order="deterministic")
