"""How far a note is on its way into Mosaic: what left, what somebody is pasting, what its receipt says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recorder.review.theirs import Theirs
from store.outward import APPENDED, BEGUN, LEFT, LET_BE, RECEIVED, Passage
from store.store import Store

NOTE_THERE = re.compile(r"[0-9]{1,12}")
"""An id of a note in Mosaic."""


@dataclass(frozen=True, slots=True)
class Way:
    """One note's."""

    entries: int = 0
    version: int = 0  # the newest that left; 0 while none did
    left_at: int = 0  # ms: when that, or what was added to it, left last
    first_at: int = 0  # ms: when the note itself left
    said: frozenset[str] = frozenset()  # marks of what went along, as `marks_of` makes them
    counted: bool = True  # whether each thing that went along is in `said`; else time tells
    begun: Passage | None = None  # somebody pastes it just now
    there: str = ""  # its id in Mosaic; empty while nobody has entered it
    receipt: Passage | None = None  # the newest
    appended: int = 0  # how many appendments left
    owes: bool = False  # something left, and its receipt is not there

    @property
    def heard_at(self) -> int:
        """When (ms) the newest was said, or answered, of what went along."""
        earliest = 0 if self.counted else self.first_at
        return max(map(_moment, self.said), default=earliest)

    def has(self, mark: str) -> bool:
        """Whether what has this mark left already."""
        return mark in self.said or (not self.counted and _moment(mark) <= self.first_at)


def of(departures: Sequence[tuple[int, int]], passages: Sequence[Passage]) -> Way:
    """How far it is, by the versions that left and when (ms), and what was kept of its way."""
    left = [each for each in passages if each.kind in {LEFT, APPENDED}]
    receipts = [each for each in passages if each.kind == RECEIVED]
    newest = max((each.number for each in left), default=0)
    received = max((each.number for each in receipts), default=0)
    first = min((at for _, at in departures), default=0)
    return Way(
        entries=len(passages),
        version=max((number for number, _ in departures), default=0),
        left_at=max([at for _, at in departures] + [each.at for each in left], default=0),
        first_at=first,
        said=frozenset(mark for each in left for mark in each.passing.said),
        counted=any(each.kind == LEFT for each in left) or not departures,
        begun=_begun(passages),
        there=receipts[-1].passing.note_there if receipts else "",
        receipt=receipts[-1] if receipts else None,
        appended=sum(each.kind == APPENDED for each in left),
        owes=bool(departures) and received <= newest and (newest > 0 or not receipts),
    )


def way(store: Store, note_id: str) -> Way:
    """One note's; TamperedError, ErasedError."""
    return of(store.notes.departures(note_id).get(note_id, ()), store.passages.of(note_id))


def ways(store: Store) -> dict[str, Way]:
    """Those of all notes that began on it."""
    passages: dict[str, list[Passage]] = {}
    for each in store.passages.all(BEGUN, LET_BE, LEFT, APPENDED, RECEIVED):
        passages.setdefault(each.note_id, []).append(each)
    left = store.notes.departures()
    return {key: of(left.get(key, ()), passages.get(key, ())) for key in left.keys() | passages}


def marks_of(theirs: Theirs) -> list[str]:
    """One for what they say as it stands now, and one for each answer to it."""
    said = theirs.said
    return [f"{said.id}@{said.at}", *(f"{said.id}:{each.at}" for each in said.answers)]


def _begun(passages: Iterable[Passage]) -> Passage | None:
    """The last that somebody began and that came to no end yet."""
    found = None
    for each in passages:
        found = each if each.kind == BEGUN else None
    return found


def _moment(mark: str) -> int:
    return int(re.split("[@:]", mark)[-1])
