"""What making the version of a film to be looked at may cost."""

from __future__ import annotations

from recorder.media.film import limits
from recorder.media.sound import MAX_SECONDS

HOUR = 3_600_000  # ms
MB = 1_000_000


def test_a_film_may_cost_what_its_own_length_takes() -> None:
    assert limits(10 * MB, 2 * HOUR).cpu_seconds > 2 * limits(10 * MB, HOUR // 2).cpu_seconds
    assert limits(10 * MB, HOUR).wall_seconds > limits(10 * MB, HOUR).cpu_seconds


def test_a_film_that_does_not_say_how_long_it_is_is_gone_by_its_size() -> None:
    assert limits(80 * MB, None) == limits(80 * MB, 1000) == limits(80 * MB, 10_000_000)


def test_a_small_film_that_says_it_is_endless_may_cost_little() -> None:
    assert limits(15_000, 12 * HOUR) == limits(15_000, 30_000)
    assert limits(0, 12 * HOUR) == limits(0, None)


def test_no_film_may_cost_more_than_the_longest_that_is_taken() -> None:
    longest = limits(10**12, 100 * HOUR)
    assert longest == limits(10**11, MAX_SECONDS * 1000)
