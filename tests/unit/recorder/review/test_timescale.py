"""From whom a note is due, and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder import workdays
from recorder.clock import local, milliseconds
from recorder.review.states import Role, State
from recorder.review.timescale import Expected, expected
from recorder.review.web import words
from store.notes import Note
from templates import note_type, note_type_keys

ZONE = "Europe/London"
MINUTE = 60_000
moments = st.integers(
    milliseconds(datetime(2000, 1, 1), ZONE),  # noqa: DTZ001 - local
    milliseconds(datetime(2090, 1, 1), ZONE),  # noqa: DTZ001 - local
)
kinds = st.sampled_from(note_type_keys())
waits = st.integers(1, 90 * 24 * 60).map(lambda minutes: minutes * MINUTE)


def at(*moment: int) -> int:
    return milliseconds(datetime(*moment), ZONE)  # type: ignore[arg-type]  # noqa: DTZ001 - local


def note(state: str, contact_at: int, since: int | None = None, kind: str = "case_note") -> Note:
    made = contact_at + MINUTE
    stands = made if since is None else since
    return Note("n", "c", "c", "p", kind, state, 1, contact_at, made, stands)


def due(one: Note) -> Expected:
    found = expected(one, ZONE)
    assert found is not None
    return found


def test_a_draft_is_due_from_its_practitioner_after_the_contact() -> None:
    found = due(note("draft", at(2026, 11, 20, 16, 0)))  # a Friday; two working days
    assert (found.of, found.day) == (Role.PRACTITIONER, date(2026, 11, 24))


def test_approval_is_due_from_a_supervisor_after_the_contact() -> None:
    found = due(note("submitted", at(2026, 11, 20, 16, 0), at(2026, 11, 23, 9, 0)))
    assert (found.of, found.day) == (Role.SUPERVISOR, date(2026, 11, 27))


def test_a_supervisor_who_got_it_late_is_not_late_with_it() -> None:
    found = due(note("submitted", at(2026, 11, 2, 16, 0), at(2026, 11, 20, 9, 0)))
    assert found.day == date(2026, 11, 25)  # three working days from a Friday


@pytest.mark.parametrize("state", ["returned", "draft"])
def test_what_comes_back_is_due_anew_from_that_day(state: str) -> None:
    found = due(note(state, at(2026, 11, 2, 16, 0), at(2026, 11, 20, 9, 0)))
    assert (found.of, found.day) == (Role.PRACTITIONER, date(2026, 11, 24))


@pytest.mark.parametrize("state", ["approved", "merged"])
def test_nobody_waits_for_what_is_done(state: str) -> None:
    assert expected(note(state, at(2026, 11, 2)), ZONE) is None


def test_a_kind_whose_file_is_gone_has_no_standard() -> None:
    assert expected(note("draft", at(2026, 11, 2), kind="gone"), ZONE) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(2026, 7, 1, 0, 30), date(2026, 7, 3)),  # 30 June in Greenwich
        (at(2026, 3, 29, 23, 30), date(2026, 3, 31)),  # the clocks went forward that night
        (at(2026, 10, 24, 23, 59), date(2026, 10, 27)),  # and back in the next
        (at(2026, 12, 23, 23, 59), date(2026, 12, 29)),
        (at(2026, 4, 1, 12, 0), date(2026, 4, 7)),
    ],
)
def test_days_are_those_of_the_team(moment: int, day: date) -> None:
    assert due(note("draft", moment)).day == day


@given(kinds, moments, waits)
def test_nobody_is_ever_late_on_the_day_that_it_came_to_them(
    kind: str, contact_at: int, wait: int
) -> None:
    since = contact_at + wait
    came = local(since, ZONE).date()
    for state in (State.SUBMITTED, State.RETURNED):
        found = due(note(state.value, contact_at, since, kind))
        assert found.day > came
        assert not found.is_late(came)
        assert workdays.is_working(found.day)


@given(kinds, moments, waits)
def test_approval_is_never_due_before_its_standard_says(
    kind: str, contact_at: int, wait: int
) -> None:
    found = due(note("submitted", contact_at, contact_at + wait, kind))
    contact = local(contact_at, ZONE).date()
    assert workdays.between(contact, found.day) >= note_type(kind).approve_days


@given(kinds, moments, st.integers(0, 400))
def test_it_is_late_once_its_day_has_passed_and_says_by_how_much(
    kind: str, contact_at: int, days: int
) -> None:
    found = due(note("draft", contact_at, None, kind))
    today = found.day + timedelta(days)
    assert found.is_late(today) is (days > 0)
    late = workdays.between(found.day, today)
    assert ("late" in words.expected(found, today)) is (late > 0)


FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("state", "today", "said"),
    [
        (State.DRAFT, date(2026, 11, 27), "Draft due today"),
        (State.DRAFT, date(2026, 11, 26), "Draft due tomorrow"),
        (State.RETURNED, date(2026, 11, 23), "Changes due on Friday"),
        (State.SUBMITTED, date(2026, 11, 20), "Approval due on 27 November 2026"),
        (State.SUBMITTED, date(2026, 11, 28), "Approval was due on Friday"),
        (State.DRAFT, date(2026, 11, 30), "Draft 1 working day late"),
        (State.DRAFT, date(2026, 12, 2), "Draft 3 working days late"),
    ],
)
def test_it_is_said_in_words(state: State, today: date, said: str) -> None:
    assert words.expected(Expected(Role.PRACTITIONER, state, FRIDAY), today) == said
