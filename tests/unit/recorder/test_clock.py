from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.clock import day_of, local

_2000, _2040 = 946_684_800_000, 2_208_988_800_000  # ms


@pytest.mark.parametrize(
    "timezone", ["Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]
)
@given(at=st.integers(_2000, _2040))
def test_the_day_of_a_moment_is_that_of_its_local_time(timezone: str, at: int) -> None:
    assert day_of(at, timezone) == local(at, timezone).date()


def test_a_day_begins_at_midnight_of_summer_time() -> None:
    midnight = 1_750_201_200_000  # 18 June 2025, 00:00 in London
    days = [day_of(midnight + ms, "Europe/London").day for ms in (-1, 0, 1)]
    assert days == [17, 18, 18]
