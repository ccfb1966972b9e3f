"""The operating system's keyring: Keychain, Credential Locker, Secret Service or KWallet.

It takes the `keyring` extra. Only the keyring's own recommended backends are used: one that keeps
secrets in plain text, or none at all, is refused.
"""

from __future__ import annotations

import importlib
import secrets
from typing import Any, ClassVar

from store.errors import KeyAbsentError, KeyUnavailableError
from store.root import KEY_SIZE, Secret
from store.wrappers.model import Params, Place

_SERVICE = "recorder"


class OsKeyring:
    """Opens with a random key that the signed-in user's keyring holds."""

    kind: ClassVar[str] = "keyring"

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:  # noqa: ARG002 - the Protocol's signature
        """A fresh key, put into the keyring and read back."""
        key = secrets.token_hex(KEY_SIZE)
        _call("set_password", _SERVICE, _account(place), key)
        return {}, self.key(place, {})

    def key(self, place: Place, params: Params) -> Secret:  # noqa: ARG002 - likewise
        """The key that the keyring holds."""
        held = _call("get_password", _SERVICE, _account(place))
        if held is None:
            raise KeyAbsentError("this user's keyring does not hold it")
        try:
            key = bytes.fromhex(held)
        except ValueError as error:
            raise KeyUnavailableError("what the keyring holds is damaged") from error
        if len(key) != KEY_SIZE:
            raise KeyUnavailableError("what the keyring holds has the wrong length")
        return Secret(key)

    def discard(self, place: Place, params: Params) -> None:  # noqa: ARG002 - likewise
        """Remove the key from the keyring."""
        if _call("get_password", _SERVICE, _account(place)) is not None:
            _call("delete_password", _SERVICE, _account(place))


def kept(name: str) -> str:
    """A secret that the keyring holds beside our keys; KeyAbsentError if it holds none."""
    found = _call("get_password", _SERVICE, name)
    if not isinstance(found, str):
        raise KeyAbsentError("this user's keyring does not hold it")
    return found


def keep(name: str, secret: str) -> None:
    """Have the keyring hold a secret, in place of any of that name; KeyAbsentError without one."""
    _call("set_password", _SERVICE, name, secret)


def _call(name: str, *arguments: str) -> Any:
    try:
        library = importlib.import_module("keyring")
    except ImportError as error:
        raise KeyAbsentError(
            "the keyring library is not installed: install Recorder with its keyring extra"
        ) from error
    backend = library.get_keyring()
    if not importlib.import_module("keyring.core").recommended(backend):
        raise KeyAbsentError("this user has no keyring that keeps secrets safe")
    try:
        return getattr(backend, name)(*arguments)
    except importlib.import_module("keyring.errors").KeyringError as error:
        raise KeyAbsentError("the keyring is locked or does not answer") from error


def _account(place: Place) -> str:
    return f"{place.home}/{place.wrapper}"
