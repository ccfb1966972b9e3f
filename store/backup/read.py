"""A set, opened with its home's keys: what is in it, and whether it is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from store import age
from store.audit import signer_of
from store.backup.manifest import Manifest, Part, prove
from store.backup.pool import Blob
from store.backup.rows import counted, head, lines_of
from store.checkpoint import Checkpoint, load
from store.disposal import Disposal
from store.erasing import Erasure
from store.errors import BackupError, CheckpointError, StoreError, TamperedError
from store.keys import KeyRing
from store.payloads import decode

ROWS, AFTER, BLOBS = "rows.age", "after.age", "blobs.sha256"
WRAPPERS, CHECKPOINT = "wrappers.json", "checkpoint.txt"


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What happened until a set was finished, and its rows may not say."""

    erasures: tuple[Erasure, ...]
    settled: tuple[str, ...]  # ids of arrivals and pieces that no longer wait; their blobs are gone
    disposals: tuple[Disposal, ...] = ()  # what went by a rule

    def gone(self) -> set[str]:
        """The ids of what was erased, for whatever reason."""
        return {each.object for each in self.erasures} | {each.object for each in self.disposals}


@dataclass(frozen=True, slots=True)
class Opened:
    """A set whose manifest was proven; the rest of it is checked as it is read."""

    folder: Path
    manifest: Manifest
    ring: KeyRing = field(repr=False)
    identity: age.KeyIdentity = field(repr=False)  # the team's

    @classmethod
    def of(cls, folder: Path, note: bytes, ring: KeyRing, identity: age.KeyIdentity) -> Opened:
        """The set in `folder`, if `ring`'s home signed its manifest; BackupError if not."""
        return cls(folder, prove(note, ring), ring, identity)

    def check(self) -> None:
        """Read all but the blobs; BackupError unless everything is there and opens."""
        self.check_parts()
        self.count()
        self.aftermath()
        self.checkpoint()

    def check_parts(self) -> None:
        """BackupError unless every file of the set is byte for byte the one that was signed."""
        if bad := self.bad_parts():
            raise BackupError(f"{' and '.join(bad)} of this set cannot be read or is damaged")

    def bad_parts(self) -> list[str]:
        """The names of files that are missing or damaged."""
        return [part.name for part in self.manifest.parts if not _is(self.folder, part)]

    def rows(self) -> Iterator[bytes]:
        """The lines of `rows.age`, the first one being about the set."""
        return lines_of(self._open(ROWS))

    def settings(self) -> str:
        """The settings of the home that the set was made of."""
        return str(head(self.rows())["settings"])

    def aftermath(self) -> Aftermath:
        """What had been erased and settled when the set was finished."""
        try:
            return decode(b"".join(self._open(AFTER)), Aftermath)
        except TamperedError as error:
            raise BackupError(f"{AFTER} of this set does not say what it should") from error

    def blobs(self) -> Iterator[Blob]:
        """The blobs that the set needs."""
        with (self.folder / BLOBS).open("rb") as file:
            for line in file:
                yield Blob.parse(line.removesuffix(b"\n"))

    def checkpoint(self) -> list[Checkpoint]:
        """The audit log as it was signed for this set; none if it did not verify then."""
        if all(part.name != CHECKPOINT for part in self.manifest.parts):
            return []
        try:
            return [load(self.folder / CHECKPOINT, signer_of(self.ring))]
        except CheckpointError as error:
            raise BackupError(f"the checkpoint of this set does not hold: {error}") from error

    def count(self) -> None:
        """Open every row's line; BackupError unless they are as many as the manifest says."""
        lines = self.rows()
        head(lines)
        found = counted(lines)
        if found != self.manifest.rows:
            raise BackupError("the rows of this set are not as many as its manifest says")

    def _open(self, name: str) -> Iterator[bytes]:
        path = self.folder / name
        try:
            with path.open("rb") as file:

                def read_at(offset: int, length: int) -> bytes:
                    file.seek(offset)
                    return file.read(length)

                yield from age.open_file(read_at, path.stat().st_size, [self.identity])
        except OSError as error:
            raise BackupError(f"{name} of this set cannot be read") from error
        except StoreError as error:
            raise BackupError(f"{name} of this set does not open") from error


def _is(folder: Path, part: Part) -> bool:
    try:
        with (folder / part.name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
    except OSError:
        return False
