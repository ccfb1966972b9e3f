"""Packs for Mosaic that lie in the home's export folder, in the clear, after a loader has read them."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recorder.export.manifest import Manifest
from recorder.export.pack import MANIFEST_NAME
from store.disposal import PACK
from store.fs import DISK, remove_tree
from store.store import Store

log = logging.getLogger(__name__)

_NAME = re.compile(r"mosaic-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
_ID = 32  # hex digits, as ids have


@dataclass(frozen=True, slots=True)
class Lying:
    """One pack."""

    folder: Path
    id: str  # the beginning of its manifest's SHA-256 (hex)
    sha256: str  # of its manifest, which has those of its files
    size: int  # bytes
    made_at: int  # ms
    notes: tuple[str, ...]  # ids


def lying(folder: Path) -> Iterator[Lying]:
    """Those that Recorder named and put there itself, of which the manifest can be read."""
    if not folder.is_dir():
        return
    for pack in sorted(folder.iterdir()):
        if _NAME.fullmatch(pack.name) and pack.is_dir() and not pack.is_symlink():
            yield from _read(pack)


def sweep(store: Store, folder: Path) -> None:
    """Remove those whose certificate stands already: whoever was to remove them was cut off."""
    gone = {each.object for each in store.disposing.all() if each.kind == PACK}
    for pack in lying(folder):
        if pack.id in gone:
            remove(pack)


def remove(pack: Lying) -> None:
    """Remove its files; OSError."""
    remove_tree(DISK, pack.folder)
    DISK.sync_folder(pack.folder.parent)


def _read(pack: Path) -> Iterator[Lying]:
    try:
        content = (pack / MANIFEST_NAME).read_bytes()
        said = msgspec.json.decode(content, type=Manifest)
    except (OSError, msgspec.DecodeError) as error:  # not ours to remove then
        log.warning("pack not readable", extra={"reason": type(error).__name__})
        return
    whole = hashlib.sha256(content).hexdigest()
    size = len(content) + sum(each.bytes for each in said.files)
    made_at = int(said.made_at.timestamp() * 1000)
    notes = tuple(dict.fromkeys(each.note_id for each in said.notes))
    yield Lying(pack, whole[:_ID], whole, size, made_at, notes)
