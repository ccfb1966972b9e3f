"""Which characters may leave, and how dates and times are written for people."""

from __future__ import annotations

import datetime as dt
import unicodedata
from zoneinfo import ZoneInfo

# Not strftime: month names must not change with the locale of the machine.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_NONCHARACTERS = range(0xFDD0, 0xFDF0)  # and the last two code points of every plane
_LAST_TWO = 0xFFFE
_BREAKS = "\u2028\u2029"  # some readers take them for a new line, and so for a new CSV row
_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"  # can show text in another order than it is kept


def forbidden(text: str, *, lines: bool) -> tuple[str, ...]:
    """The code points in `text` that must not be exported, as "U+0007", each once.

    Refused are control characters (tabs among them), lone surrogates, noncharacters, Unicode line
    separators and directional overrides. `lines` allows line ends (LF or CR LF). Emoji, joiners,
    direction marks and every script are fine.
    """
    if lines:
        text = text.replace("\r\n", "").replace("\n", "")
    found = dict.fromkeys(char for char in text if _is_forbidden(char))
    return tuple(f"U+{ord(char):04X}" for char in found)


def _is_forbidden(char: str) -> bool:
    code = ord(char)
    noncharacter = code in _NONCHARACTERS or code & _LAST_TWO == _LAST_TWO
    control = unicodedata.category(char) in {"Cc", "Cs"}
    return control or noncharacter or char in _BREAKS or char in _OVERRIDES


def plain_lines(text: str) -> str:
    r"""`text` with each line end as \n: browsers send \r\n for the same thing."""
    return text.replace("\r\n", "\n")


def length(text: str) -> int:
    """The length of `text` in UTF-16 units.

    Databases and web forms disagree on how long an emoji is; this is the longer count, so what
    fits here fits there.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def local(moment: dt.datetime) -> dt.datetime:
    """`moment` as clocks in the UK showed it."""
    return moment.astimezone(ZoneInfo("Europe/London"))


def long_date(day: dt.date) -> str:
    """For people: 6 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def long_moment(moment: dt.datetime) -> str:
    """For people, UK time: 6 November 2026 at 15:02."""
    there = local(moment)
    return f"{long_date(there)} at {there:%H:%M}"
