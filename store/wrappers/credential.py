"""A credential that systemd hands to the service, decrypted by the machine's TPM or host key."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import ClassVar

from store import private
from store.errors import KeyAbsentError, KeyUnavailableError
from store.root import KEY_SIZE, Secret
from store.wrappers.model import Params, Place, text_of

DEFAULT_NAME = "recorder"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
_LIMIT = 64 * 1024
# systemd gives the service's user access by an ACL, which shows in the group's bits.
_OTHERS = 0o007


class Credential:
    """Opens with the credential of a name, at least 32 random bytes."""

    kind: ClassVar[str] = "systemd"

    def __init__(self, folder: Path | None) -> None:
        """`folder` is where systemd puts credentials; None when it gave none."""
        self._folder = folder

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:
        """The credential as it is: systemd's owner makes and keeps it."""
        params: dict[str, str | int] = {"name": like.get("name", DEFAULT_NAME)}
        return params, self.key(place, params)

    def key(self, place: Place, params: Params) -> Secret:  # noqa: ARG002 - the Protocol's signature
        """A key from the credential's bytes."""
        name = text_of(params, "name")
        if not _NAME.match(name):
            raise KeyUnavailableError("that is not a credential's name")
        if self._folder is None:
            raise KeyAbsentError("systemd gave this process no credentials")
        try:
            data = private.read(self._folder / name, _LIMIT, others=_OTHERS).strip(b"\r\n")
        except FileNotFoundError as error:
            raise KeyAbsentError("systemd gave no credential of that name") from error
        if len(data) < KEY_SIZE:
            raise KeyUnavailableError(f"the credential has fewer than {KEY_SIZE} bytes")
        # It may be written in hex or Base64: a hash makes 32 even bytes of any spelling.
        return Secret(hashlib.sha256(b"recorder/credential/v1\0" + data).digest())

    def discard(self, place: Place, params: Params) -> None:
        """Nothing was left behind: the credential is systemd's."""
