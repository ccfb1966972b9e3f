"""What is on its way, what waits, and what needs a person, for a terminal or a machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from recorder.errors import sentence_for
from recorder.home import Home
from store.journal import ARRIVING
from store.records import QUARANTINED


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a person must see to."""

    what: str  # a path in the intake folder, or a recording's id
    reason: str  # a code
    sentence: str  # why, and what to do


@dataclass(frozen=True, slots=True)
class Status:
    """A home at a glance."""

    recordings: dict[str, int]  # by state
    notes: dict[str, int]  # by state
    unassigned: int  # notes that belong to no case yet
    arriving: tuple[str, ...]  # paths in the intake folder
    attention: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "recordings": self.recordings,
            "notes": self.notes,
            "unassigned": self.unassigned,
            "arriving": list(self.arriving),
            "attention": [
                {"what": i.what, "reason": i.reason, "sentence": i.sentence} for i in self.attention
            ],
        }


def status_of(home: Home) -> Status:
    """The status now."""
    recordings, notes = home.store.recordings.all(), home.store.notes.all()
    waiting = home.store.journal.waiting()
    attention = [
        Item(entry.path, entry.reason or "", entry.sentence or sentence_for(entry.reason or ""))
        for entry in waiting
        if entry.state != ARRIVING
    ]
    attention += [
        Item(f"recording {each.id[:8]}", each.reason or "", sentence_for(each.reason or ""))
        for each in recordings
        if each.state == QUARANTINED
    ]
    return Status(
        recordings=dict(Counter(each.state for each in recordings)),
        notes=dict(Counter(each.state for each in notes)),
        unassigned=sum(1 for each in notes if each.case_id is None),
        arriving=tuple(entry.path for entry in waiting if entry.state == ARRIVING),
        attention=tuple(attention),
    )
