"""The room of backups: making sets of this store, and removing those that have expired."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from store.backup.folder import Folder, Found
from store.backup.manifest import Manifest, prove
from store.backup.needs import room
from store.backup.pool import Blob
from store.backup.read import BLOBS
from store.backup.write import Extras, Made, Source, Writing
from store.errors import BackupError, StoreError
from store.ledger import Backup, Ledger
from store.people import new_id
from store.session import now_ms

_MARGIN = 64 * 1024 * 1024  # bytes that are to stay free
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder after a backup."""

    made: Made
    sets: int
    removed: int  # sets that had expired
    damaged: tuple[str, ...]  # names of older sets that do not hold


class Backups:
    """Makes sets, and keeps the ledger of them."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger

    def make(self, folder: Folder, extras: Extras, keep_ms: int | None, actor: str) -> Kept:
        """A new set in `folder`, to be kept for `keep_ms` (None: until somebody removes it).

        BackupError, and no set, if it could not be written and read back, or if the folder holds
        backups of another home.
        """
        folder.prepare()
        with folder.locked():
            folder.clear()
            removed = self._expire(folder, keep_ms, actor)
            self._check_room(folder)
            made = self._make(folder, extras, keep_ms)
            self._source.audit.record(actor, "backup made", made.id)
            removed += self._expire(folder, keep_ms, actor)
            found = folder.sets()
            damaged = tuple(each.name for each in found if self._proven(each) is None)
            if not damaged:
                folder.pool().keep_only(_needed(found))
        return Kept(made, len(found), removed, damaged)

    def _make(self, folder: Folder, extras: Extras, keep_ms: int | None) -> Made:
        now = now_ms()
        expires = None if keep_ms is None else now + keep_ms
        # Before the first byte is read: what is erased from now on knows of it.
        entry = Backup(new_id(), now, None, expires, str(folder.path))
        self._ledger.begin(entry)
        try:
            made = Writing(self._source, folder, entry, extras).run()
        except BaseException as error:
            with suppress(OSError, StoreError):  # if not now, then before the next set
                folder.clear()
                self._settle_ledger(folder)
            if isinstance(error, OSError):
                why = error.strerror or "no reason was given"
                raise BackupError(f"the backup folder cannot be used ({why})") from error
            raise
        self._settle_ledger(folder)
        return made

    def _expire(self, folder: Folder, keep_ms: int | None, actor: str) -> int:
        """Remove sets whose time is over, but never the newest; how many."""
        whole = [
            (each, manifest)
            for each in folder.sets()
            if (manifest := self._proven(each)) is not None
        ]
        now = now_ms()
        over = [(each, m) for each, m in whole[:-1] if _is_over(m, keep_ms, now)]
        for each, manifest in over:
            folder.remove(each)
            self._source.audit.record(actor, "backup removed", manifest.set)
        self._settle_ledger(folder)
        return len(over)

    def _settle_ledger(self, folder: Folder) -> None:
        """A set that is here was read back; one that is not here any more is gone, by whomever."""
        here = {each.name.rpartition("-")[2] for each in folder.sets()}
        for entry in self._ledger.all():
            if entry.place != str(folder.path):
                continue
            if entry.id[:8] not in here:
                self._ledger.gone(entry.id)
            elif entry.verified_at is None:
                self._ledger.verified(entry.id)

    def _proven(self, found: Found) -> Manifest | None:
        """The set's manifest, None if it is damaged; BackupError if it is of another home."""
        manifest, ring = found.manifest, self._source.ring
        if manifest is not None and manifest.home != ring.lasting.home:
            raise BackupError("this folder holds backups of another home: choose another folder")
        try:
            return prove(found.note, ring)
        except BackupError:
            return None

    def _check_room(self, folder: Folder) -> None:
        with self._source.database.read() as connection:
            needed = room(connection, self._source.vault, folder.pool()) + _MARGIN
        free = shutil.disk_usage(folder.path).free
        if free < needed:
            raise BackupError(
                f"the backup needs about {needed // _MIB} MiB and its folder has {free // _MIB} "
                "free: make room there, or choose another folder"
            )


def _is_over(manifest: Manifest, keep_ms: int | None, now: int) -> bool:
    """Whether a set's time is over: as it says, or sooner if sets are kept for less time now."""
    ends = [] if keep_ms is None else [manifest.made_at + keep_ms]
    ends += [] if manifest.expires_at is None else [manifest.expires_at]
    return any(end <= now for end in ends)


def _needed(sets: Sequence[Found]) -> set[str]:
    needed: set[str] = set()
    for each in sets:
        with (each.folder / BLOBS).open("rb") as file:
            needed.update(Blob.parse(line.removesuffix(b"\n")).id for line in file)
    return needed
