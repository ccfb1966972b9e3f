"""Spoken dates and times."""

from datetime import date, time

import pytest

from transcribe.draft.dates import dates
from transcribe.draft.times import times

TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("on Wednesday the eighteenth of March", "2026-03-18"),
        ("by Friday the thirteenth", "2026-03-13"),
        ("by Friday", "2026-03-13"),
        ("until Friday", "2026-03-13"),
        ("by the end of this week", "2026-03-13"),
        ("this week", "2026-03-13"),
        ("on Tuesday", "2026-03-17"),
        ("tomorrow morning", "2026-03-11"),
        ("first thing tomorrow", "2026-03-11"),
        ("this afternoon", "2026-03-10"),
        ("tonight", "2026-03-10"),
        ("by the end of today", "2026-03-10"),
        ("by close of play Friday", "2026-03-13"),
        ("by close of play", "2026-03-10"),
        ("next Tuesday", "2026-03-17"),
        ("next Friday", "2026-03-20"),
        ("a week on Thursday", "2026-03-19"),
        ("Monday week", "2026-03-23"),
        ("in a fortnight", "2026-03-24"),
        ("the end of next week", "2026-03-20"),
        ("the end of the month", "2026-03-31"),
        ("on the 2nd of April", "2026-04-02"),
        ("April 2nd", "2026-04-02"),
        ("10 April 2027", "2027-04-10"),
        ("on the twenty third", "2026-03-23"),
        ("the day after tomorrow", "2026-03-12"),
        ("in the morning", "2026-03-11"),
        ("now", "2026-03-10"),
        ("two weeks on Friday", "2026-03-27"),
        ("a week from Friday", "2026-03-20"),
        ("four weeks today", "2026-04-07"),
        ("a fortnight tomorrow", "2026-03-25"),
        ("Tuesday fortnight", "2026-03-31"),
        ("on Wednesday of next week", "2026-03-18"),
        ("Wednesday morning next week", "2026-03-18"),
        ("next week, probably Wednesday", "2026-03-18"),
        ("on Wednesday the week after next", "2026-03-25"),
        ("the Monday after next", "2026-03-23"),
        ("on the twentieth of next month", "2026-04-20"),
        ("on the 31st of next month", "2026-04-30"),
        ("by the end of March", "2026-03-31"),
        ("within 48 hours", "2026-03-12"),
        ("in five working days", "2026-03-17"),
        ("in the next two weeks", "2026-03-24"),
        ("within the next week", "2026-03-17"),
    ],
)
def test_a_date_ahead_is_resolved(said: str, on: str) -> None:
    assert [one.on.isoformat() for one in dates(f"I'll do it {said}.", TUESDAY, "future")] == [on]


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("yesterday", "2026-03-09"),
        ("on Friday", "2026-03-06"),
        ("last Tuesday", "2026-03-03"),
        ("last night", "2026-03-09"),
        ("the twenty eighth of December", "2025-12-28"),
        ("on the fourth", "2026-03-04"),
    ],
)
def test_a_date_behind_is_resolved(said: str, on: str) -> None:
    assert [one.on.isoformat() for one in dates(f"I saw him {said}.", TUESDAY, "past")] == [on]


@pytest.mark.parametrize(
    "said",
    [
        "the first bit",
        "on the second floor",
        "half term",
        "he may well",
        "sat with us",
        "a second phone",
    ],
)
def test_what_is_no_date_is_left_alone(said: str) -> None:
    assert dates(f"I'll do {said} there.", TUESDAY, "future") == ()


def test_a_weekday_that_does_not_fit_its_date_is_marked() -> None:
    (found,) = dates("on Monday the tenth of March", TUESDAY, "past")
    assert found.on == TUESDAY
    assert not found.agrees


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("about quarter to four till half four", ["15:45", "16:30"]),
        ("from 3.45 to 4.30", ["15:45", "16:30"]),
        ("4 to 6 at the club", ["16:00", "18:00"]),
        ("ten past eleven", ["11:10"]),
        ("half eight, before college", ["08:30"]),
        ("at three in the afternoon", ["15:00"]),
        ("ten at night", ["22:00"]),
        ("at 5pm", ["17:00"]),
        ("16:05", ["16:05"]),
        ("at one o'clock", ["13:00"]),
        ("two hundred pounds", []),
        ("the two one nine bus", []),
        ("I went to six lessons", []),
        ("about six people", []),
    ],
)
def test_a_clock_time_is_read(said: str, clock: list[str]) -> None:
    assert [one.on_clock() for one in times(said)] == clock


def test_a_time_lies_before_the_recording_on_the_same_day() -> None:
    (nine,) = times("at nine o'clock")
    assert nine.on_clock(time(21, 30)) == "21:00"
    assert nine.on_clock(time(17, 0)) == "09:00"


@pytest.mark.parametrize(
    "said",
    [
        "He has been missing two weeks today.",
        "It was done within 48 hours.",
        "It took five working days.",
        "I saw her at the weekend.",
        "within 72 hours of his return",
        "in ten working days of the referral",
    ],
)
def test_a_stretch_that_has_ended_is_no_day(said: str) -> None:
    assert dates(said, TUESDAY, "past") == ()
