from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from recorder.media.captured import Captured, Clues, captured
from recorder.media.named import Named

LONDON = "Europe/London"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
COPIED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TRUE = datetime(2026, 7, 3, 14, 5, tzinfo=UTC)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def wall(said: str) -> datetime:
    """By the clock on the wall, wherever that hangs."""
    return datetime.fromisoformat(said)


WALL = wall("2026-07-03 15:05")  # in summer
CLUES = Clues(file=_ms(COPIED), received=_ms(NOW))


def test_the_best_witness_is_believed() -> None:
    every = replace(
        CLUES,
        telemetry=TRUE,
        container=TRUE + timedelta(hours=1),
        exif=TRUE + timedelta(hours=2),
        name=Named(WALL),
    )
    assert captured(every, LONDON) == Captured(_ms(TRUE), "telemetry")
    less = replace(every, telemetry=None)
    assert captured(less, LONDON) == Captured(_ms(TRUE + timedelta(hours=1)), "container")
    less = replace(less, container=None)
    assert captured(less, LONDON) == Captured(_ms(TRUE + timedelta(hours=2)), "exif")
    assert captured(replace(less, exif=None), LONDON) == Captured(_ms(TRUE), "name")
    assert captured(CLUES, LONDON) == Captured(_ms(COPIED), "file")


@pytest.mark.parametrize(
    ("said", "true"),
    [
        (wall("2026-07-03 15:05"), datetime(2026, 7, 3, 14, 5, tzinfo=UTC)),
        (wall("2026-01-03 15:05"), datetime(2026, 1, 3, 15, 5, tzinfo=UTC)),
        # Clocks went back at 1:00 UTC: of the two half past one, the first.
        (wall("2026-10-25 01:30"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (wall("2026-10-25 02:30"), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        # Clocks went forward at 1:00 UTC: there was no half past one.
        (wall("2026-03-29 01:30"), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
    ids=["summer", "winter", "twice", "after", "never"],
)
def test_a_clock_on_the_wall_is_londons(said: datetime, true: datetime) -> None:
    for clues in (replace(CLUES, container=said), replace(CLUES, name=Named(said))):
        assert captured(clues, LONDON).at == _ms(true)


def test_a_zone_that_was_written_down_counts() -> None:
    abroad = datetime(2026, 7, 3, 16, 5, tzinfo=timezone(timedelta(hours=2)))
    assert captured(replace(CLUES, exif=abroad), LONDON) == Captured(_ms(TRUE), "exif")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1904, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2000, 1, 1, 0, 3, tzinfo=UTC),
        NOW + timedelta(days=2),
        datetime(2040, 2, 6, tzinfo=UTC),
    ],
)
def test_a_clock_that_was_never_set_is_not_believed(moment: datetime) -> None:
    wrong = replace(CLUES, container=moment, exif=moment, name=Named(WALL))
    assert captured(wrong, LONDON) == Captured(_ms(TRUE), "name")


@pytest.mark.parametrize("begun", ["2014-01-01", "2015-01-01", "2016-01-20"])
def test_where_an_action_cameras_clock_begins_is_not_believed(begun: str) -> None:
    reset = replace(CLUES, container=wall(f"{begun} 00:04"), action_camera=True)
    assert captured(reset, LONDON).origin == "file"
    assert captured(replace(reset, action_camera=False), LONDON).origin == "container"
    # By satellite it may be any day.
    assert captured(replace(reset, telemetry=TRUE), LONDON).origin == "telemetry"


def test_a_day_alone_takes_the_files_own_hour_where_that_is_of_the_day() -> None:
    noon = Named(wall("2026-11-21 12:00"), day_only=True)
    assert captured(replace(CLUES, name=noon), LONDON) == Captured(_ms(COPIED), "name")
    other = Named(wall("2026-11-20 12:00"), day_only=True)
    day = Captured(_ms(datetime(2026, 11, 20, 12, tzinfo=UTC)), "day")
    assert captured(replace(CLUES, name=other), LONDON) == day


def test_nobody_knows() -> None:
    lost = replace(CLUES, file=0)
    assert captured(lost, LONDON) == Captured(_ms(NOW), "arrival")
