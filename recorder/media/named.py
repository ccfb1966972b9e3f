"""When a recording was made, by its file's name: as phones, recorders and messengers name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

_DAY = r"(?P<year>20\d\d)(?P<s>[-_.]?)(?P<month>\d\d)(?P=s)(?P<day>\d\d)"
_SHORT = r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)"
_CLOCK = (
    r"(?P<hour>\d\d?)(?P<c>[-_.:h]?)(?P<minute>\d\d)(?:(?P=c)(?P<second>\d\d))?"
    r"(?:[-_.]?\d{1,3})?(?:\s*(?P<half>[ap])\.?m\.?)?"
)
_BETWEEN = r"(?:[ _T-]|[ _]at[ _])"
_MOMENT = re.compile(rf"(?<!\d){_DAY}{_BETWEEN}{_CLOCK}(?!\d)", re.IGNORECASE)
_RECORDER = re.compile(rf"(?:Voice|Call|Recording)[ _]{_SHORT}_{_CLOCK}(?!\d)", re.IGNORECASE)
# A messenger's count stands behind the day. A day alone is not believed: it may be of birth.
_MESSENGER = re.compile(rf"(?:IMG|VID|AUD|PTT)-{_DAY}-WA\d+", re.IGNORECASE)
_UTC = re.compile("PXL_", re.IGNORECASE)  # that phone names by UTC, all others by their own clock
_NOON = 12


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says."""

    at: datetime  # naive: by the clock on the wall
    day_only: bool = False  # noon then stands for the day


def named(name: str) -> Named | None:
    """The moment that a file's name was given it for; None if it tells of none."""
    stem = PurePath(name).stem
    if found := _MESSENGER.match(stem):
        at = _moment(found, _NOON)
        return None if at is None else Named(at, day_only=True)
    found = _RECORDER.match(stem) or _MOMENT.search(stem)
    at = None if found is None else _moment(found, _hour(found))
    if at is None:
        return None
    return Named(at.replace(tzinfo=UTC) if _UTC.match(stem) else at)


def _moment(found: re.Match[str], hour: int) -> datetime | None:
    said = found.groupdict()
    year, month, day = int(said["year"]) % 100 + 2000, int(said["month"]), int(said["day"])
    try:
        return datetime(  # noqa: DTZ001 - by the wall's clock
            year, month, day, hour, int(said.get("minute") or 0), int(said.get("second") or 0)
        )
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if not half:
        return hour
    return hour % _NOON + (_NOON if half == "p" else 0)
