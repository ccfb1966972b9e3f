"""Working days: weekends, Easter, Christmas and what was proclaimed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder import workdays

days = st.dates(date(1990, 1, 1), date(2095, 12, 31))
counts = st.integers(1, 30)
YEARS = st.integers(1990, 2095)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 21), 2, date(2026, 11, 24)),  # from a Saturday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day fell on a Saturday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # both days of Christmas on a weekend
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2020, 5, 7), 1, date(2020, 5, 11)),  # the bank holiday that was moved to VE Day
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # proclaimed for a funeral
    ],
)
def test_days_off_do_not_count(day: date, count: int, expected: date) -> None:
    assert workdays.after(day, count) == expected


@given(days, counts)
def test_a_day_so_many_working_days_on_is_one_and_is_that_far(day: date, count: int) -> None:
    found = workdays.after(day, count)
    assert workdays.is_working(found)
    assert workdays.between(day, found) == count
    assert workdays.between(found, day) == -count
    if count > 1:
        assert workdays.after(workdays.after(day, 1), count - 1) == found


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_stretches_add_up(first: date, one: int, two: int) -> None:
    middle, last = first + timedelta(one), first + timedelta(one + two)
    whole = workdays.between(first, middle) + workdays.between(middle, last)
    assert workdays.between(first, last) == whole


@given(YEARS)
def test_nobody_works_at_easter_or_christmas(year: int) -> None:
    easter = _easter(year)
    assert not workdays.is_working(easter - timedelta(2))
    assert not workdays.is_working(easter + timedelta(1))
    assert workdays.is_working(easter + timedelta(2))
    off = [date(year, 12, 25) + timedelta(each) for each in range(4)]
    assert not any(map(workdays.is_working, off[:2]))
    # Both are given back where they fall on a weekend.
    assert sum(each.weekday() < 5 and not workdays.is_working(each) for each in off) == 2


@given(st.dates(date(2101, 1, 1), date(2300, 1, 1)))
def test_of_a_year_that_nobody_knows_only_weekends_are_off(day: date) -> None:
    assert workdays.is_working(day) is (day.weekday() < 5)


def _easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741 - as the rule has it
    m = (a + 11 * h + 19 * l) // 433
    month = (h + l - 7 * m + 90) // 25
    return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32)
