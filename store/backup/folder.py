"""What lies in a backup folder: whole sets, sets cut short, and the pool they share.

A set is written under a hidden name and renamed once it was read back. What has the hidden name is
no set, whatever is in it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from store import fs
from store.backup.manifest import Manifest, parse
from store.backup.pool import Pool
from store.errors import BackupError
from store.fs import DISK, TEMPORARY, Fs

MANIFEST = "manifest.txt"
_LIMIT = 256 * 1024  # bytes of a manifest


@dataclass(frozen=True, slots=True)
class Found:
    """A set as it lies there; nothing of it is proven yet."""

    folder: Path
    note: bytes
    manifest: Manifest | None  # None: damaged

    @property
    def name(self) -> str:
        """How people call it."""
        return self.folder.name


class Folder:
    """A folder with backups."""

    def __init__(self, path: Path, disk: Fs = DISK) -> None:
        self.path = path
        self.disk = disk
        self._sets = path / "sets"

    def prepare(self) -> None:
        """Make what is not there yet; BackupError if it cannot be made."""
        try:
            fs.make_folders(self.disk, self._sets)
            self.pool()
        except OSError as error:
            raise BackupError(f"the backup folder cannot be written ({error.strerror})") from error

    def pool(self) -> Pool:
        """The blobs."""
        return Pool(self.path / "blobs", self.disk)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One backup at a time."""
        try:
            with FileLock(self.path / "backup.lock", timeout=0, mode=0o600):
                yield
        except Timeout as error:
            raise BackupError("another backup into this folder is under way") from error

    def sets(self) -> list[Found]:
        """Every whole set, oldest first; damaged ones before all others."""
        if not self._sets.is_dir():
            raise BackupError("there are no backups in this folder")
        entries = [each for each in self._sets.iterdir() if not each.name.startswith(".")]
        return sorted(map(_found, entries), key=_age)

    def choose(self, start: str = "") -> Found:
        """The newest set, or the one whose id or name starts like this."""
        found = self.sets()
        if start:
            found = [each for each in found if _called(each, start)]
            if len(found) != 1:
                raise BackupError("there is no one set of that name here")
        if not found:
            raise BackupError("there are no backups in this folder")
        return found[-1]

    def staging(self, manifest_id: str, made_at: int) -> tuple[Path, Path]:
        """A new folder to write a set into, and what it is to be called once it is whole."""
        name = f"{datetime.fromtimestamp(made_at / 1000, UTC):%Y%m%dT%H%M%SZ}-{manifest_id[:8]}"
        hidden = self._sets / f".{name}{TEMPORARY}"
        self.disk.make_folder(hidden)
        return hidden, self._sets / name

    def settle(self, hidden: Path, folder: Path) -> None:
        """Make what was written a set."""
        self.disk.sync_folder(hidden)
        if folder.exists():
            raise FileExistsError(errno.EEXIST, "there is a set of this name already")
        self.disk.rename(hidden, folder)
        self.disk.sync_folder(self._sets)

    def remove(self, found: Found) -> None:
        """Remove a set; one that is half removed is no set."""
        hidden = self._sets / f".{found.name}{TEMPORARY}"
        self.disk.rename(found.folder, hidden)
        self.disk.sync_folder(self._sets)
        fs.remove_tree(self.disk, hidden)
        self.disk.sync_folder(self._sets)

    def clear(self) -> None:
        """Remove what was cut short; call it under the lock."""
        # A removal may have been killed before the hidden name was sure: no power cut then brings
        # the old name back over what is removed here.
        self.disk.sync_folder(self._sets)
        for hidden in self._sets.glob(f".*{TEMPORARY}"):
            fs.remove_tree(self.disk, hidden)
        self.disk.sync_folder(self._sets)


def _found(folder: Path) -> Found:
    try:
        with (folder / MANIFEST).open("rb") as file:
            note = file.read(_LIMIT)
        return Found(folder, note, parse(note))
    except (OSError, BackupError):
        return Found(folder, b"", None)


def _age(found: Found) -> tuple[int, str]:
    return (0 if found.manifest is None else found.manifest.made_at), found.name


def _called(found: Found, start: str) -> bool:
    known = (found.name,) if found.manifest is None else (found.name, found.manifest.set)
    return any(each.startswith(start) for each in known)
