"""Blobs as files in a folder, 256 folders wide, written as `store.fs` writes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from store import fs
from store.errors import NotFoundError, VaultError
from store.fs import DISK, Fs
from store.vault.model import Passing, id_of, path_of

VAULT_AWAY = (
    "the vault is not in its place: its drive may not be mounted. Bring it back; until then nothing "
    "is taken in or worked on, and nothing is lost"
)


class LocalVault:
    """A vault in a folder of this machine."""

    def __init__(self, folder: Path, disk: Fs = DISK) -> None:
        fs.make_folders(disk, folder)
        self._folder = folder
        self._disk = disk
        self._found = not is_bare(folder)  # something, when it was opened
        self._made: set[Path] = set()  # folders whose names are known to be on the disk

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        """See `Vault`; memory stays at one chunk."""
        path, reading = self._path(blob_id), Passing(chunks)
        if self._is_away():
            raise VaultError(VAULT_AWAY)
        try:
            self._make(path.parent)
            written = fs.save(self._disk, path, reading)
        except OSError as error:
            with suppress(OSError):  # it may be in place and yet not sure to stay
                self._disk.remove(path)
            if reading.failure:  # it came from the source: what to say of it is for the caller
                raise
            raise VaultError(
                f"blob {blob_id} could not be written: the disk may be full. Nothing was removed"
            ) from error
        if self.size(blob_id) != written:
            raise VaultError(f"blob {blob_id} was not written whole")
        return written

    def size(self, blob_id: str) -> int:
        """See `Vault`."""
        try:
            return self._path(blob_id).stat().st_size
        except FileNotFoundError as error:
            raise self._not_found(blob_id) from error

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """See `Vault`."""
        try:
            with self._path(blob_id).open("rb", buffering=0) as file:
                file.seek(offset)
                return _read(file.fileno(), length)
        except FileNotFoundError as error:
            raise self._not_found(blob_id) from error
        except OSError as error:
            raise VaultError(f"blob {blob_id} cannot be read at {offset}") from error

    def delete(self, blob_id: str) -> None:
        """See `Vault`."""
        try:
            fs.discard(self._disk, self._path(blob_id))
        except FileNotFoundError:  # no blob can be of this name
            return
        except OSError as error:
            raise VaultError(
                f"blob {blob_id} could not be removed: the disk may be read-only or failing"
            ) from error

    def ids(self) -> Iterator[str]:
        """See `Vault`; what a crash left half written is no blob."""
        for path in self._folder.glob("??/*"):
            if blob_id := id_of(path.relative_to(self._folder).as_posix()):
                yield blob_id

    def _is_away(self) -> bool:
        """Whether what was in the folder is gone, all of it: an unmounted drive looks like that."""
        filled = self._found or bool(self._made)
        return not self._folder.is_dir() or (filled and is_bare(self._folder))

    def _not_found(self, blob_id: str) -> VaultError | NotFoundError:
        if self._is_away():
            return VaultError(VAULT_AWAY)
        return NotFoundError(f"blob {blob_id} is not in the vault")

    def _make(self, folder: Path) -> None:
        if folder not in self._made or not folder.is_dir():
            fs.make_folders(self._disk, folder)
            fs.remove_unfinished(self._disk, folder)
            self._made.add(folder)

    def _path(self, blob_id: str) -> Path:
        return self._folder / path_of(blob_id)


def is_bare(folder: Path) -> bool:
    """Whether there is nothing in a folder; not where this process may not look into it."""
    try:
        return next(folder.iterdir(), None) is None
    except PermissionError:
        return False


def _read(handle: int, length: int) -> bytes:
    """`length` bytes from here, fewer only at the end: one call may give less."""
    pieces = []
    while length > 0:
        piece = os.read(handle, length)
        if not piece:
            break
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
