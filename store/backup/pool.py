"""The blobs of all sets of a folder, each once. They are sealed already; here they are only copied.

The pool is laid out as a vault in a folder is, so a set can be read where it lies. What a set needs
stands in `blobs.sha256`, in the form that `sha256sum --check` reads from inside the set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from store import fs
from store.errors import BackupError, StoreError, TamperedError
from store.fs import DISK, TEMPORARY, Fs
from store.sealing import Tally
from store.vault import LocalVault, Vault

_PIECE = 4 * 1024 * 1024
_LINE = re.compile(rb"([0-9a-f]{64})  \.\./\.\./blobs/([0-9a-f]{2})/([0-9a-f]{30})\Z")


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob and what pins it."""

    id: str
    sha256: str

    def line(self) -> bytes:
        """As it stands in `blobs.sha256`, with its end."""
        return f"{self.sha256}  ../../blobs/{self.id[:2]}/{self.id[2:]}\n".encode()

    @classmethod
    def parse(cls, line: bytes) -> Blob:
        """What was written as `line`, without its end; BackupError for anything else."""
        match = _LINE.match(line)
        if match is None:
            raise BackupError("the list of blobs of this set is damaged")
        return cls((match[2] + match[3]).decode(), match[1].decode())


class Pool(LocalVault):
    """The vault of all sets of one folder."""

    def __init__(self, folder: Path, disk: Fs = DISK) -> None:
        super().__init__(folder, disk)
        self.folder = folder

    def has(self, blob_id: str) -> bool:
        """Whether there is a blob of that id; its bytes are not looked at."""
        return self._path(blob_id).exists()

    def take(self, vault: Vault, blob: Blob) -> bool:
        """Make sure that a blob is here, whole on the disk; whether it had to be copied.

        Raises NotFoundError if the vault has none, TamperedError if it is not the one that was
        sealed, BackupError if what was written here does not come back.
        """
        if self.has(blob.id) and self.holds(blob):
            return False
        self.delete(blob.id)
        copy(vault, self, blob)
        if not self.holds(blob):
            raise BackupError("the backup folder does not give back what was written to it")
        return True

    def holds(self, blob: Blob) -> bool:
        """Whether the blob's bytes, read from the disk and not from memory, are the pinned ones."""
        passing = Tally()
        try:
            fs.forget(self._path(blob.id))
            for _ in passing.over(pieces(self, blob.id)):
                pass
        except (StoreError, OSError):
            return False
        return passing.hex == blob.sha256

    def sync(self) -> None:
        """Make every blob's name last.

        One that is here may have been left by a backup that was killed before it could: its bytes
        are on the disk then, and its name is not.
        """
        for folder in sorted(self.folder.glob("??")):
            self._disk.sync_folder(folder)
        self._disk.sync_folder(self.folder)

    def keep_only(self, needed: set[str]) -> int:
        """Remove every blob that is not in `needed`, and what was cut short; how many blobs."""
        for path in self.folder.glob(f"??/.*{TEMPORARY}"):
            fs.discard(self._disk, path)
        spare = [each for each in self.ids() if each not in needed]
        for each in spare:
            self.delete(each)
        return len(spare)


class ReadOnly:
    """A vault that can be looked into and not changed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:  # noqa: ARG002 - the Protocol's signature
        """Refused."""
        raise BackupError(f"blob {blob_id} is not written into a backup that is only looked at")

    def delete(self, blob_id: str) -> None:
        """Refused."""
        raise BackupError(f"blob {blob_id} is not removed from a backup that is only looked at")

    def size(self, blob_id: str) -> int:
        """See `Vault`."""
        return self._vault.size(blob_id)

    def read_at(self, blob_id: str, offset: int, length: int) -> bytes:
        """See `Vault`."""
        return self._vault.read_at(blob_id, offset, length)

    def ids(self) -> Iterator[str]:
        """See `Vault`."""
        return self._vault.ids()


def copy(source: Vault, target: Vault, blob: Blob) -> None:
    """Copy a blob from one vault to another; NotFoundError, TamperedError if it is not the pinned."""
    passing = Tally()
    target.put(blob.id, passing.over(pieces(source, blob.id)))
    if passing.hex != blob.sha256:
        target.delete(blob.id)
        raise TamperedError(f"blob {blob.id} is not the one that was sealed", blob.id)


def pieces(vault: Vault, blob_id: str) -> Iterator[bytes]:
    """A blob's bytes, a few megabytes at a time; NotFoundError, StoreError."""
    size = vault.size(blob_id)
    for offset in range(0, size, _PIECE):
        piece = vault.read_at(blob_id, offset, _PIECE)
        if len(piece) != min(_PIECE, size - offset):
            raise StoreError(f"blob {blob_id} was cut short while it was read")
        yield piece
