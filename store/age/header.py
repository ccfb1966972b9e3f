"""The header: a file key wrapped once a recipient, and a code that authenticates all of it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from store.age import hybrid, scrypt, x25519
from store.age.primitives import FILE_KEY_SIZE, KEY_SIZE, b64, hkdf, unb64
from store.age.stanza import Identity, Recipient, Stanza, parse_stanzas
from store.errors import HeaderError, MacError, NoMatchError

MAX_SIZE = 64 * 1024
"""Bytes: a reader caps what a file may ask for."""
_INTRO = b"age-encryption.org/v1\n"
_END = b"---"

# The shape of the kinds written here is checked whoever reads; other kinds pass by unread.
_SHAPES: dict[bytes, Callable[[Stanza], object]] = {
    x25519.KIND: x25519.share_of,
    hybrid.KIND: hybrid.encapsulated_in,
    scrypt.KIND: scrypt.salt_and_factor,
}


@dataclass(frozen=True, slots=True)
class Header:
    """A header's parts. What parses encodes to the same bytes."""

    stanzas: tuple[Stanza, ...]
    mac: bytes  # 32 bytes

    @classmethod
    def parse(cls, header: bytes) -> Header:
        """The parts of exactly one whole header; HeaderError for anything else."""
        if len(header) > MAX_SIZE:
            raise HeaderError("a header is too large")
        if not header.startswith(_INTRO):
            raise HeaderError("not an age v1 header")
        if not header.endswith(b"\n"):
            raise HeaderError("a header is cut short")
        *above, last = header[len(_INTRO) : -1].split(b"\n")
        if not last.startswith(_END + b" "):
            raise HeaderError("a header has no authentication code")
        mac = unb64(last[len(_END) + 1 :])
        if len(mac) != KEY_SIZE:
            raise HeaderError("a header's authentication code has the wrong length")
        stanzas = parse_stanzas(above)
        _check(stanzas)
        return cls(stanzas, mac)

    def encoded(self) -> bytes:
        """The header's bytes."""
        return _signed(self.stanzas) + b" " + b64(self.mac) + b"\n"


def length_of(head: bytes) -> int:
    """The size of the header that `head`, a file's first MAX_SIZE bytes, begins with."""
    if not head.startswith(_INTRO):
        raise HeaderError("not an age v1 header")
    # No line above the last can start so: stanzas start with an arrow, and base64 has no dash.
    last = head.find(b"\n" + _END)
    end = head.find(b"\n", last + 1) + 1
    if last < 0 or not end:
        raise HeaderError("a header is cut short or too large")
    return end


def seal_key(recipients: Sequence[Recipient]) -> tuple[bytes, bytes]:
    """A fresh file key (16 bytes) and the header that wraps it for `recipients`."""
    file_key = secrets.token_bytes(FILE_KEY_SIZE)
    return file_key, wrap_key(file_key, recipients)


def wrap_key(file_key: bytes, recipients: Sequence[Recipient]) -> bytes:
    """The header that wraps `file_key` for `recipients`.

    HeaderError without a recipient, for a passphrase beside others, and for a mixture that would
    make a file only as strong as its weaker recipient.
    """
    if not recipients:
        raise HeaderError("a header needs at least one recipient")
    if len({each.post_quantum for each in recipients}) > 1:
        raise HeaderError("hybrid and other recipients do not go into one header")
    stanzas = tuple(each.wrap(file_key) for each in recipients)
    _check(stanzas)
    return Header(stanzas, _mac(file_key, _signed(stanzas))).encoded()


def open_key(header: bytes, identities: Sequence[Identity]) -> bytes:
    """The file key inside `header`.

    Raises HeaderError for a malformed header, MacError for an altered one, NoMatchError when no
    identity fits.
    """
    parsed = Header.parse(header)
    for stanza in parsed.stanzas:
        for identity in identities:
            file_key = identity.unwrap(stanza)
            if file_key is None:
                continue
            signed = header[: header.rindex(_END) + len(_END)]  # as it stands, not as we read it
            if not hmac.compare_digest(_mac(file_key, signed), parsed.mac):
                raise MacError("a header's authentication code does not match")
            return file_key
    raise NoMatchError("no identity here opens this header")


def _check(stanzas: tuple[Stanza, ...]) -> None:
    if len(stanzas) > 1 and any(each.kind == scrypt.KIND for each in stanzas):
        raise HeaderError("a passphrase does not stand alone in a header")
    for stanza in stanzas:
        if shape := _SHAPES.get(stanza.kind):
            shape(stanza)


def _signed(stanzas: tuple[Stanza, ...]) -> bytes:
    return _INTRO + b"".join(each.encoded() for each in stanzas) + _END


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, b"", b"header"), signed, "sha256")
