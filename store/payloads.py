"""What is inside a sealed payload, JSON or text: read strictly, and refused in one way."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from store.errors import TamperedError

T = TypeVar("T")


def decode(payload: bytes, kind: type[T], object_id: str = "") -> T:
    """The value of `kind` that was encoded; TamperedError for anything else.

    A payload that opens and does not say what it should was sealed by who holds the key, and not by
    this program. What the parser says of it is not passed on: it may quote it.
    """
    try:
        if not payload.isascii():
            payload.decode()  # the parser looks at no text in what it passes over
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _strange(object_id) from None


def decode_text(payload: bytes, object_id: str = "") -> str:
    """The text that was encoded (UTF-8); TamperedError for anything else."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise _strange(object_id) from None


def _strange(object_id: str) -> TamperedError:
    return TamperedError("a sealed payload does not say what it should", object_id)
