"""Times between the store's whole milliseconds and people's local clocks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def local(milliseconds: int, timezone: str) -> datetime:
    """A stored time (ms since 1970, UTC) as an aware datetime in `timezone`."""
    return datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(timezone))


def milliseconds(moment: datetime, timezone: str) -> int:
    """A datetime as stored; a naive one is taken as local time in `timezone`."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return round(aware.timestamp() * 1000)
