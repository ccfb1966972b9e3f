"""The 72 hours of a return home interview."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from recorder.clock import milliseconds
from recorder.review.due import HOUR_MS, due
from recorder.review.web import words
from templates import note_type
from transcribe.model import Contact

ZONE = "Europe/London"
BACK = datetime(2026, 10, 23, 18, 30)  # noqa: DTZ001 - local, as people write it
KIND = note_type("return_home_interview")


def at(*moment: int) -> int:
    return milliseconds(datetime(*moment), ZONE)  # type: ignore[arg-type]  # noqa: DTZ001 - local


@pytest.mark.parametrize(
    ("contact", "now", "said"),
    [
        (Contact(returned=BACK), at(2026, 10, 24, 18, 30), "Due in 48 hours"),
        # The clocks went back in between: 72 hours are 72 hours.
        (Contact(returned=BACK), at(2026, 10, 26, 17, 30), "Due in less than an hour"),
        (Contact(returned=BACK), at(2026, 10, 26, 19, 0), "Overdue by 1 hour"),
        (
            Contact(returned=BACK, seen=True, date=date(2026, 10, 24), start_time="10:00"),
            at(2027, 1, 1),
            "Held within the 72 hours",
        ),
        (
            Contact(returned=BACK, seen=True, date=date(2026, 10, 28), start_time="17:30"),
            at(2027, 1, 1),
            "Held 48 hours after the 72 hours had passed",
        ),
        (
            Contact(returned=BACK, seen=False, date=date(2026, 10, 24), start_time="10:00"),
            at(2026, 10, 24, 18, 30),
            "Due in 48 hours",
        ),
        (
            Contact(),
            at(2026, 10, 24),
            "Write down when they came back: the 72 hours count from then",
        ),
    ],
)
def test_the_clock_is_said_in_words(contact: Contact, now: int, said: str) -> None:
    found = due(KIND, contact, ZONE)
    assert found is not None
    assert words.due(found, now) == said


def test_it_counts_whole_hours_from_the_return() -> None:
    found = due(KIND, Contact(returned=BACK), ZONE)
    assert found is not None
    assert found.by == at(2026, 10, 23, 18, 30) + 72 * HOUR_MS


def test_other_notes_have_no_clock() -> None:
    assert due(note_type("case_note"), Contact(returned=BACK), ZONE) is None
