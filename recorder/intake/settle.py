"""When a file has stopped changing. Pure: looks and the time are given to it.

A file is stable once its size, times and inode were the same over several looks and for a quiet
while, whenever Recorder was started. It is never given up on, and it is forgotten when it is gone.

The time of its last change of state counts beside that of its content: programs that copy set the
latter back, the former they cannot.

Sparse files: some programs reserve a file's whole length first and fill it later, so that size and
even time can rest while bytes are still missing. A file with less than 90 % of its length on disk
is therefore held back, but not for ever: file systems that compress, or keep small files in the
directory, report few blocks or none for whole files. So small files are not held to it, and a
larger one only until it has rested, blocks included, for ``sparse_seconds``. The check of its
container then has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_BLOCK = 512  # bytes in a unit of st_blocks, whatever the file system's own block is
_ALLOCATED = 0.9  # of the size: less counts as sparse
_SMALL = 64 * 1024  # bytes; file systems keep such files inline
SHARED = 2  # times as quiet: a share shows what others do late

V = TypeVar("V")


class State(Enum):
    """Where a file stands."""

    EMPTY = "empty"  # no bytes yet
    ARRIVING = "arriving"  # new, or not as it was at the look before
    SETTLING = "settling"  # as it was, but not yet for long enough
    SPARSE = "sparse"  # quiet, but much of it is not on disk
    STABLE = "stable"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a file showed."""

    size: int  # bytes
    mtime_ns: int
    ctime_ns: int
    inode: int
    blocks: int | None  # of 512 bytes on disk; None where the system does not say

    @property
    def sparse(self) -> bool:
        """Whether much of the file seems not to be on disk."""
        if self.blocks is None or self.size <= _SMALL:
            return False
        return self.blocks * _BLOCK < self.size * _ALLOCATED


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands after a look."""

    state: State
    unchanged_seconds: float  # how long it has been seen unchanged


@dataclass(slots=True)
class _Seen(Generic[V]):
    look: Look
    at: float
    looks: int = 1
    unchanged: float = 0.0
    verdict: V | None = None
    trusted: bool = False


class Tracker(Generic[V]):
    """Remembers the looks at every file that is there, and what was found in those at rest."""

    def __init__(
        self, *, quiet_seconds: float, looks: int = 3, sparse_seconds: float = 300.0
    ) -> None:
        self._quiet_seconds = quiet_seconds
        self._looks = looks
        self._sparse_seconds = max(sparse_seconds, quiet_seconds)
        self._seen: dict[str, _Seen[V]] = {}

    def look(self, path: str, look: Look, now: float, *, shared: bool = False) -> Standing:
        """Note a look at ``now`` (seconds of a clock that should not step) and judge.

        A file on a drive that other machines write to as well is given twice the time.

        Time is added up between looks, so a clock that does step back adds nothing and loses
        nothing, and one that leaps ahead still leaves the number of looks to be met.
        """
        seen = self._seen.get(path)
        if seen is None or _changed(seen.look, look):
            seen = self._seen[path] = _Seen(look, now)
        else:
            seen.unchanged += max(0.0, now - seen.at)
            seen.at, seen.look, seen.looks = now, look, seen.looks + 1
        quiet = self._quiet_seconds * (SHARED if shared else 1)
        return Standing(self._state(seen, quiet), seen.unchanged)

    def keep_verdict(self, path: str, verdict: V) -> None:
        """Remember what was found in a file, until it changes."""
        if seen := self._seen.get(path):
            seen.verdict = verdict

    def verdict(self, path: str) -> V | None:
        """Return what was found in a file, None if it changed since or was never looked into."""
        seen = self._seen.get(path)
        return seen.verdict if seen else None

    def doubt(self) -> None:
        """Forget what was found in every file, so that each is looked into anew."""
        for seen in self._seen.values():
            seen.verdict = None

    def trust(self, path: str) -> None:
        """Somebody says that a file is whole as it is; believed until it changes."""
        if seen := self._seen.get(path):
            seen.trusted = True

    def trusted(self, path: str) -> bool:
        """Whether somebody said so."""
        seen = self._seen.get(path)
        return seen is not None and seen.trusted

    def forget_all_but(self, present: AbstractSet[str]) -> None:
        """Forget the files that are gone: one that comes back starts anew."""
        for path in self._seen.keys() - present:
            del self._seen[path]

    def _state(self, seen: _Seen[V], quiet_seconds: float) -> State:
        if not seen.look.size:
            return State.EMPTY
        if seen.looks < self._looks or seen.unchanged < quiet_seconds:
            return State.ARRIVING if seen.looks == 1 else State.SETTLING
        if seen.look.sparse and seen.unchanged < self._sparse_seconds:
            return State.SPARSE
        return State.STABLE


def _changed(old: Look, new: Look) -> bool:
    before = (old.size, old.mtime_ns, old.ctime_ns, old.inode)
    if before != (new.size, new.mtime_ns, new.ctime_ns, new.inode):
        return True
    return new.sparse and old.blocks != new.blocks
