"""What a program did to a disk, call by call. Paths are below the top of its tree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FolderMade:
    path: str


@dataclass(frozen=True, slots=True)
class FileMade:
    path: str


@dataclass(frozen=True, slots=True)
class Wrote:
    path: str  # as it was created
    data: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    path: str  # as it was created


@dataclass(frozen=True, slots=True)
class Dropped:
    """The system failed to sync a file and forgot what it had not written."""

    path: str  # as it was created


@dataclass(frozen=True, slots=True)
class Renamed:
    path: str
    target: str


@dataclass(frozen=True, slots=True)
class Removed:
    path: str


@dataclass(frozen=True, slots=True)
class FolderSynced:
    path: str


@dataclass(frozen=True, slots=True)
class Committed:
    """A database transaction that came to its end; the database's own promise is not tried."""

    snapshot: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """A step of the program starts. From here on it may have happened."""

    step: int


@dataclass(frozen=True, slots=True)
class Done:
    """A step of the program returned. From here on it must have happened."""

    step: int


Call = (
    FolderMade
    | FileMade
    | Wrote
    | Synced
    | Dropped
    | Renamed
    | Removed
    | FolderSynced
    | Committed
    | Begun
    | Done
)
