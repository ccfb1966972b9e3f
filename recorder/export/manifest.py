"""`manifest.json`: what stands in a pack, with the sums to check it by. It names no young person.

`schema/manifest.schema.json` is made from here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from recorder.export.json_note import Moment, Sha256
from recorder.export.model import Approved, Refused, Written
from recorder.export.text import local

FORMAT = 1
"""Raised when a reader of the old format would misread the new one."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Unknown fields are errors."""


class FilePart(_Part, frozen=True):
    """One file of the pack."""

    name: str
    sha256: Sha256
    bytes: Annotated[int, Meta(ge=0)]


class NotePart(_Part, frozen=True):
    """One note of the pack: which version, and who approved it when."""

    note_id: str
    version: Annotated[int, Meta(ge=1)]
    files: tuple[str, ...]
    approved_by: str
    approved_at: Moment


class RefusedPart(_Part, frozen=True):
    """A note that was to be exported and was left out."""

    note_id: str
    version: int
    reasons: tuple[str, ...]


class Manifest(_Part, frozen=True):
    """The whole file."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)]
    made_at: Moment
    files: tuple[FilePart, ...]
    notes: tuple[NotePart, ...]
    refused: tuple[RefusedPart, ...]


def manifest_bytes(
    folder: Path,
    notes: Iterable[tuple[Approved, Written]],
    refused: Iterable[Refused],
    made_at: dt.datetime,
) -> bytes:
    """The manifest of the files in `folder`, which must not hold one yet."""
    manifest = Manifest(
        format=FORMAT,
        made_at=local(made_at),
        files=tuple(_file(path) for path in sorted(folder.iterdir())),
        notes=tuple(_note(note, written) for note, written in notes),
        refused=tuple(RefusedPart(each.note_id, each.version, each.reasons) for each in refused),
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _file(path: Path) -> FilePart:
    with path.open("rb") as file:  # read back: the sum is of what stands on the disk
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FilePart(name=path.name, sha256=digest, bytes=path.stat().st_size)


def _note(note: Approved, written: Written) -> NotePart:
    return NotePart(
        note_id=note.note_id,
        version=note.version,
        files=written.files,
        approved_by=note.approved_by,
        approved_at=local(note.approved_at),
    )
