"""When a recording was made, by the best witness that can be believed, and who that was.

Satellites know the time. A device knows what its clock was set to, or counts from where its maker
left it. A name is only as good as whoever gave it, and a file's own time is often that of a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recorder.clock import local, milliseconds
from recorder.media.named import Named

Origin = Literal["said", "telemetry", "container", "exif", "name", "day", "file", "arrival"]
"""Who says when: a person, satellites, the device, the name, the name (the day alone), the file's
own time, or nobody: then it is when the file came in."""

_DAY_MS = 86_400_000
_FIRST_YEAR = 1995
# Where makers let clocks begin that were never set; and for how many days after it is not believed.
_BEGINNINGS = ((2000, 1), (2001, 1))
_CAMERAS_BEGIN = ((2014, 31), (2015, 31), (2016, 31), (2017, 31))


@dataclass(frozen=True, slots=True)
class Clues:
    """All that says when a recording was made. A naive moment is by the clock on the wall."""

    file: int  # ms: the file's own time
    received: int  # ms: when it came in
    telemetry: datetime | None = None
    container: datetime | None = None
    exif: datetime | None = None
    name: Named | None = None
    action_camera: bool = (
        False  # one of those whose clock begins anew when it was long without power
    )


@dataclass(frozen=True, slots=True)
class Captured:
    """When, and who says so."""

    at: int  # ms since 1970, UTC
    origin: Origin


def captured(clues: Clues, timezone: str) -> Captured:
    """The best that can be said. Of an hour that comes twice, when clocks go back, the first."""
    for at, origin in _witnesses(clues, timezone):
        by_device = origin in {"container", "exif"}
        if _possible(at, clues.received, timezone) and not (
            by_device and _never_set(local(at, timezone), action_camera=clues.action_camera)
        ):
            return Captured(at, origin)
    return Captured(clues.received, "arrival")


def _witnesses(clues: Clues, timezone: str) -> Iterator[tuple[int, Origin]]:
    """The best first."""
    if clues.telemetry is not None:
        yield milliseconds(clues.telemetry, timezone), "telemetry"
    if clues.container is not None:
        yield milliseconds(clues.container, timezone), "container"
    if clues.exif is not None:
        yield milliseconds(clues.exif, timezone), "exif"
    if clues.name is not None:
        yield from _by_name(clues.name, clues.file, timezone)
    yield clues.file, "file"


def _by_name(said: Named, file: int, timezone: str) -> Iterator[tuple[int, Origin]]:
    if not said.day_only:
        yield milliseconds(said.at, timezone), "name"
    elif _possible(file, file, timezone) and local(file, timezone).date() == said.at.date():
        yield file, "name"  # the file's own time is of that day, and says the hour
    else:
        yield milliseconds(said.at, timezone), "day"


def _possible(at: int, received: int, timezone: str) -> bool:
    """Whether it lies neither in the future nor before there was anything to record with."""
    if not 0 < at <= received + _DAY_MS:
        return False
    return local(at, timezone).year >= _FIRST_YEAR


def _never_set(moment: datetime, *, action_camera: bool) -> bool:
    """Whether a clock that shows this was more likely never set."""
    begins = _BEGINNINGS + (_CAMERAS_BEGIN if action_camera else ())
    return any(moment.year == year and moment.timetuple().tm_yday <= days for year, days in begins)
