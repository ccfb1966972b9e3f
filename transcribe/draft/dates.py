"""Spoken dates: found in a text and resolved against the day the words were recorded."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from transcribe.draft.numbers import NUMBER, ORDINAL, value
from transcribe.draft.wording import plain

Direction = Literal["future", "past"]

_WEEK = 7
_FRIDAY = 4
_DECEMBER = 12
_MONTH_BACK, _YEAR_OFF = timedelta(days=31), timedelta(days=366)
_LONGEST_SEARCH = 62  # days in which a bare day of the month must come round

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_WEEKDAY = rf"(?:{'|'.join(_DAYS)}|tues|weds|thurs)"
_MONTH = rf"(?:{'|'.join(_MONTHS)}|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)"
_PART = r"(?:\ (?:morning|afternoon|evening|night|lunchtime|lunch|teatime))?"
_SHIFTS = {
    "after tomorrow": 2,
    "tomorrow": 1,
    "yesterday": -1,
    "last night": -1,
    "before yesterday": -2,
}
_CLOSES = r"(?=\s*(?:[,.;?!]|$|(?:at|in|on|and|for|after|before|to|until|till|about|because|with|around|if|when|so)\b))"
_DATE = re.compile(
    rf"""(?<![\w'])(?:
      (?:(?:(?:last|next|this)\ )?(?P<weekday>{_WEEKDAY}),?\ )?(?:the\ )?(?P<day>{ORDINAL}|(?:3[01]|[12]?\d)(?=\ {_MONTH}))
        (?:\ of)?\ (?P<month>{_MONTH})
    | (?:(?P<weekday2>{_WEEKDAY}),?\ )?(?P<month2>{_MONTH})\ (?:the\ )?(?P<day2>{ORDINAL}|(?:3[01]|[12]?\d)\b(?!\ (?:of|people|times|months|weeks)))
    | (?:(?:last|next|this)\ )?(?P<weekday3>{_WEEKDAY}),?\ (?:the\ )?(?P<day3>{ORDINAL}|(?<=the\ )(?:3[01]|[12]?\d)(?![\d.:]))(?!\ thing)
    | (?:(?<=on\ )|(?<=by\ )|(?<=until\ )|(?<=till\ )|(?<=from\ )|(?<=since\ )|(?<=before\ )|(?<=for\ )|(?<=to\ ))the\ (?P<day4>{ORDINAL}){_CLOSES}
    | a\ week\ (?:on\ )?(?P<week_on>{_WEEKDAY}|today|tomorrow)
    | (?P<day_week>{_WEEKDAY}|tomorrow)\ week\b
    | (?:(?P<which>last|next|this(?:\ coming)?|coming)\ )?(?P<named>{_WEEKDAY}){_PART}
    | the\ day\ (?P<beyond>after\ tomorrow|before\ yesterday)
    | (?:first\ thing\ )?(?P<near>today|tonight|tomorrow|yesterday|last\ night|this\ (?:morning|afternoon|evening|lunchtime)){_PART}
    | (?P<ends>(?:the\ )?end\ of\ (?:the\ |this\ )?(?:day|play|today)|close\ of\ (?:play|business)(?:\ today)?)(?!\ (?:on\ )?(?:{_WEEKDAY}|tomorrow))
    | (?:the\ )?end\ of\ (?P<ending>the|this|next)\ (?P<span>week|month)
    | (?P<within>this\ week)\b
    | (?:in|within)\ (?P<count>a|{NUMBER})\ (?P<unit>days?|weeks?|fortnight)(?:'?s?\ time)?\b
    | (?P<ahead>a\ fortnight|two\ weeks|three\ weeks)\ (?:today|from\ today)
    | (?P<morning>in\ the\ morning)(?!\ of)
    | (?P<now>in\ a\ (?:minute|bit|moment)|(?:right\ |straight\ )now|straight\ ?away|straight\ after\ this|immediately|as\ soon\ as\ (?:i|we)(?:'ve)?\ (?:finish(?:ed)?|stop|get\ off)(?:\ (?:this|here))?
        |(?:with)?in\ the\ next\ (?:half\ )?(?:hour|couple\ of\ hours|few\ hours)|right\ after\ this|now(?=\s*(?:[,.]|$|and\b)))
    )(?![\w])""",
    re.VERBOSE,
)
_TIMED = re.compile(rf"(?:{NUMBER}|o'?clock|quarter|half) $")  # "six in the morning" is a time
_YEAR = re.compile(
    r",? (20\d\d|twenty twenty[ -](?:one|two|three|four|five|six|seven|eight|nine))\b"
)


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date in a text. Offsets are into the text."""

    start: int
    end: int
    on: date
    exact: bool  # a day of the month was said
    agrees: bool = True  # the weekday said is the weekday of that day


def dates(text: str, recorded: date, direction: Direction) -> tuple[SpokenDate, ...]:
    """The dates said in `text`, in order.

    Args:
        text: one sentence.
        recorded: the day on which it was said.
        direction: whether the sentence looks ahead or back, which decides what "Tuesday" means.
    """
    source = plain(text)
    found = (_read(source, match, recorded, direction) for match in _DATE.finditer(source))
    return tuple(one for one in found if one is not None)


def _read(
    source: str, match: re.Match[str], recorded: date, direction: Direction
) -> SpokenDate | None:
    weekday = match["weekday"] or match["weekday2"] or match["weekday3"]
    day = match["day"] or match["day2"] or match["day3"] or match["day4"]
    if not day:
        if match["morning"] and (direction == "past" or _TIMED.search(source[: match.start()])):
            return None
        on = _relative(match, recorded, direction)
        return SpokenDate(match.start(), match.end(), on, exact=False)
    month = match["month"] or match["month2"]
    year, end = _year(source, match.end()) if month else (None, match.end())
    found = _calendar_day(value(day), month, year, (recorded, direction, weekday))
    if found is None:
        return None
    agrees = weekday is None or found.weekday() == _weekday(weekday)
    return SpokenDate(match.start(), end, found, exact=True, agrees=agrees)


def _year(source: str, end: int) -> tuple[int | None, int]:
    found = _YEAR.match(source, end)
    if found is None:
        return None, end
    said = found[1]
    spoken = int(said) if said.isdigit() else 2020 + value(said.split("twenty")[-1].strip(" -"))
    return spoken, found.end()


def _calendar_day(
    day: int, month: str | None, year: int | None, said: tuple[date, Direction, str | None]
) -> date | None:
    recorded, direction, weekday = said
    if month is None:
        return _day_of_month(day, recorded, direction, weekday)
    number = next(i for i, name in enumerate(_MONTHS, start=1) if name.startswith(month[:3]))
    years = (year,) if year else (recorded.year - 1, recorded.year, recorded.year + 1)
    possible = [date(y, number, day) for y in years if 1 <= day <= monthrange(y, number)[1]]
    return min(possible, key=lambda one: _distance(one, recorded, direction), default=None)


def _distance(day: date, recorded: date, direction: Direction) -> timedelta:
    """How far off a day is; the wrong way counts in full years once it is more than a month."""
    away = day - recorded if direction == "future" else recorded - day
    return abs(away) if away > -_MONTH_BACK else abs(away) + _YEAR_OFF


def _day_of_month(
    day: int, recorded: date, direction: Direction, weekday: str | None
) -> date | None:
    step = 1 if direction == "future" else -1
    search = [recorded + timedelta(days=step * n) for n in range(_LONGEST_SEARCH)]
    possible = [one for one in search if one.day == day]
    fitting = [one for one in possible if weekday and one.weekday() == _weekday(weekday)]
    return next(iter(fitting or possible), None)


def _relative(match: re.Match[str], recorded: date, direction: Direction) -> date:
    if match["week_on"] or match["day_week"]:
        return _in_a_week(match["week_on"] or match["day_week"], recorded)
    if match["named"]:
        return _named_day(match["named"], match["which"] or "", recorded, direction)
    if match["ending"] or match["within"]:
        return _end_of(match["span"] or "week", match["ending"] or "this", recorded)
    if match["count"] or match["ahead"]:
        return recorded + _ahead(match)
    # "Now" and "the end of the day" are today.
    said = match["beyond"] or match["near"] or ("tomorrow" if match["morning"] else "today")
    return recorded + timedelta(days=_SHIFTS.get(said, 0))


def _in_a_week(name: str, recorded: date) -> date:
    near = {"today": recorded, "tomorrow": recorded + timedelta(days=1)}.get(name)
    return (near or _named_day(name, "", recorded, "future")) + timedelta(days=_WEEK)


def _named_day(name: str, which: str, recorded: date, direction: Direction) -> date:
    day = _weekday(name)
    if which == "next":  # the one in the next calendar week
        monday = recorded - timedelta(days=recorded.weekday())
        return monday + timedelta(days=_WEEK + day)
    if direction == "past" or which == "last":
        return recorded - timedelta(days=(recorded.weekday() - day) % _WEEK or _WEEK)
    ahead = (day - recorded.weekday()) % _WEEK
    return recorded + timedelta(days=ahead if which.startswith("this") else ahead or _WEEK)


def _end_of(span: str, which: str, recorded: date) -> date:
    if span == "month":
        first = recorded.replace(day=1)
        if which == "next":
            first = (first + timedelta(days=31)).replace(day=1)
        return first.replace(day=monthrange(first.year, first.month)[1])
    friday = recorded + timedelta(days=_FRIDAY - recorded.weekday())
    if which == "next":
        return friday + timedelta(days=_WEEK)
    return max(friday, recorded)


def _ahead(match: re.Match[str]) -> timedelta:
    if match["ahead"]:
        return timedelta(weeks=3 if match["ahead"].startswith("three") else 2)
    count = 1 if match["count"] == "a" else value(match["count"])
    if match["unit"].startswith("day"):
        return timedelta(days=count)
    return timedelta(weeks=count * (2 if match["unit"] == "fortnight" else 1))


def _weekday(name: str) -> int:
    return next(i for i, day in enumerate(_DAYS) if day.startswith(name[:3]))
