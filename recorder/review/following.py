"""From one supervision to the next: what became of its actions, and when the next one is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from datetime import timedelta

from recorder.codec import next_on
from recorder.errors import StateError
from recorder.review.sight import Sight
from store.errors import TamperedError
from store.notes import Note, is_own
from store.people import Member
from store.store import Store
from transcribe.model import Action, Draft, Followed, Outcome, Source

NEAR_DAYS = 7
OUTCOMES: Mapping[str, Outcome] = {"done": "done", "not_done": "not_done", "carried": "carried"}
"""What can become of an action, as a form names it."""


@dataclass(frozen=True, slots=True)
class Open:
    """An action of the supervision before of which nobody has said what became."""

    mark: str  # by which it is named
    action: Action


@dataclass(frozen=True, slots=True)
class Before:
    """The supervision before."""

    note: Note
    open: Sequence[Open]
    damaged: bool = False  # it does not open as it was written: nobody knows what of it is open


@dataclass(frozen=True, slots=True)
class Coming:
    """A worker's next supervision."""

    worker: Member
    day: Date
    late: bool  # the day is past


class Following:
    """For one person's desk."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def before(self, note: Note, draft: Draft) -> Before | None:
        """The supervision before a note's, and what of it is open; None for a worker's first."""
        if not is_own(note):
            return None
        when = (note.contact_at, note.created_at)
        own = self._store.own_records.notes(note.practitioner_id)
        earlier = (each for each in own if (each.contact_at, each.created_at) < when)
        last = next(earlier, None)
        if last is None:
            return None
        told = {each.what for each in draft.followed if each.note == last.id}
        try:
            actions = self._sight.draft(last, last.number).actions
        except TamperedError:  # the alarm tells of it; it keeps nobody from this one
            return Before(last, [], damaged=True)
        return Before(last, [Open(_mark(each), each) for each in actions if each.what not in told])

    def told(self, note: Note, draft: Draft, mark: str, outcome: str) -> Draft:
        """The draft with what became of one action; what is carried over is its own from then on."""
        before = self.before(note, draft)
        open_ = {} if before is None else {each.mark: each.action for each in before.open}
        if before is None or mark not in open_:
            raise StateError("somebody has said already what became of this")
        if outcome not in OUTCOMES:
            raise StateError("choose what became of it")
        me, action = self._person.id, open_[mark]
        said = Followed(before.note.id, action.what, OUTCOMES[outcome], me)
        if said.outcome == "carried":
            again = replace(action, sources=(Source(typed_by=me),), private=True)
            draft = replace(draft, actions=(*draft.actions, again))
        return replace(draft, followed=(*draft.followed, said))

    def coming(self, today: Date) -> list[Coming]:
        """The next supervisions that are near or late, the first at the top.

        This person's own, and those of whoever they supervise. One that does not open hides no other.
        """
        reach, me = self._sight.reach, self._person.id
        near, days = today + timedelta(NEAR_DAYS), dict[str, Date]()
        newest = self._store.own_records.newest(None if reach.supervises else [me])
        mine = {note.id: note for note in newest if reach.holds(note.practitioner_id, None)}
        for note_id, payload in self._store.listing.current(mine.values()).items():
            day = self._next(note_id, payload)
            if day is not None and day <= near:
                days[mine[note_id].practitioner_id] = day
        workers = self._store.people.some(days.keys())
        found = [
            Coming(worker, days[worker.id], late=days[worker.id] < today)
            for worker in workers.values()
            if worker.left_at is None
        ]
        return sorted(found, key=lambda each: (each.day, each.worker.name, each.worker.id))

    def _next(self, note_id: str, payload: bytes) -> Date | None:
        try:
            return next_on(payload)
        except TamperedError as error:
            error.object_id = error.object_id or note_id
            self._store.database.alarm.tell(error)
            return None


def _mark(action: Action) -> str:
    """What an action is named by, without its words."""
    return hashlib.sha256(action.what.encode()).hexdigest()[:16]
