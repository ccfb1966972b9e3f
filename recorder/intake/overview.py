"""How the watched folder stands besides what was taken, and the journal that is kept of it."""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from recorder.intake.identify import place
from recorder.intake.owner import owner
from recorder.intake.scan import Attention, Code, ScanResult
from store.errors import TamperedError
from store.journal import ARRIVING, ATTENTION, DUPLICATE, GONE, LEFT_OUT, Look
from store.store import Store
from store.tables import TEAM


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that waits, needs attention or is left out."""

    path: str  # relative to the folder; surrogates as on disk
    state: str  # ARRIVING, ATTENTION or LEFT_OUT
    reason: str  # a code
    sentence: str  # for what does not just wait
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Overview:
    """The folder after a look."""

    entries: tuple[Entry, ...]
    lying: tuple[str, ...]  # paths of files that are ready or taken, and lie there

    @property
    def paths(self) -> frozenset[str]:
        """Everything that is there."""
        return frozenset(self.lying) | {entry.path for entry in self.entries}


def overview(root: Path, result: ScanResult, refused: list[Attention]) -> Overview:
    """What a look showed; `refused` are files that were ready and could not be taken."""
    entries = [_entry(root, each.path, ARRIVING, each.reason) for each in result.waiting] + [
        _entry(root, each.path, state_of(each.code), each.code, each.sentence)
        for each in (*result.attention, *refused)
    ]
    told = {each.path for each in refused}
    ready = (each for each in result.ready if each.path not in told)
    lying = tuple(str(each.relative) for each in ready if os.path.lexists(each.path))
    return Overview(tuple(entries), lying)


class Bookkeeper:
    """Keeps the journal as the folder stands. A folder that did not change costs nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[str, tuple[str, str | None]] = {
            entry.path: (entry.state, entry.reason) for entry in store.journal.waiting()
        }

    def keep(self, seen: Overview, besides: AbstractSet[str] = frozenset()) -> None:
        """Enter what changed. Entries of paths `besides` are somebody else's to close."""
        for entry in seen.entries:
            if self._noted.get(entry.path) != (entry.state, entry.reason):
                self._store.journal.note(_look(self._store, entry))
                self._noted[entry.path] = (entry.state, entry.reason)
        for path in self._noted.keys() - seen.paths - besides:
            self._close(path, GONE)
        for path in seen.lying:
            # A source that is kept settles anew whenever Recorder starts, and is known then.
            noted = self._noted.get(path)
            if noted is not None and noted[0] == ARRIVING and self._store.journal.known(path):
                self._close(path, DUPLICATE)

    def taken(self, path: str) -> None:
        """A file's entry was settled when it was taken."""
        self._noted.pop(path, None)

    def _close(self, path: str, state: str) -> None:
        self._store.journal.close(path, state)
        del self._noted[path]


def state_of(code: Code) -> str:
    """How the journal has what is left where it is."""
    return LEFT_OUT if code == "left_out" else ATTENTION


def _look(store: Store, entry: Entry) -> Look:
    lies = place(PurePath(entry.path))
    whose = None  # nor is it known whose it is when their record does not open
    with suppress(TamperedError):
        whose = owner(store, lies.practitioner, lies.case_ref)
    return Look(
        path=entry.path,
        scope=TEAM if whose is None else whose.scope,
        practitioner_id=None if whose is None else whose.practitioner_id,
        state=entry.state,
        size=entry.size,
        reason=entry.reason,
        sentence=entry.sentence,
    )


def _entry(root: Path, path: Path, state: str, reason: str, sentence: str = "") -> Entry:
    return Entry(str(path.relative_to(root)), state, reason, sentence, _size(path))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0  # it went away while we looked; the next pass closes its entry
