"""Keys: one root key on disk, one identity a case, one row key derived from each identity.

    root key (keys/root.key, 0600)
      wraps  case identity (age X25519), stored wrapped in the `identities` table
               derives  the case's row key (HKDF, label of its own)
      derives  the tag key: keyed fingerprints of references and file hashes
      derives  the audit key: authenticates the head of the audit log

Destroying a wrapped identity destroys the case: blobs, rows and derived keys become noise.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from store.age import Identity
from store.errors import KeyUnavailableError, TamperedError

ROOT_FILE = "root.key"
_ROOT_SIZE = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """What opens one case."""

    identity: Identity = field(repr=False)
    row_key: bytes = field(repr=False)  # 32 bytes, for AES-256-GCM


class KeyRing:
    """The root key and what is derived from it. Its repr tells nothing."""

    def __init__(self, root: bytes) -> None:
        self._wrapping = _derive(root, b"recorder/wrap/v1")
        self._tagging = _derive(root, b"recorder/tag/v1")
        self._auditing = _derive(root, b"recorder/audit/v1")

    @classmethod
    def create(cls, folder: Path) -> KeyRing:
        """Make a root key in `folder`; KeyUnavailableError if one is there already."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        root = secrets.token_bytes(_ROOT_SIZE)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            descriptor = os.open(folder / ROOT_FILE, flags, 0o600)
        except FileExistsError as error:
            raise KeyUnavailableError("there is a root key here already") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(root.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return cls(root)

    @classmethod
    def open(cls, folder: Path) -> KeyRing:
        """Read the root key; KeyUnavailableError when missing, malformed or open to others."""
        path = folder / ROOT_FILE
        try:
            if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise KeyUnavailableError(
                    "the root key is readable by others; set its mode to 0600"
                )
            root = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise KeyUnavailableError("the root key cannot be read") from error
        if len(root) != _ROOT_SIZE:
            raise KeyUnavailableError("the root key has the wrong length")
        return cls(root)

    def wrap(self, identity_id: str, identity: Identity) -> bytes:
        """`identity` sealed under the root, bound to its id."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._wrapping).encrypt(nonce, identity.secret, identity_id.encode())
        return nonce + sealed

    def unwrap(self, identity_id: str, wrapped: bytes) -> CaseKeys:
        """The keys of a case; TamperedError if `wrapped` belongs to another id or root."""
        nonce, sealed = wrapped[:_NONCE], wrapped[_NONCE:]
        try:
            secret = AESGCM(self._wrapping).decrypt(nonce, sealed, identity_id.encode())
        except InvalidTag as error:
            raise TamperedError("a wrapped identity does not open with this root key") from error
        return CaseKeys(Identity(secret), _derive(secret, b"recorder/row/v1"))

    def tag(self, label: str, value: str | bytes) -> str:
        """A keyed fingerprint (64 hex digits): equal for equal values, useless without the key."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._tagging, label.encode() + b"\0" + data, "sha256").hex()

    def audit_mac(self, data: bytes) -> bytes:
        """Authenticates the head of the audit log (32 bytes)."""
        return hmac.digest(self._auditing, data, "sha256")


def _derive(secret: bytes, label: bytes) -> bytes:
    # Every input is a uniformly random 256-bit key, so HKDF's extract step has nothing to add.
    return HKDFExpand(hashes.SHA256(), 32, label).derive(secret)
