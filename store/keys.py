"""Keys: one root key on disk, one identity a case, one row key derived from each identity.

    root key (keys/root.key, 0600)
      wraps  case identity (age), stored wrapped in the `identities` table
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

from store.age import HybridIdentity, KeyIdentity, X25519Identity, identity_from
from store.errors import KeyUnavailableError, TamperedError

ROOT_FILE = "root.key"
_ROOT_SIZE = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """What opens one case."""

    identity: KeyIdentity = field(repr=False)
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

    def wrap(self, identity_id: str, identity: KeyIdentity) -> bytes:
        """`identity` sealed under the root, bound to its id and kind."""
        nonce, place = secrets.token_bytes(_NONCE), _place(identity_id, identity.kind)
        return nonce + AESGCM(self._wrapping).encrypt(nonce, identity.secret, place)

    def unwrap(self, identity_id: str, kind: str, wrapped: bytes) -> CaseKeys:
        """The keys of a case; TamperedError if `wrapped` is of another id, kind or root."""
        nonce, sealed = wrapped[:_NONCE], wrapped[_NONCE:]
        try:
            secret = AESGCM(self._wrapping).decrypt(nonce, sealed, _place(identity_id, kind))
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise TamperedError("a wrapped identity does not open with this root key") from error
        return CaseKeys(identity_from(kind, secret), _derive(secret, b"recorder/row/v1"))

    def tag(self, label: str, value: str | bytes) -> str:
        """A keyed fingerprint (64 hex digits): equal for equal values, useless without the key."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._tagging, label.encode() + b"\0" + data, "sha256").hex()

    def audit_mac(self, data: bytes) -> bytes:
        """Authenticates the head of the audit log (32 bytes)."""
        return hmac.digest(self._auditing, data, "sha256")


def laptop_identities(team: CaseKeys) -> tuple[HybridIdentity, X25519Identity]:
    """The identities that files are sealed to before they come here, derived from the team's.

    Two, because few age programs know the hybrid kind yet. Both are printed and handed out, so
    they are not the one that the team's own recordings are sealed to.
    """
    hybrid = _derive(team.identity.secret, b"recorder/laptop/mlkem768x25519/v1")
    x25519 = _derive(team.identity.secret, b"recorder/laptop/x25519/v1")
    return HybridIdentity(hybrid), X25519Identity(x25519)


def _place(identity_id: str, kind: str) -> bytes:
    # X25519 identities were wrapped under their id alone before there was another kind.
    if kind == X25519Identity.kind:
        return identity_id.encode()
    return f"{identity_id}\0{kind}".encode()


def _derive(secret: bytes, label: bytes) -> bytes:
    # Every input is a uniformly random 256-bit key, so HKDF's extract step has nothing to add.
    return HKDFExpand(hashes.SHA256(), 32, label).derive(secret)
