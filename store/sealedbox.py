"""A row's payload for whoever writes it without a secret: an age file to a public key.

`store.sealed` is for rows that are written and read under a row key. Here there is none: anybody
with the recipient can seal, only the identity opens. The place stands inside, so that a box opens
beside its own clear columns alone; who else could have sealed it is not told by it. Padded to
buckets like every row.
"""

from __future__ import annotations

import msgspec

from store import age
from store.errors import ArmourError, HeaderError, NoMatchError, PayloadError, TamperedError
from store.sealed import Place

_BUCKET = 256
_UNOPENED = (ArmourError, HeaderError, NoMatchError, PayloadError)


class _Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """What is inside, as a JSON list."""

    place: Place
    payload: bytes


def seal_box(recipient: age.Recipient, place: Place, payload: bytes) -> bytes:
    """`payload` sealed for exactly this place."""
    return b"".join(age.seal_file([recipient], [_written(_Box(place, payload))]))


def open_box(identity: age.Identity, place: Place, sealed: bytes) -> bytes:
    """The payload; TamperedError if it was changed, or stands anywhere else than it was sealed."""

    def read_at(offset: int, length: int) -> bytes:
        return sealed[offset : offset + length]

    try:
        text = b"".join(age.open_file(read_at, len(sealed), [identity]))
        box = msgspec.json.decode(text, type=_Box)
    # Not only another file: a database that was written to may hold values of other types.
    except (*_UNOPENED, ValueError, TypeError, RecursionError) as error:
        raise TamperedError(
            f"row {place.row_id} of {place.table} does not open", place.row_id
        ) from error
    if box.place != place or text != _written(box):  # one content has one form
        raise TamperedError(
            f"row {place.row_id} of {place.table} does not open in this place", place.row_id
        )
    return box.payload


def _written(box: _Box) -> bytes:
    text = msgspec.json.encode(box)
    return text + b" " * (-len(text) % _BUCKET)  # JSON may end in any number of spaces
