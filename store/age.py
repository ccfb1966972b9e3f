"""The age v1 file format, X25519 recipients (C2SP `age.md`).

Layout and keys only; where bytes live is the vault's business. A header and a payload are kept
apart: the header in the record's row, the payload in the vault. Put together they are a plain
`.age` file that the `age` program opens. The parser refuses whatever the writer would not write.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store import bech32
from store.errors import HeaderError, NoMatchError, PayloadError

CHUNK = 64 * 1024
"""Plaintext bytes in every chunk of a payload but the last."""
NONCE_SIZE = 16
_TAG = 16
_FILE_KEY = 16
_KEY = 32
_INTRO = b"age-encryption.org/v1\n"
_X25519_LABEL = b"age-encryption.org/v1/X25519"
_COLUMNS = 64
_MAX_HEADER = 64 * 1024  # a reader caps what a file may ask for
_ARGUMENT = re.compile(rb"[\x21-\x7e]+\Z")

ReadAt = Callable[[int, int], bytes]
"""(offset, length) -> exactly those bytes of a payload, fewer only at its end."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key that files are sealed to."""

    public: bytes  # 32 bytes

    def __str__(self) -> str:
        return bech32.encode("age", self.public)


@dataclass(frozen=True, slots=True)
class Identity:
    """A secret key that opens files. Its repr tells nothing."""

    secret: bytes = field(repr=False)  # 32 bytes

    @classmethod
    def new(cls) -> Identity:
        """A fresh random identity."""
        return cls(secrets.token_bytes(32))

    @property
    def recipient(self) -> Recipient:
        """The public key that belongs to it."""
        private = X25519PrivateKey.from_private_bytes(self.secret)
        return Recipient(private.public_key().public_bytes_raw())

    def encoded(self) -> str:
        """The form that `age -i` reads."""
        return bech32.encode("age-secret-key-", self.secret).upper()


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's wrapped file key."""

    kind: bytes
    arguments: tuple[bytes, ...]
    body: bytes


# --- the header -------------------------------------------------------------------------------


def seal_key(recipients: Sequence[Recipient]) -> tuple[bytes, bytes]:
    """A fresh file key (16 bytes) and the header that wraps it for `recipients`."""
    if not recipients:
        raise HeaderError("a header needs at least one recipient")
    file_key = secrets.token_bytes(_FILE_KEY)
    return file_key, wrap_key(file_key, recipients)


def wrap_key(file_key: bytes, recipients: Sequence[Recipient]) -> bytes:
    """The header that wraps `file_key` for `recipients`."""
    lines = _INTRO + b"".join(_write_stanza(_wrap(file_key, each)) for each in recipients) + b"---"
    return lines + b" " + _b64(_mac(file_key, lines)) + b"\n"


def open_key(header: bytes, identities: Sequence[Identity]) -> bytes:
    """The file key inside `header`.

    Raises HeaderError for a malformed or altered header, NoMatchError when no identity fits.
    """
    stanzas, mac = _parse(header)
    for stanza in stanzas:
        for identity in identities:
            file_key = _unwrap(stanza, identity)
            if file_key is None:
                continue
            signed = header[: header.rindex(b"---") + 3]
            if not hmac.compare_digest(_mac(file_key, signed), mac):
                raise HeaderError("a header's authentication code does not match")
            return file_key
    raise NoMatchError("no identity here opens this header")


def _wrap(file_key: bytes, recipient: Recipient) -> Stanza:
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient.public))
    key = _hkdf(shared, share + recipient.public, _X25519_LABEL)
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    return Stanza(b"X25519", (_b64(share),), body)


def _unwrap(stanza: Stanza, identity: Identity) -> bytes | None:
    if stanza.kind != b"X25519":
        return None
    if len(stanza.arguments) != 1 or len(stanza.body) != _FILE_KEY + _TAG:
        raise HeaderError("an X25519 stanza has the wrong shape")
    share = _unb64(stanza.arguments[0])
    if len(share) != _KEY:
        raise HeaderError("an X25519 share has the wrong length")
    try:
        private = X25519PrivateKey.from_private_bytes(identity.secret)
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:  # a low-order point
        raise HeaderError("an X25519 share is a low-order point") from error
    key = _hkdf(shared, share + identity.recipient.public, _X25519_LABEL)
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
    except InvalidTag:
        return None


def _write_stanza(stanza: Stanza) -> bytes:
    text = _b64(stanza.body)
    lines = [text[i : i + _COLUMNS] for i in range(0, len(text), _COLUMNS)]
    if not lines or len(lines[-1]) == _COLUMNS:
        lines.append(b"")  # the last line of a body is always a short one
    head = b" ".join((b"->", stanza.kind, *stanza.arguments))
    return b"\n".join((head, *lines)) + b"\n"


def _parse(header: bytes) -> tuple[list[Stanza], bytes]:
    if len(header) > _MAX_HEADER:
        raise HeaderError("a header is too large")
    if not header.startswith(_INTRO):
        raise HeaderError("not an age v1 header")
    if not header.endswith(b"\n"):
        raise HeaderError("a header is cut short")
    lines = header[len(_INTRO) : -1].split(b"\n")
    *above, last = lines
    if not last.startswith(b"--- "):
        raise HeaderError("a header has no authentication code")
    mac = _unb64(last[4:])
    if len(mac) != _KEY:
        raise HeaderError("a header's authentication code has the wrong length")
    return _parse_stanzas(above), mac


def _parse_stanzas(lines: list[bytes]) -> list[Stanza]:
    stanzas: list[Stanza] = []
    rest = iter(lines)
    for line in rest:
        mark, *arguments = line.split(b" ")
        if mark != b"->" or not arguments or not all(map(_ARGUMENT.match, arguments)):
            raise HeaderError("a stanza is malformed")
        stanzas.append(Stanza(arguments[0], tuple(arguments[1:]), _parse_body(rest)))
    if not stanzas:
        raise HeaderError("a header has no stanza")
    return stanzas


def _parse_body(lines: Iterator[bytes]) -> bytes:
    body = b""
    for line in lines:
        if len(line) > _COLUMNS:
            raise HeaderError("a stanza's line is too long")
        body += line
        if len(line) < _COLUMNS:
            return _unb64(body)
    raise HeaderError("a stanza's body is cut short")


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise HeaderError("a header holds what is not base64") from error
    if _b64(data) != text:
        raise HeaderError("a header's base64 is not canonical")
    return data


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(_hkdf(file_key, b"", b"header"), signed, "sha256")


def _hkdf(secret: bytes, salt: bytes, label: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, label).derive(secret)


# --- the payload ------------------------------------------------------------------------------


def encrypt(file_key: bytes, plaintext: Iterable[bytes]) -> Iterator[bytes]:
    """The payload: a nonce, then chunks. Holds one chunk in memory at a time."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    cipher = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
    yield nonce
    counter, waiting = 0, bytearray()
    for piece in plaintext:
        waiting += piece
        # A full chunk is written only when more follows: the last one carries the flag.
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_chunk_nonce(counter, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            counter += 1
    yield cipher.encrypt(_chunk_nonce(counter, last=True), bytes(waiting), None)


class Reader:
    """Random access to a payload's plaintext.

    The final chunk is opened first, which proves the length: a payload cut at a chunk's edge is
    refused before a byte is released. One chunk is kept, so reading on costs nothing twice.
    """

    def __init__(self, file_key: bytes, read_at: ReadAt, payload_size: int) -> None:
        """Raises PayloadError unless the final chunk opens, HeaderError without a whole nonce."""
        body = payload_size - NONCE_SIZE
        if body < 0:  # age counts the nonce as part of the header
            raise HeaderError("a payload has no whole nonce")
        sealed_chunk = CHUNK + _TAG
        self._last = max(-(-body // sealed_chunk) - 1, 0)
        final = body - self._last * sealed_chunk
        if final < _TAG or (self._last and final == _TAG):
            raise PayloadError("a payload has an impossible length")
        self._read_at = read_at
        nonce = read_at(0, NONCE_SIZE)
        if len(nonce) != NONCE_SIZE:
            raise PayloadError("a payload is shorter than its recorded length")
        self._cipher = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
        self._final_size = final
        self._kept: tuple[int, bytes] = (-1, b"")
        self.size: int = self._last * CHUNK + len(self._chunk(self._last))

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`, `length` of them or as many as there are."""
        end = min(offset + length, self.size)
        pieces = []
        while offset < end:
            index, start = divmod(offset, CHUNK)
            piece = self._chunk(index)[start : start + end - offset]
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def __iter__(self) -> Iterator[bytes]:
        for index in range(self._last + 1):
            yield self._chunk(index)

    def _chunk(self, index: int) -> bytes:
        if self._kept[0] == index:
            return self._kept[1]
        last = index == self._last
        size = self._final_size if last else CHUNK + _TAG
        sealed = self._read_at(NONCE_SIZE + index * (CHUNK + _TAG), size)
        try:
            if len(sealed) != size:
                raise PayloadError("a payload is shorter than its recorded length")
            chunk = self._cipher.decrypt(_chunk_nonce(index, last=last), sealed, None)
        except InvalidTag as error:
            raise PayloadError("a payload's chunk does not open") from error
        self._kept = (index, chunk)
        return chunk


def _chunk_nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + bytes([last])
