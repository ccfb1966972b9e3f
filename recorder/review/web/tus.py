"""The headers of tus, the protocol by which uploads come in pieces, read and written.

https://tus.io/protocols/resumable-upload, version 1.0.0: core, creation with a length that is told
later, termination, checksum and expiration.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from recorder.errors import RecorderError
from recorder.review.uploading import ALGORITHMS
from recorder.review.web.security import TUS

EXTENSIONS = "creation,creation-defer-length,termination,checksum,expiration"
OTHER_BYTES = 460
"""The protocol's own status for a checksum that does not fit."""

_MOST = 4096  # characters of metadata
_DIGITS = 15


class OtherVersionError(RecorderError):
    """A request of another version of the protocol, or of none."""

    default = "This request is of another version of the protocol."


class UnreadError(RecorderError):
    """A request that does not keep to the protocol."""

    default = "This request does not keep to the protocol."


def offering(most: int) -> dict[str, str]:
    """What this server can do."""
    return {
        "Tus-Version": TUS,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(most),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def require_version(headers: Mapping[str, str]) -> None:
    """OtherVersionError for a request that does not name this version."""
    if headers.get("tus-resumable") != TUS:
        raise OtherVersionError


def number_in(headers: Mapping[str, str], name: str) -> int | None:
    """A count of bytes, None where there is none; UnreadError for anything else."""
    said = headers.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal()) or len(said) > _DIGITS:
        raise UnreadError
    return int(said)


def metadata(said: str) -> dict[str, str]:
    """What a sender says of an upload, by key; UnreadError where it is not so written."""
    found: dict[str, str] = {}
    if len(said) > _MOST:
        raise UnreadError
    for pair in filter(None, said.split(",")):
        key, _, value = pair.strip().partition(" ")
        if not key or key in found or not (key.isascii() and key.isprintable()):
            raise UnreadError
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UnreadError from error
    return found


def checksum(said: str | None) -> tuple[str, bytes] | None:
    """Algorithm and digest, None where nothing is to be compared; UnreadError."""
    if said is None:
        return None
    algorithm, _, digest = said.partition(" ")
    if algorithm not in ALGORITHMS:
        raise UnreadError
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error as error:
        raise UnreadError from error


def expires(at: int) -> dict[str, str]:
    """When an upload that nobody goes on with is removed (ms)."""
    moment = datetime.fromtimestamp(at // 1000, UTC)
    return {"Upload-Expires": format_datetime(moment, usegmt=True)}
