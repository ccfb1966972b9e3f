from __future__ import annotations

import math

import pytest

from benchmarks.der import Errors, Turn, errors

TRUE: list[Turn] = [(0, 1000, "A"), (1000, 3000, "B")]


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ([(0, 1000, "x"), (1000, 3000, "y")], Errors(3000, 0, 0, 0)),
        ([(0, 1000, "y"), (1000, 3000, "x")], Errors(3000, 0, 0, 0)),
        ([], Errors(3000, 3000, 0, 0)),
        ([(0, 3000, "x")], Errors(3000, 0, 0, 1000)),
        ([(0, 1000, "x"), (1000, 4000, "y")], Errors(3000, 0, 1000, 0)),
        ([(0, 1000, "x"), (0, 1000, "y"), (1000, 3000, "y")], Errors(3000, 0, 1000, 0)),
        ([(0, 1000, "x"), (1000, 2000, "y"), (2000, 3000, "z")], Errors(3000, 0, 0, 1000)),
    ],
)
def test_what_is_wrong_is_counted_as_what_it_is(found: list[Turn], wrong: Errors) -> None:
    assert errors(TRUE, found, 5000) == wrong


def test_speech_of_two_at_once_counts_twice() -> None:
    found = errors([(0, 1000, "A"), (500, 1500, "B")], [(0, 1500, "x")], 2000)
    assert (found.total, found.missed, found.confused) == (2000, 500, 500)
    assert found.rate == 0.5


def test_a_collar_forgives_what_is_near_the_edges() -> None:
    late: list[Turn] = [(200, 1200, "x"), (1200, 3200, "y")]
    assert errors(TRUE, late, 5000).rate > 0
    assert errors(TRUE, late, 5000, 250) == Errors(2000, 0, 0, 0)


def test_errors_add_up_and_no_speech_has_no_rate() -> None:
    assert Errors(1, 2, 3, 4) + Errors(10, 20, 30, 40) == Errors(11, 22, 33, 44)
    assert math.isnan(Errors(0, 0, 5, 0).rate)
