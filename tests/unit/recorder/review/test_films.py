from __future__ import annotations

import pytest

from recorder.review.films import Film, Stretch

FILM = Film((("one", 0), ("two", 10_000), ("three", 25_000)))


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (2000, 3000, [Stretch("one", 2000, 3000, 2000)]),
        (10_000, 11_000, [Stretch("two", 0, 1000, 10_000)]),
        (9000, 10_000, [Stretch("one", 9000, 10_000, 9000)]),
        (30_000, 90_000, [Stretch("three", 5000, 65_000, 30_000)]),
        (9500, 10_500, [Stretch("one", 9500, 10_000, 9500), Stretch("two", 0, 500, 10_000)]),
        (None, 5, []),
        (5, None, []),
    ],
)
def test_a_stretch_is_played_from_the_file_that_it_lies_in(
    start: int | None, end: int | None, found: list[Stretch]
) -> None:
    assert list(FILM.stretches(start, end)) == found


def test_a_recording_in_one_file_is_played_as_it_is() -> None:
    assert Film((("one", 0),)).stretches(5, 9) == (Stretch("one", 5, 9, 5),)
