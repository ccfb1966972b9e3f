"""What several parts of the format share: base64, HKDF, and a file key under another key."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import HeaderError

FILE_KEY_SIZE = 16
WRAPPED_SIZE = FILE_KEY_SIZE + 16  # with its tag
KEY_SIZE = 32


def b64(data: bytes) -> bytes:
    """Base64 without padding, as headers write it."""
    return base64.b64encode(data).rstrip(b"=")


def unb64(text: bytes) -> bytes:
    """The bytes; HeaderError unless `text` is exactly what `b64` writes."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise HeaderError("a header holds what is not base64") from error
    if b64(data) != text:
        raise HeaderError("a header's base64 is not canonical")
    return data


def hkdf(secret: bytes, salt: bytes, label: bytes) -> bytes:
    """A key of 32 bytes by HKDF-SHA-256."""
    return HKDF(hashes.SHA256(), KEY_SIZE, salt, label).derive(secret)


def wrap_file_key(key: bytes, file_key: bytes) -> bytes:
    """`file_key` sealed under `key`, which is used this once: so the nonce may be zero."""
    return ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def unwrap_file_key(key: bytes, body: bytes) -> bytes | None:
    """The file key, None if `key` is not the one."""
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None
