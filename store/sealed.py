"""One sealed payload a row: AES-256-GCM under a key of its own, bound to the row and committed to.

    row2 | salt (32 bytes) | commitment (32) | the padded payload under AES-256-GCM

The payload's key and the commitment are derived from the case's row key, a random salt and the
place: table, row, version, and the clear columns that say whose the row is. So a ciphertext opens
nowhere else and beside no other clear column, and opens under one key only: AES-GCM alone lets
whoever knows two keys make one ciphertext that opens under both, as two different things.
Payloads are padded to buckets so that a row's size says little about its text.
"""

from __future__ import annotations

import hmac
import secrets
from typing import NamedTuple, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import TamperedError
from store.root import KEY_SIZE, derive

Clear: TypeAlias = tuple[tuple[str, str | int | None], ...]
"""Clear columns by name, as they stand in the row."""

_MAGIC = b"row2"
_SALT = 32
_BODY = len(_MAGIC) + _SALT + KEY_SIZE
_ONCE = bytes(12)  # the nonce: a salt, and so a key, is used once
_BUCKET = 256
_LENGTH = 4
_OLD_MAGIC = b"row1"
_OLD_NONCE = 12
_TYPES = frozenset((str, int, type(None)))


class Place(NamedTuple):
    """Where a payload belongs; it opens nowhere else."""

    table: str
    row_id: str
    version: int
    clear: Clear = ()


def seal_row(key: bytes, place: Place, payload: bytes) -> bytes:
    """`payload` sealed for exactly this place."""
    padded = len(payload).to_bytes(_LENGTH, "big") + payload
    padded += bytes(-len(padded) % _BUCKET)
    salt, about = secrets.token_bytes(_SALT), _about(place)
    own, commitment = _derived(key, salt, about)
    return _MAGIC + salt + commitment + AESGCM(own).encrypt(_ONCE, padded, about)


def open_row(key: bytes, place: Place, sealed: bytes) -> bytes:
    """The payload; TamperedError if it was changed, or stands anywhere else than it was sealed."""
    try:
        opens = _opened_old if sealed.startswith(_OLD_MAGIC) else _opened
        padded = opens(key, place, sealed)
    # Not only another ciphertext: a database that was written to may hold values of other types.
    except (InvalidTag, ValueError, TypeError, AttributeError) as error:
        raise TamperedError(
            f"row {place.row_id} of {place.table} does not open in this place", place.row_id
        ) from error
    length = int.from_bytes(padded[:_LENGTH], "big")
    end = _LENGTH + length
    # One payload has one padding: nothing is hidden behind it, nor told by how long it is.
    if end > len(padded) or padded[end:] != bytes(-end % _BUCKET):
        raise TamperedError(
            f"row {place.row_id} of {place.table} has an impossible length", place.row_id
        )
    return padded[_LENGTH:end]


def _opened(key: bytes, place: Place, sealed: bytes) -> bytes:
    salt, commitment = sealed[len(_MAGIC) :][:_SALT], sealed[len(_MAGIC) + _SALT : _BODY]
    about = _about(place)
    own, expected = _derived(key, salt, about)
    if not sealed.startswith(_MAGIC) or not hmac.compare_digest(commitment, expected):
        raise InvalidTag
    return AESGCM(own).decrypt(_ONCE, sealed[_BODY:], about)


def _opened_old(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Rows sealed before there were commitments; they bind table, row and version alone."""
    nonce, body = sealed[len(_OLD_MAGIC) :][:_OLD_NONCE], sealed[len(_OLD_MAGIC) + _OLD_NONCE :]
    fields = ("recorder", place.table, place.row_id, str(place.version))
    return AESGCM(key).decrypt(nonce, body, "\0".join(fields).encode())


def _derived(key: bytes, salt: bytes, about: bytes) -> tuple[bytes, bytes]:
    """The payload's own key, and what shows that it is this one."""
    both = derive(key, b"recorder/row/v2\0" + salt + about, 2 * KEY_SIZE)
    return both[:KEY_SIZE], both[KEY_SIZE:]


def _about(place: Place) -> bytes:
    # JSON: two places are never written alike, whatever stands in an id. But for bytes, which it
    # writes as a text would be: no column here holds any.
    if not _TYPES.issuperset({type(place.row_id), *(type(value) for _, value in place.clear)}):
        raise TypeError
    return msgspec.json.encode(place)
