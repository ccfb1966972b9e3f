"""What is inside a sealed payload that is JSON: read strictly, and refused in one way."""

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
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TamperedError("a sealed payload does not say what it should", object_id) from None
