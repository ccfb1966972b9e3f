"""The original of a recording or arrival: what of it does not open is tampering, and told as such."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, Table

from store import age
from store.alarm import Alarm
from store.errors import (
    HeaderError,
    NoMatchError,
    PayloadError,
    SoundErasedError,
    TamperedError,
)
from store.identities import Identities
from store.keys import CaseKeys
from store.payloads import decode
from store.sealing import Sealed
from store.tables import derived, pieces, recordings
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class RecordingDetails:
    """What a recording's row seals: its name and the pins that find a swapped blob."""

    name: str  # file name as dropped
    sha256: str
    header_sha256: str
    payload_sha256: str
    payload_size: int
    recorded_from: str  # where recorded_at comes from: file, container, exif, said
    onto: str = ""  # id of the note that its maker recorded it into; empty: that of its contact
    said_by: str = ""  # id of the young person who says it beside a note: no note is made of it
    gone_at: int = 0  # ms: when its bytes went by a rule; 0: they are there
    gone_by: str = ""  # that rule

    @classmethod
    def of(
        cls, sealed: Sealed, name: str, recorded_from: str, onto: str = "", said_by: str = ""
    ) -> RecordingDetails:
        """Those of what was sealed."""
        return cls(
            name=name,
            sha256=sealed.sha256,
            header_sha256=sealed.header_sha256,
            payload_sha256=sealed.payload_sha256,
            payload_size=sealed.payload_size,
            recorded_from=recorded_from,
            onto=onto,
            said_by=said_by,
        )


@dataclass(frozen=True, slots=True)
class CopyDetails:
    """What the row of something made from a recording seals."""

    sha256: str
    header_sha256: str
    payload_sha256: str
    payload_size: int
    media_type: str  # as browsers name it
    width: int  # pixels
    height: int
    words: str = ""  # read on it by a machine
    pale: bool = False  # colours of a film that are not as they were

    @classmethod
    def of(
        cls,
        sealed: Sealed,
        media_type: str,
        width: int,
        height: int,
        words: str = "",
        *,
        pale: bool = False,
    ) -> CopyDetails:
        """Those of what was sealed."""
        return cls(
            sha256=sealed.sha256,
            header_sha256=sealed.header_sha256,
            payload_sha256=sealed.payload_sha256,
            payload_size=sealed.payload_size,
            media_type=media_type,
            width=width,
            height=height,
            words=words,
            pale=pale,
        )


@dataclass(frozen=True, slots=True)
class PieceDetails:
    """What the row of a piece of an upload seals."""

    sha256: str
    header_sha256: str
    payload_sha256: str
    payload_size: int

    @classmethod
    def of(cls, sealed: Sealed) -> PieceDetails:
        """Those of what was sealed."""
        return cls(sealed.sha256, sealed.header_sha256, sealed.payload_sha256, sealed.payload_size)


Details: TypeAlias = RecordingDetails | CopyDetails | PieceDetails


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a row says of its blob, and what opens it."""

    id: str  # of the row
    blob: str
    header: bytes = field(repr=False)
    header_sha256: str
    payload_sha256: str
    payload_size: int
    sha256: str  # of what is inside
    identity: age.KeyIdentity

    @classmethod
    def of(
        cls,
        connection: Connection,
        identities: Identities,
        table: Table,
        row: Any,
        known: Mapping[str, CaseKeys] = MappingProxyType({}),
    ) -> Pinned:
        """Those of a row of `recordings`, `derived` or `pieces`; TamperedError, ErasedError.

        `known` are keys that need not be looked up.
        """
        keys = known.get(row.scope) or identities.keys(connection, row.scope)
        details = details_of(connection, identities, table, row, {row.scope: keys})
        return cls(
            id=row.id,
            blob=row.blob,
            header=row.header,
            header_sha256=details.header_sha256,
            payload_sha256=details.payload_sha256,
            payload_size=details.payload_size,
            sha256=details.sha256,
            identity=keys.identity,
        )

    def open(self, vault: Vault) -> tuple[bytes, age.ReadAt, int]:
        """File key, payload and its size; TamperedError if header or blob is not the pinned one."""
        if hashlib.sha256(self.header).hexdigest() != self.header_sha256:
            raise TamperedError(f"the header of {self.id} is not its own", self.id)
        size = vault.size(self.blob)
        if size != self.payload_size:
            raise TamperedError(f"the blob of {self.id} is not its own", self.id)
        file_key = age.open_key(self.header, [self.identity])
        return file_key, partial(vault.read_at, self.blob), size


def details_of(
    connection: Connection,
    identities: Identities,
    table: Table,
    row: Any,
    known: Mapping[str, CaseKeys] = MappingProxyType({}),
) -> Details:
    """The sealed part of a row that has a blob; TamperedError, ErasedError."""
    kind: type[Details] = _KINDS[table.name]
    return decode(identities.opened(connection, table, row, known=known), kind, row.id)


_KINDS: dict[str, type[Details]] = {
    recordings.name: RecordingDetails,
    derived.name: CopyDetails,
    pieces.name: PieceDetails,
}


def require_bytes(row: Any, details: RecordingDetails) -> None:
    """SoundErasedError for a recording whose bytes went by a rule; TamperedError if its row alone says so."""
    if details.gone_at != (row.gone_at or 0):
        raise TamperedError(f"recording {row.id} did not go when its row says", row.id)
    if details.gone_at:
        raise SoundErasedError(f"the bytes of recording {row.id} were erased by a rule")


def mend(connection: Connection, identities: Identities, row: Any, sealed: Sealed) -> None:
    """Put `sealed`, which holds the same bytes, in the place of a recording's damaged blob.

    That is left to the sweep of orphans. TamperedError if the row is not the one that was written.
    """
    payload = identities.opened(connection, recordings, row)
    before = decode(payload, RecordingDetails)
    if before.sha256 != sealed.sha256:
        raise TamperedError(f"recording {row.id} is not of these bytes", row.id)
    after = RecordingDetails.of(
        sealed, before.name, before.recorded_from, before.onto, before.said_by
    )
    changed = {"header": sealed.header, "blob": sealed.blob}
    identities.anew(connection, recordings, row, changed, msgspec.json.encode(after))


@contextmanager
def opening(alarm: Alarm, object_id: str) -> Iterator[None]:
    """Whatever does not open in this block is a TamperedError with the object's id, and told."""
    with alarm.watch():
        try:
            yield
        except (HeaderError, NoMatchError, PayloadError) as error:
            raise TamperedError(f"the original of {object_id} does not open", object_id) from error


class Original(age.Reader):
    """Random access to what was recorded. A chunk is given out once it is shown to be authentic."""

    def __init__(self, sealed: tuple[bytes, age.ReadAt, int], alarm: Alarm, object_id: str) -> None:
        """`sealed`: file key, payload and its size. TamperedError unless the final chunk opens."""
        self._alarm, self._object_id = alarm, object_id
        super().__init__(*sealed)

    def _opened(self, index: int, count: int) -> bytes:
        with opening(self._alarm, self._object_id):
            return super()._opened(index, count)
