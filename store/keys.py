"""Keys: one root key, one identity a case, one row key derived from each identity.

    root key, under any number of wrappers (`store.keystore`)
      wraps  case identity (age), stored wrapped in the `identities` table
               derives  the case's row key (HKDF, label of its own)
      wraps  with the team's identity: what outlives a rotation of the root (`Lasting`)
               the home's id
               the tag key: keyed fingerprints of references and file hashes
               the audit key: authenticates the head of the audit log

Destroying a wrapped identity destroys the case: blobs, rows and derived keys become noise.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.age import HybridIdentity, KeyIdentity, X25519Identity, identity_from
from store.errors import TamperedError
from store.root import KEY_SIZE, Root, derive, old_home_id
from store.tables import TEAM

_NONCE = 12
_HOME_SIZE = 8


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """What opens one case."""

    identity: KeyIdentity = field(repr=False)
    row_key: bytes = field(repr=False)  # 32 bytes, for AES-256-GCM


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a new root does not change, so that every lookup and the audit log go on holding.

    Whatever must outlive a rotation derives from here and never from the root.
    """

    home: str  # 16 hex digits
    tagging: bytes = field(repr=False)  # 32 bytes
    auditing: bytes = field(repr=False)  # 32 bytes

    @classmethod
    def new(cls, home: str) -> Lasting:
        """For a new home."""
        return cls(home, secrets.token_bytes(KEY_SIZE), secrets.token_bytes(KEY_SIZE))

    @classmethod
    def of_old(cls, root: Root) -> Lasting:
        """For a home whose root was never rotated and whose lasting keys derived from it."""
        tagging = derive(root.secret, b"recorder/tag/v1")
        return cls(old_home_id(root), tagging, derive(root.secret, b"recorder/audit/v1"))


class KeyRing:
    """The root key and what it opens. Its repr tells nothing."""

    def __init__(self, root: Root, lasting: Lasting) -> None:
        self.root = root
        self.lasting = lasting
        self._wrapping = derive(root.secret, b"recorder/wrap/v1")

    @classmethod
    def of_team(cls, root: Root, kind: str, wrapped: bytes) -> KeyRing:
        """The ring of the home that this team's identity is of; TamperedError if `root` is not."""
        old = cls(root, Lasting.of_old(root))
        _, lasting = old._open_team(kind, wrapped)
        return cls(root, lasting)

    def wrap(self, identity_id: str, identity: KeyIdentity) -> bytes:
        """`identity` sealed under the root, bound to its id and kind."""
        place, secret = _place(identity_id, identity.kind), identity.secret
        if identity_id == TEAM:
            kept = self.lasting
            place = _with_lasting(place)
            secret += bytes.fromhex(kept.home) + kept.tagging + kept.auditing
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._wrapping).encrypt(nonce, secret, place)

    def unwrap(self, identity_id: str, kind: str, wrapped: bytes) -> CaseKeys:
        """The keys of a case; TamperedError if `wrapped` is of another id, kind or root."""
        if identity_id == TEAM:
            secret, _ = self._open_team(kind, wrapped)
        else:
            secret = self._open(_place(identity_id, kind), wrapped, identity_id)
        return CaseKeys(identity_from(kind, secret), derive(secret, b"recorder/row/v1"))

    def tag(self, label: str, value: str | bytes) -> str:
        """A keyed fingerprint (64 hex digits): equal for equal values, useless without the key."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self.lasting.tagging, label.encode() + b"\0" + data, "sha256").hex()

    def audit_mac(self, data: bytes) -> bytes:
        """Authenticates the head of the audit log (32 bytes)."""
        return hmac.digest(self.lasting.auditing, data, "sha256")

    def _open_team(self, kind: str, wrapped: bytes) -> tuple[bytes, Lasting]:
        place = _place(TEAM, kind)
        try:
            opened = self._open(_with_lasting(place), wrapped)
        except TamperedError:  # wrapped before there was anything to keep beside it
            return self._open(place, wrapped), Lasting.of_old(self.root)
        size = len(opened) - _HOME_SIZE - 2 * KEY_SIZE
        secret, home, keys = opened[:size], opened[size:][:_HOME_SIZE], opened[size + _HOME_SIZE :]
        return secret, Lasting(home.hex(), keys[:KEY_SIZE], keys[KEY_SIZE:])

    def _open(self, place: bytes, wrapped: bytes, identity_id: str = TEAM) -> bytes:
        nonce, sealed = wrapped[:_NONCE], wrapped[_NONCE:]
        try:
            return AESGCM(self._wrapping).decrypt(nonce, sealed, place)
        except (InvalidTag, ValueError, TypeError) as error:  # too short for a nonce; no bytes
            raise TamperedError(
                "a wrapped identity does not open with this root key", identity_id
            ) from error


def laptop_identities(team: CaseKeys) -> tuple[HybridIdentity, X25519Identity]:
    """The identities that files are sealed to before they come here, derived from the team's.

    Two, because few age programs know the hybrid kind yet. Both are printed and handed out, so
    they are not the one that the team's own recordings are sealed to.
    """
    hybrid = derive(team.identity.secret, b"recorder/laptop/mlkem768x25519/v1")
    x25519 = derive(team.identity.secret, b"recorder/laptop/x25519/v1")
    return HybridIdentity(hybrid), X25519Identity(x25519)


def _place(identity_id: str, kind: str) -> bytes:
    # X25519 identities were wrapped under their id alone before there was another kind.
    if kind == X25519Identity.kind:
        return identity_id.encode()
    return f"{identity_id}\0{kind}".encode()


def _with_lasting(place: bytes) -> bytes:
    return b"lasting/v1\0" + place
