"""By when a contact must have taken place: the 72 hours of a return home interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from recorder.clock import milliseconds
from templates import NoteType
from transcribe.model import Contact

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Due:
    """How a contact stands to its clock."""

    hours: int  # that the clock gives
    by: int | None  # ms since 1970, UTC: when it runs out; None while nobody said when it began
    held: int | None  # ms: when the contact took place; None while it did not, or is not known

    def left_ms(self, now: int) -> int | None:
        """How much time was left when it took place, or is now; below 0 when it was too late."""
        at = now if self.held is None else self.held
        return None if self.by is None else self.by - at


def due(kind: NoteType, contact: Contact, timezone: str) -> Due | None:
    """How `contact` stands to the clock of its kind; None for a kind without one.

    An interview was held when the young person was seen, at the day and time that are written down.
    """
    if kind.clock is None:
        return None
    by = None
    if contact.returned is not None:
        by = milliseconds(contact.returned, timezone) + kind.clock.hours * HOUR_MS
    held = None
    if contact.seen and contact.date is not None and contact.start_time is not None:
        began = datetime.combine(contact.date, time.fromisoformat(contact.start_time))
        held = milliseconds(began, timezone)
    return Due(kind.clock.hours, by, held)
