"""One sealed payload a row: AES-256-GCM, bound to its table, row and version.

A ciphertext cannot be moved to another row, table, case or version: its place is part of what is
authenticated. Payloads are padded to buckets so that a row's size says little about its text.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import TamperedError

_MAGIC = b"row1"
_NONCE = 12
_BUCKET = 256
_LENGTH = 4


def seal_row(key: bytes, table: str, row_id: str, version: int, payload: bytes) -> bytes:
    """`payload` sealed for exactly this place."""
    padded = len(payload).to_bytes(_LENGTH, "big") + payload
    padded += bytes(-len(padded) % _BUCKET)
    nonce = secrets.token_bytes(_NONCE)
    return _MAGIC + nonce + AESGCM(key).encrypt(nonce, padded, _place(table, row_id, version))


def open_row(key: bytes, table: str, row_id: str, version: int, sealed: bytes) -> bytes:
    """The payload; TamperedError if it was changed or stood anywhere else."""
    nonce, body = sealed[len(_MAGIC) : len(_MAGIC) + _NONCE], sealed[len(_MAGIC) + _NONCE :]
    if not sealed.startswith(_MAGIC) or len(nonce) != _NONCE:
        raise TamperedError(f"a sealed row of {table} has no valid start")
    try:
        padded = AESGCM(key).decrypt(nonce, body, _place(table, row_id, version))
    except InvalidTag as error:
        raise TamperedError(f"row {row_id} of {table} does not open in this place") from error
    length = int.from_bytes(padded[:_LENGTH], "big")
    if length > len(padded) - _LENGTH:
        raise TamperedError(f"row {row_id} of {table} has an impossible length")
    return padded[_LENGTH : _LENGTH + length]


def _place(table: str, row_id: str, version: int) -> bytes:
    return b"\0".join((b"recorder", table.encode(), row_id.encode(), str(version).encode()))
