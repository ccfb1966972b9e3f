"""What a set is, signed with a key that outlives every rotation of the root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from store.checkpoint import Signer
from store.errors import BackupError, CheckpointError, TamperedError
from store.keys import KeyRing
from store.root import Root
from store.tables import TEAM, identities

_SIGNING = b"recorder/backup/v1\0"
_END = b"\n\n"  # between a signed note's text and its signatures


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a set."""

    name: str
    size: int  # bytes
    sha256: str


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The team's identity, under the root key: what leads from that key to all the rest."""

    kind: str
    recipient: bytes
    wrapped: bytes


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    format: Literal["recorder backup 1"] = "recorder backup 1"
    set: str  # 32 hex digits
    home: str  # 16 hex digits
    revision: str  # of the schema
    made_at: int  # ms since 1970, UTC: nothing later is in it
    expires_at: int | None  # ms; None: kept until somebody removes it
    rows: dict[str, int]  # by table
    blobs: int
    blob_bytes: int
    damaged: tuple[str, ...]  # ids of rows whose blob was not there, or not the one that was sealed
    parts: tuple[Part, ...]
    team: Team


def signer_of(ring: KeyRing) -> Signer:
    """What signs a home's backups."""
    return Signer(ring.audit_mac(_SIGNING), f"recorder/backup/{ring.lasting.home}")


def encode(manifest: Manifest, ring: KeyRing) -> bytes:
    """The manifest as a signed note."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    return signer_of(ring).sign(text.decode() + "\n")


def parse(note: bytes) -> Manifest:
    """What a manifest says, not proven yet; BackupError if it says nothing."""
    try:
        return msgspec.json.decode(note.partition(_END)[0], type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupError("the manifest of this set is damaged") from error


def prove(note: bytes, ring: KeyRing) -> Manifest:
    """The manifest; BackupError unless this home signed it."""
    try:
        text = signer_of(ring).open(note)
    except CheckpointError as error:
        raise BackupError(f"the manifest of this set does not hold: {error}") from error
    manifest = parse(text.encode())
    if manifest.home != ring.lasting.home:
        raise BackupError("this set is of another home")
    return manifest


def unlock(manifest: Manifest, roots: Iterable[Root]) -> KeyRing:
    """The ring of the home that a set is of; BackupError if none of `roots` is its root key."""
    for root in roots:
        try:
            return KeyRing.of_team(root, manifest.team.kind, manifest.team.wrapped)
        except TamperedError:
            continue
    raise BackupError("the root key given is not that of this set: one of them is of another time")


def team_of(connection: Connection) -> Team:
    """The team's identity as the database holds it."""
    row = connection.execute(select(identities).where(identities.c.id == TEAM)).one()
    return Team(row.kind, row.recipient, row.wrapped)
