"""What needs somebody, in groups, a page at a time: a practitioner's work, or all of it.

What is read is what is open, by its clear rows, and the page that is looked at, which alone is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

from recorder.review.model import NoteRow
from recorder.review.prepared import HELD, PREPARED, TURNS
from recorder.review.rows import Rows
from recorder.review.sight import Sight
from recorder.review.states import State
from recorder.review.timescale import due_day
from store.notes import Note, is_own
from store.paging import Mark
from store.people import Member
from store.store import Store

REPLIES, TO_READ, SENT_BACK, RETURNED, UNASSIGNED, DRAFT, OWN, SUBMITTED = (
    "replies",
    "to_read",
    "sent_back",
    "returned",
    "unassigned",
    "draft",
    "own",
    "submitted",
)
_OPEN = (State.DRAFT.value, State.RETURNED.value, State.SUBMITTED.value, State.SIGNED.value)


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that need the same of somebody, as far as they are shown."""

    rows: Sequence[NoteRow]
    count: int  # of all in it


@dataclass(frozen=True, slots=True)
class Approved:
    """Some of the approved notes, the last that was approved first."""

    rows: Sequence[NoteRow]
    further: Mark | None  # from where it goes on, if it does


class Lists:
    """Opened for one person on the staff."""

    def __init__(
        self, store: Store, person: Member, sight: Sight, rows: Rows, timezone: str
    ) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._rows = rows
        self._timezone = timezone

    def groups(self, most: int) -> Mapping[str, Group]:
        """Every group there is, with its first `most` rows."""
        groups = self._all()
        self._rows.know(note for found in groups.values() for note in found[:most])
        return {name: self._group(name, found[:most], len(found)) for name, found in groups.items()}

    def group(self, name: str, limit: int, skip: int) -> Group:
        """A part of one group; an empty one is a group, too."""
        unread = name == REPLIES
        found = (
            self._store.listing.unread(self._sight.reach) if unread else self._all().get(name, [])
        )
        return self._group(name, found[skip : skip + limit], len(found))

    def approved(self, limit: int, before: Mark | None = None) -> Approved:
        """Approved notes from behind a mark."""
        reach, state = self._sight.reach, State.APPROVED.value
        found = self._store.listing.latest(reach, state, limit + 1, before)
        shown = found[:limit]
        further = Mark(shown[-1].since, shown[-1].id) if len(found) > limit else None
        return Approved(self._rows.of(shown), further)

    def _group(self, name: str, shown: Sequence[Note], count: int) -> Group:
        rows = self._rows.of(shown)
        return Group([*map(self._rows.asked, rows)] if name == REPLIES else rows, count)

    def _all(self) -> dict[str, list[Note]]:
        """Every note that is open, by what it needs, the first due first."""
        listing, reach = self._store.listing, self._sight.reach
        found = sorted(listing.standing(reach, *_OPEN), key=self._when_due)
        groups: dict[str, list[Note]] = {
            name: []
            for name in (REPLIES, TO_READ, SENT_BACK, RETURNED, UNASSIGNED, DRAFT, OWN, SUBMITTED)
        }
        for note in found:
            groups[_needs(note)].append(note)
        groups[REPLIES] = listing.unread(reach)
        groups[TO_READ], groups[SENT_BACK] = self._summaries(PREPARED), self._summaries(HELD)
        return groups

    def to_read(self, most: int) -> Group:
        """Summaries for young people that this person may let go."""
        found = self._summaries(PREPARED)
        return self._group(TO_READ, found[:most], len(found))

    def _summaries(self, stands: str) -> list[Note]:
        """Notes whose summary for the young person stands like that by somebody else's doing."""
        found = self._store.listing.last_was(
            self._sight.reach, State.APPROVED.value, stands, TURNS, self._person.id
        )
        return [note for note in found if note.case_id not in self._sight.only_reads]

    def _when_due(self, note: Note) -> tuple[Date, int]:
        return due_day(note, self._timezone), note.contact_at


def _needs(note: Note) -> str:
    if is_own(note):
        return OWN
    return UNASSIGNED if note.case_id is None else note.state
