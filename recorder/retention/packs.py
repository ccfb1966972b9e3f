"""Packs for Mosaic that lie in the home's export folder, in the clear, after a loader has read them.

One that goes is put under a hidden name in the transaction of its certificate, and removed after it:
what cannot be taken away is not certified, and what was cut off in between is found by either name.
"""

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

_NAME = re.compile(r"\.?mosaic-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
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

    @property
    def hidden(self) -> Path:
        """Where it is once it was put aside."""
        return self.folder.with_name(f".{self.folder.name.removeprefix('.')}")


def lying(folder: Path) -> Iterator[Lying]:
    """Those that Recorder named and put there itself, of which the manifest can be read."""
    try:
        packs = sorted(folder.iterdir())
    except OSError as error:  # a share that is not connected: what lies there is looked at later
        log.warning("export folder not readable", extra={"reason": type(error).__name__})
        return
    for pack in packs:
        if _NAME.fullmatch(pack.name) and pack.is_dir() and not pack.is_symlink():
            yield from _read(pack)


def sweep(store: Store, folder: Path) -> None:
    """Remove those whose certificate stands already: whoever was to remove them was cut off."""
    gone = {each.object for each in store.disposing.all() if each.kind == PACK}
    for pack in lying(folder):
        if pack.id in gone:
            remove(pack)


def put_aside(pack: Lying) -> None:
    """Give it its hidden name, under which no loader takes it; OSError."""
    if pack.folder != pack.hidden and pack.folder.exists():
        DISK.rename(pack.folder, pack.hidden)
        DISK.sync_folder(pack.hidden.parent)


def remove(pack: Lying) -> None:
    """Remove its files. What cannot be removed now, the next run removes: its certificate stands."""
    try:
        put_aside(pack)
        remove_tree(DISK, pack.hidden)
        DISK.sync_folder(pack.hidden.parent)
    except OSError as error:
        log.error("pack not removed", extra={"pack": pack.id, "reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths


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
