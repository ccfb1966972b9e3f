"""One recipient's lines of a header: its kind, its arguments, and a wrapped file key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from store.age.primitives import b64, unb64
from store.errors import HeaderError

_COLUMNS = 64
_ARGUMENT = re.compile(rb"[\x21-\x7e]+\Z")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's wrapped file key."""

    kind: bytes
    arguments: tuple[bytes, ...]
    body: bytes

    def encoded(self) -> bytes:
        """Its lines."""
        text = b64(self.body)
        lines = [text[i : i + _COLUMNS] for i in range(0, len(text), _COLUMNS)]
        if not lines or len(lines[-1]) == _COLUMNS:
            lines.append(b"")  # the last line of a body is always a short one
        head = b" ".join((b"->", self.kind, *self.arguments))
        return b"\n".join((head, *lines)) + b"\n"


class Recipient(Protocol):
    """Whom a file can be sealed to."""

    @property
    def post_quantum(self) -> bool:
        """Whether a recording made now stays closed to a quantum computer of later."""

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza from which only the recipient takes `file_key` (16 bytes)."""


class Identity(Protocol):
    """Who can open a file."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None if `stanza` is somebody else's; HeaderError if it is malformed."""


def parse_stanzas(lines: list[bytes]) -> tuple[Stanza, ...]:
    """The stanzas in a header's lines; HeaderError for what `encoded` would not write."""
    stanzas: list[Stanza] = []
    rest = iter(lines)
    for line in rest:
        mark, *arguments = line.split(b" ")
        if mark != b"->" or not arguments or not all(map(_ARGUMENT.match, arguments)):
            raise HeaderError("a stanza is malformed")
        stanzas.append(Stanza(arguments[0], tuple(arguments[1:]), _parse_body(rest)))
    if not stanzas:
        raise HeaderError("a header has no stanza")
    return tuple(stanzas)


def _parse_body(lines: Iterator[bytes]) -> bytes:
    text = b""
    for line in lines:
        if len(line) > _COLUMNS:
            raise HeaderError("a stanza's line is too long")
        text += line
        if len(line) < _COLUMNS:
            return unb64(text)
    raise HeaderError("a stanza's body is cut short")
