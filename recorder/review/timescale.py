"""When a note is due, by working day, and from whom: its kind's standard against where it stands.

A draft is due `draft_days` working days after the contact, from its practitioner. Once it was handed
in, approval is due from a supervisor `approve_days` after the contact, but never sooner than the
working days between the two after it came: who got it late is not late with it. What was sent back,
or was opened again after it had been handed in, is due `draft_days` after that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

from recorder import workdays
from recorder.clock import day_of
from recorder.review.states import Role, State
from store.notes import Note
from templates import note_type, note_type_keys


@dataclass(frozen=True, slots=True)
class Expected:
    """What is awaited for a note."""

    of: Role  # who it is awaited from
    state: State  # where the note stands
    day: Date  # the last day that is in time

    def is_late(self, today: Date) -> bool:
        """Whether that day has passed."""
        return today > self.day


def expected(note: Note, timezone: str) -> Expected | None:
    """What is awaited for `note`; None for one that nobody waits for, or without a standard."""
    if note.kind not in note_type_keys():
        return None
    standard, state = note_type(note.kind), State(note.state)
    contact, since = day_of(note.contact_at, timezone), day_of(note.since, timezone)
    if state is State.SUBMITTED:
        between = max(1, standard.approve_days - standard.draft_days)
        day = max(workdays.after(contact, standard.approve_days), workdays.after(since, between))
        return Expected(Role.SUPERVISOR, state, day)
    if state is State.RETURNED or (state is State.DRAFT and note.since > note.created_at):
        return Expected(Role.PRACTITIONER, state, workdays.after(since, standard.draft_days))
    if state is State.DRAFT:
        return Expected(Role.PRACTITIONER, state, workdays.after(contact, standard.draft_days))
    return None


def due_day(note: Note, timezone: str) -> Date:
    """The last day that is in time; the contact's own where nothing is awaited."""
    awaited = expected(note, timezone)
    return day_of(note.contact_at, timezone) if awaited is None else awaited.day
