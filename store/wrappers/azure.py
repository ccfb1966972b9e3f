"""Azure Key Vault: the vault's RSA key wraps a random key, and never leaves the vault.

It takes the `azure` extra. The stored parameters hold the vault key's address with its version, so
that a key rotated in the vault goes on opening what its older version wrapped.
"""

from __future__ import annotations

import base64
import importlib
import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from store.errors import KeyAbsentError, KeyUnavailableError, WrongKeyError
from store.root import KEY_SIZE, Secret
from store.wrappers.model import Params, Place, text_of

_PATIENCE = {"retry_total": 2, "connection_timeout": 10, "read_timeout": 20}


class AzureKeyVault:
    """Opens with wrapKey and unwrapKey of one vault key, RSA-OAEP-256."""

    kind: ClassVar[str] = "azure"

    def __init__(self, connect: Callable[[str], Any] | None = None) -> None:
        """`connect` makes a CryptographyClient for a key's address; by default a signed-in one."""
        self._connect = connect or _signed_in

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:
        """A fresh key, wrapped by the vault and unwrapped again."""
        address = text_of(like, "key")
        if not address.startswith("https://"):
            raise KeyUnavailableError("a vault key's address begins with https://")
        key = secrets.token_bytes(KEY_SIZE)
        result = self._call(address, "wrap_key", key)
        params: dict[str, str | int] = {
            "key": result.key_id,
            "wrapped": base64.b64encode(result.encrypted_key).decode(),
        }
        if self.key(place, params).value != key:
            raise WrongKeyError("the vault unwraps to something else than it wrapped")
        return params, Secret(key)

    def key(self, place: Place, params: Params) -> Secret:  # noqa: ARG002 - the Protocol's signature
        """What the vault unwraps."""
        try:
            wrapped = base64.b64decode(text_of(params, "wrapped"), validate=True)
        except ValueError as error:  # not Base64
            raise KeyUnavailableError("a wrapper's parameters are damaged") from error
        found: bytes = self._call(text_of(params, "key"), "unwrap_key", wrapped).key
        if len(found) != KEY_SIZE:
            raise WrongKeyError("the vault unwrapped something of the wrong length")
        return Secret(found)

    def discard(self, place: Place, params: Params) -> None:
        """Nothing was left behind: the vault's key is the council's."""

    def _call(self, address: str, name: str, data: bytes) -> Any:
        try:
            algorithms = importlib.import_module("azure.keyvault.keys.crypto").KeyWrapAlgorithm
            problems = importlib.import_module("azure.core.exceptions")
            client = self._connect(address)
        except ImportError as error:
            raise KeyAbsentError(
                "the Azure library is not installed: install Recorder with its azure extra"
            ) from error
        except ValueError as error:  # the library's word for an address it cannot read
            raise KeyUnavailableError("that is not the address of a vault key") from error
        try:
            with client:
                return getattr(client, name)(algorithms.rsa_oaep_256, data)
        except problems.HttpResponseError as error:
            raise _explained(error) from error
        except (problems.AzureError, ValueError) as error:
            raise KeyAbsentError("the vault does not answer, or refuses to sign in") from error


def _explained(error: Any) -> KeyUnavailableError:
    if error.status_code == 400:  # noqa: PLR2004 - HTTP's bad request: what was sent does not unwrap
        return WrongKeyError("the vault cannot unwrap this")
    return KeyUnavailableError(f"the vault refused with status {error.status_code}")


def _signed_in(address: str) -> Any:
    identity = importlib.import_module("azure.identity")
    crypto = importlib.import_module("azure.keyvault.keys.crypto")
    return crypto.CryptographyClient(address, identity.DefaultAzureCredential(), **_PATIENCE)
