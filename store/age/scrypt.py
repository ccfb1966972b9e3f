"""Passphrase recipients, `scrypt`: for files that people carry, never for what is stored here."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from store.age.primitives import (
    KEY_SIZE,
    WRAPPED_SIZE,
    b64,
    unb64,
    unwrap_file_key,
    wrap_file_key,
)
from store.age.stanza import Stanza
from store.errors import HeaderError

KIND = b"scrypt"
WORK_FACTOR = 18  # the binary logarithm of the cost: 256 MiB and most of a second
MAX_WORK_FACTOR = 20  # 1 GiB: a file must not be able to ask for more
_LABEL = b"age-encryption.org/v1/scrypt"
_SALT = 16
_BLOCK = 8  # scrypt's r, fixed by the format
_FACTOR = re.compile(rb"[1-9][0-9]?\Z")


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Words that both seal and open; they stand alone in a header. The repr tells nothing."""

    post_quantum: ClassVar[bool] = True
    words: str = field(repr=False)
    work_factor: int = WORK_FACTOR  # of what is sealed

    def __post_init__(self) -> None:
        if not 1 <= self.work_factor <= MAX_WORK_FACTOR:
            raise HeaderError("a passphrase's work factor is out of bounds")

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza from which only these words take `file_key`."""
        salt = secrets.token_bytes(_SALT)
        body = wrap_file_key(self._key(salt, self.work_factor), file_key)
        return Stanza(KIND, (b64(salt), b"%d" % self.work_factor), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None for other words; HeaderError if malformed or too much work."""
        if stanza.kind != KIND:
            return None
        salt, work_factor = salt_and_factor(stanza)
        if work_factor > MAX_WORK_FACTOR:
            raise HeaderError("a passphrase's work factor is too high")
        return unwrap_file_key(self._key(salt, work_factor), stanza.body)

    def _key(self, salt: bytes, work_factor: int) -> bytes:
        kdf = Scrypt(salt=_LABEL + salt, length=KEY_SIZE, n=1 << work_factor, r=_BLOCK, p=1)
        return kdf.derive(self.words.encode())


def salt_and_factor(stanza: Stanza) -> tuple[bytes, int]:
    """The salt (16 bytes) and work factor of a stanza of this kind; HeaderError by its shape."""
    if len(stanza.arguments) != 2 or len(stanza.body) != WRAPPED_SIZE:  # noqa: PLR2004 - salt and factor
        raise HeaderError("a scrypt stanza has the wrong shape")
    salt, factor = unb64(stanza.arguments[0]), stanza.arguments[1]
    if len(salt) != _SALT:
        raise HeaderError("a scrypt salt has the wrong length")
    if not _FACTOR.match(factor):
        raise HeaderError("a scrypt work factor is malformed")
    return salt, int(factor)
