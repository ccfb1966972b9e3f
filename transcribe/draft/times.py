"""Clock times as people say them: "quarter to four", "half eight", "3.45", "ten past eleven"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache
from typing import TYPE_CHECKING

from transcribe.draft.numbers import NUMBER, value
from transcribe.draft.wording import KEPT, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_HALF_DAY = 12
_DAY = 24
_HOUR = 60
_FIRST_MORNING_HOUR = (
    8  # "at eight" means the morning and "at seven" the evening, if nothing else says
)
_PERIOD = (
    r"(?: ?(?P<period>a\.? ?m\b\.?|p\.? ?m\b\.?|in the (?:morning|afternoon|evening)|at night"
    r"|this (?:morning|afternoon|evening)|tonight|at lunchtime))?"
)
_MINUTES = r"(?:oh[ ]five|five|ten|fifteen|twenty(?:[ -]five)?|thirty(?:[ -]five)?|forty(?:[ -]five)?|fifty(?:[ -]five)?)"
_TIME = re.compile(
    rf"""(?<![\w.:£])(?:
      (?!(?:5[ ]to[ ][67]|10[ ]to[ ]1[12])\b)(?P<past>quarter|half|five|ten|twenty(?:[ -]five)?|5|10|20|25|{NUMBER}(?=[ ]minutes?))(?:[ ]minutes?)?[ ](?P<way>past|to)[ ](?P<past_hour>{NUMBER})(?!\w)
    | half[ ](?P<half_hour>{NUMBER})\b(?![ ](?:hours?|of|a|an|dozen|way|term|percent)\b)
    | (?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)(?!\d|\.\d)
    | (?P<oclock>{NUMBER})[ ]o'?[ ]?clock
    | (?P<spoken_hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[ ](?P<spoken_minute>{_MINUTES})\b
    | (?P<nearly>{NUMBER})(?:[ ]|-)?ish\b
    | (?P<noon>noon|midday|midnight)\b
    | (?P<bare>{NUMBER})(?=[ ]?(?:a\.?[ ]?m\b|p\.?[ ]?m\b|in[ ]the[ ](?:morning|afternoon|evening)|at[ ]night))
    | (?:(?<=at[ ])|(?<=about[ ])|(?<=around[ ])|(?<=till[ ])|(?<=until[ ])|(?<=from[ ])|(?<=nearer[ ])|(?<=roughly[ ])|(?<=by[ ])|(?<=before[ ])|(?<=between[ ]))
      (?P<loose>{NUMBER})(?!\w)(?!'\w)
      (?=[ ]*(?:[,.;?!]|$|[ ](?:at|on|in|and|to|till|until|because|after|before|with|by|tomorrow|yesterday|today|tonight|this|last|o'clock|if|for|no|but|or|so|when)\b))
    | (?P<opening>{NUMBER})(?=[ ](?:till|until|to)[ ](?:(?:about|around|nearly)[ ])?(?:quarter|half|{NUMBER})\b)
    | (?:(?<=till[ ])|(?<=until[ ])|(?<=[ ]to[ ])|(?<=[ ]and[ ]))(?P<closing>{NUMBER})\b(?![ ](?:of|or|people|times|weeks|months|days|hours|minutes)\b)
    ){_PERIOD.replace(" ", "[ ]")}""",
    re.VERBOSE,
)


_NO_HOUR = re.compile(
    r",? (?:till|until|to|through to|and (?:(?:we|i|it) )?(?:finished|ended|left|leave|were on|was on|talked)(?: at| by| till| until)?) (?:about |around )?(?:a )?(?P<past>quarter|half|five|ten|twenty(?:[ -]five)?) (?P<way>past|to)(?=[,.]|$)"
)


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A clock time in a text. Offsets are into the text."""

    start: int
    end: int
    hour: int  # 0 to 24, as said
    minute: int
    certain: bool  # the half of the day was said

    def on_clock(self, latest: time | None = None) -> str:
        """HH:MM; `latest` is a time it cannot lie after, when that is known."""
        hour = self.hour % _DAY
        if not self.certain and 1 <= hour <= _HALF_DAY:
            hour = self._likely(hour % _HALF_DAY, latest)
        return f"{hour:02}:{self.minute:02}"

    def in_half(self, *, late: bool) -> SpokenTime:
        """The same time, known to be before or after noon; none that is so already is changed."""
        if self.certain or not 1 <= self.hour <= _HALF_DAY:
            return self
        hour = self.hour % _HALF_DAY + (_HALF_DAY if late else 0)
        return replace(self, hour=hour, certain=True)

    def _likely(self, hour: int, latest: time | None) -> int:
        if latest is None:
            return hour if hour >= _FIRST_MORNING_HOUR else hour + _HALF_DAY
        early, late = time(hour, self.minute), time(hour + _HALF_DAY, self.minute)
        if late <= latest or early > latest:
            return late.hour
        return early.hour if early.hour >= _FIRST_MORNING_HOUR - 2 else late.hour


def ends_at(text: str, start: SpokenTime, begun: str) -> str | None:
    """HH:MM where the hour is not said again: "five past three till half past".

    Args:
        text: what was said.
        start: the time in it that stands before.
        begun: HH:MM of that time.
    """
    found = _NO_HOUR.match(plain(text), start.end)
    if found is None:
        return None
    minutes = {"quarter": 15, "half": 30}.get(found["past"]) or value(found["past"])
    minute = minutes if found["way"] == "past" else _HOUR - minutes
    hour = int(begun[:2]) + (minute <= start.minute)
    return f"{hour % _DAY:02}:{minute:02}"


@lru_cache(maxsize=KEPT)
def times(text: str) -> tuple[SpokenTime, ...]:
    """The clock times said in `text`, in order."""
    source = plain(text)
    found: list[SpokenTime] = []
    for match in _TIME.finditer(source):
        # "To six" and "and six" are times only where a range begins just before them.
        if match["closing"] and not _ends_range(source, found, match.start()):
            continue
        one = _read(match)
        if one is not None:
            found.append(one)
    return tuple(found)


def _ends_range(source: str, found: Sequence[SpokenTime], at: int) -> bool:
    if source[:at].endswith((" till ", " until ")):
        return True
    if not found:
        return False
    between = source[: found[-1].start].endswith("between ")
    return source[found[-1].end : at] == (" and " if between else " to ")


def _read(match: re.Match[str]) -> SpokenTime | None:
    hour, minute = _clock(match)
    period = match["period"] or ""
    certain = bool(period) or match["noon"] is not None or hour > _HALF_DAY
    if hour >= _DAY or minute >= _HOUR:
        return None
    if period:
        hour = _in_period(hour, period)
    start = match.start()
    return SpokenTime(start, match.end(), hour, minute, certain)


def _clock(match: re.Match[str]) -> tuple[int, int]:
    if match["past"]:
        minutes = {"quarter": 15, "half": 30}.get(match["past"]) or value(match["past"])
        hour = value(match["past_hour"])
        if match["way"] == "past":
            return hour, minutes
        return (hour - 1 or _HALF_DAY), _HOUR - minutes
    if match["half_hour"]:
        return value(match["half_hour"]), 30
    if match["hour"]:
        return int(match["hour"]), int(match["minute"])
    if match["spoken_hour"]:
        return value(match["spoken_hour"]), value(match["spoken_minute"].removeprefix("oh "))
    return _whole_hour(match), 0


def _whole_hour(match: re.Match[str]) -> int:
    if match["noon"]:
        return 0 if match["noon"] == "midnight" else _HALF_DAY
    names = ("oclock", "nearly", "bare", "loose", "opening", "closing")
    said = next(match[name] for name in names if match[name])
    return value(said)


def _in_period(hour: int, period: str) -> int:
    morning = period.startswith("a") and "night" not in period and "lunch" not in period
    if morning or "morning" in period:
        return hour % _HALF_DAY
    if "night" in period and hour == _HALF_DAY:
        return 0
    return hour % _HALF_DAY + _HALF_DAY if hour <= _HALF_DAY else hour
