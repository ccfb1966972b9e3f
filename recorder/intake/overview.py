"""How the watched folder stands besides what was taken, and the journal that is kept of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePath

from recorder.intake.attention import Attention, Code
from recorder.intake.identify import place
from recorder.intake.owner import Owner, owner
from recorder.intake.scan import Arrived, ScanResult, Waiting
from recorder.intake.take import size_of
from store.errors import TamperedError
from store.journal import (
    ARRIVING,
    ATTENTION,
    DUPLICATE,
    GONE,
    LEFT_OUT,
    NOT_REMOVED,
    SETTLING,
    Look,
)
from store.store import Store
from store.tables import TEAM


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that waits, needs attention or is left out."""

    path: str  # relative to the folder; surrogates as on disk
    state: str  # ARRIVING, SETTLING, ATTENTION or LEFT_OUT
    reason: str  # a code
    sentence: str  # for what does not just wait
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Overview:
    """The folder after a look."""

    entries: tuple[Entry, ...]
    lying: tuple[str, ...]  # paths of files that were taken, or are being taken, and lie there
    unseen: tuple[str, ...] = ()  # what lies in or below these could not be looked at

    @property
    def paths(self) -> frozenset[str]:
        """Everything that is there."""
        return frozenset(self.lying) | {entry.path for entry in self.entries}

    def hides(self, path: str) -> bool:
        """Whether something may lie at this path although it was not seen."""
        return any(PurePath(path).is_relative_to(each) for each in self.unseen)


def overview(
    root: Path, result: ScanResult, refused: Iterable[Attention], queued: Iterable[Arrived]
) -> Overview:
    """What a look showed.

    `refused` are files that were ready and could not be taken, `queued` those whose turn comes at
    the next look.
    """
    entries = [_entry(root, each.path, _state(each), each.reason) for each in result.waiting]
    entries += [
        _entry(root, each.path, state_of(each.code), each.code, each.sentence)
        for each in (*result.attention, *refused)
    ]
    entries += [_entry(root, each.path, SETTLING, "queued") for each in queued]
    told = {entry.path for entry in entries}
    ready = (each for each in result.ready if str(each.relative) not in told)
    lying = tuple(str(each.relative) for each in ready if os.path.lexists(each.path))
    unseen = tuple(str(path.relative_to(root)) for path in result.unseen)
    return Overview(tuple(entries), lying, unseen)


class Bookkeeper:
    """Keeps the journal as the folder stands. A folder that did not change costs nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[str, tuple[str, str | None]] = {}  # what waits, by path
        self._stuck = set[str]()  # paths of those that could not be removed
        self._lying: dict[str, str] = {}  # the marks of files in the vault that lie there, by path
        self.reload()

    def reload(self) -> None:
        """Read the journal, which somebody else may have changed."""
        waiting = self._store.journal.waiting()
        self._noted = {entry.path: (entry.state, entry.reason) for entry in waiting}
        # An entry that ended because its path held a known file says nothing of which one that was.
        self._lying = {path: marked for path, marked in self._store.journal.lying() if marked}

    def is_taken(self, path: str, marked: str) -> bool:
        """Whether exactly this file was taken in from this path, and lies there still."""
        return self._lying.get(path) == marked

    def taken(self, path: str, marked: str) -> None:
        """A file's entry was settled when it was taken."""
        self._noted.pop(path, None)
        self._lying[path] = marked

    def keep(self, seen: Overview, besides: AbstractSet[str] = frozenset()) -> None:
        """Enter what changed. Entries of paths `besides` are somebody else's to close."""
        news = [entry for entry in seen.entries if self._is_news(entry)]
        present = seen.paths
        gone = {path for path in self._noted.keys() - present - besides if not seen.hides(path)}
        known = self._noted.keys() & self._lying.keys() & set(seen.lying)
        ended = dict.fromkeys(gone, GONE) | dict.fromkeys(known, DUPLICATE)
        if news or ended:
            whose = cache(partial(owner, self._store))
            self._store.journal.keep([_look(whose, entry) for entry in news], ended)
        removed = [each for each in self._lying.keys() - present if not seen.hides(each)]
        if removed:
            self._store.journal.removed(*removed)
        self._keep_stuck(seen)
        self._noted |= {entry.path: (entry.state, entry.reason) for entry in news}
        for path in ended:
            del self._noted[path]
        for path in removed:
            del self._lying[path]

    def _keep_stuck(self, seen: Overview) -> None:
        """What is in the vault and cannot be removed is told of beside its own entry."""
        stuck = {entry.path for entry in seen.entries if entry.reason == NOT_REMOVED}
        if new := (stuck & self._lying.keys()) - self._stuck:
            self._store.journal.stuck(*new)
        self._stuck = stuck

    def _is_news(self, entry: Entry) -> bool:
        if entry.reason == NOT_REMOVED:
            return False
        if self._noted.get(entry.path) == (entry.state, entry.reason):
            return False
        # A source that is kept settles anew whenever Recorder starts.
        marked = self._lying.get(entry.path)
        return entry.state == ATTENTION or marked is None or size_of(marked) != entry.size


def state_of(code: Code) -> str:
    """How the journal has what is left where it is."""
    return LEFT_OUT if code == "left_out" else ATTENTION


def _look(whose_is: Callable[[str | None, str | None], Owner | None], entry: Entry) -> Look:
    lies = place(PurePath(entry.path))
    whose = None  # nor is it known whose it is when their record does not open
    with suppress(TamperedError):
        whose = whose_is(lies.practitioner, lies.case_ref)
    return Look(
        path=entry.path,
        scope=TEAM if whose is None else whose.scope,
        practitioner_id=None if whose is None else whose.practitioner_id,
        state=entry.state,
        size=entry.size,
        reason=entry.reason,
        sentence=entry.sentence,
    )


def _state(waiting: Waiting) -> str:
    return SETTLING if waiting.reason == "settling" else ARRIVING


def _entry(root: Path, path: Path, state: str, reason: str, sentence: str = "") -> Entry:
    return Entry(str(path.relative_to(root)), state, reason, sentence, _size(path))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0  # it went away while we looked; the next pass closes its entry
