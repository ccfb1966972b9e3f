"""Spoken dates: found in a text and resolved against the day the words were recorded."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from transcribe.draft.numbers import NUMBER, ORDINAL, value
from transcribe.draft.wording import KEPT, plain

Direction = Literal["future", "past"]

_WEEK = 7
_FRIDAY = 4
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
_AFTER_NEXT = "the week after next"
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
    | (?:(?<=on\ )|(?<=by\ )|(?<=until\ )|(?<=till\ )|(?<=from\ )|(?<=since\ )|(?<=before\ )|(?<=for\ )|(?<=to\ )|(?<=no,\ )(?!the\ (?:first|second|third)\b)|(?<=sorry,\ )(?!the\ (?:first|second|third)\b))the\ (?P<day4>{ORDINAL}){_CLOSES}
    | (?:the\ )?(?P<day5>{ORDINAL})\ of\ next\ month\b
    | (?P<weeks>(?:a|{NUMBER})\ weeks?|a\ fortnight)(?P<week_on>\ (?:today|tomorrow)|(?:\ from|\ on)\ (?:now|today|tomorrow|{_WEEKDAY})|(?<=a\ week)\ {_WEEKDAY})
    | (?P<day_week>{_WEEKDAY}|tomorrow)\ (?P<long>week|fortnight)\b
    | (?P<of_week>{_WEEKDAY}){_PART},?\ (?:of\ |in\ )?(?P<week_of>next\ week|the\ week\ after\ next)\b
    | next\ week,?\ (?:on\ |probably\ |maybe\ )*(?P<next_on>{_WEEKDAY}){_PART}
    | (?:the\ )?(?P<after_next>{_WEEKDAY})\ after\ next\b
    | (?:(?P<which>last|next|this(?:\ coming)?|coming)\ )?(?P<named>{_WEEKDAY})(?!\ (?:job|club|school|shift|league|class)(?:s|es)?\b){_PART}
    | the\ day\ (?P<beyond>after\ tomorrow|before\ yesterday)
    | (?:first\ thing\ )?(?P<near>today|tonight|tomorrow|yesterday|last\ night|this\ (?:morning|afternoon|evening|lunchtime)){_PART}
    | (?P<ends>(?:the\ )?end\ of\ (?:the\ |this\ )?(?:day|play|today)|close\ of\ (?:play|business)(?:\ today)?)(?!\ (?:on\ )?(?:{_WEEKDAY}|tomorrow))
    | (?:the\ )?end\ of\ (?P<ending>the|this|next)\ (?P<span>week|month)
    | (?:the\ )?end\ of\ (?P<month_end>{_MONTH})
    | (?:in|within)\ (?P<working>{NUMBER})\ working\ days?(?!\ of\b)
    | (?:in|within)\ (?:the\ next\ )?(?P<hours>24|48|72|twenty[ -]four|forty[ -]eight|seventy[ -]two)\ hours?(?!\ of\b)
    | (?:in|within)\ the\ next\ (?P<next_unit>(?:{NUMBER}\ )?weeks?|{NUMBER}\ days?|fortnight)\b
    | (?P<within>this\ week)\b
    | (?:in|within)\ (?P<count>a|{NUMBER})\ (?P<unit>days?|weeks?|fortnight)(?:'?s?\ time)?\b
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


@lru_cache(maxsize=KEPT)
def dates(text: str, recorded: date, direction: Direction) -> tuple[SpokenDate, ...]:
    """The dates said in `text`, in order.

    Args:
        text: one sentence.
        recorded: the day on which it was said.
        direction: whether the sentence looks ahead or back, which decides what "Tuesday" means.
    """
    source = plain(text)
    found = (_held(source, match, recorded, direction) for match in _DATE.finditer(source))
    return tuple(one for one in found if one is not None)


def _held(
    source: str, match: re.Match[str], recorded: date, direction: Direction
) -> SpokenDate | None:
    """The day, or None where it lies before or after all that a calendar holds."""
    try:
        return _read(source, match, recorded, direction)
    except OverflowError:
        return None


def _read(
    source: str, match: re.Match[str], recorded: date, direction: Direction
) -> SpokenDate | None:
    weekday = match["weekday"] or match["weekday2"] or match["weekday3"]
    day = match["day"] or match["day2"] or match["day3"] or match["day4"]
    if not day:
        if _is_none(source, match, direction):
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


def _is_none(source: str, match: re.Match[str], direction: Direction) -> bool:
    """Whether it is no day: a time of day, or a stretch that has ended ("missing two weeks today")."""
    if match["morning"]:
        return direction == "past" or _TIMED.search(source[: match.start()]) is not None
    return direction == "past" and any(match[name] for name in ("weeks", "working", "hours"))


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
    number = _month_number(month)
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
    if match["named"]:
        return _named_day(match["named"], match["which"] or "", recorded, direction)
    later = _in_a_later_week(match, recorded) or _last_day(match, recorded, direction)
    if later is not None:
        return later
    if match["working"]:
        return _working_days(recorded, value(match["working"]))
    if match["hours"] or match["count"] or match["next_unit"]:
        return recorded + _ahead(match)
    # "Now" and the end of the day are today.
    said = match["beyond"] or match["near"] or ("tomorrow" if match["morning"] else "today")
    return recorded + timedelta(days=_SHIFTS.get(said, 0))


def _last_day(match: re.Match[str], recorded: date, direction: Direction) -> date | None:
    """The end of a week or month, or a day of next month."""
    if match["day5"]:
        return _of_next_month(value(match["day5"]), recorded)
    if match["ending"] or match["within"]:
        return _end_of(match["span"] or "week", match["ending"] or "this", recorded)
    if match["month_end"]:
        return _end_of_month(match["month_end"], recorded, direction)
    return None


def _in_a_later_week(match: re.Match[str], recorded: date) -> date | None:
    """A day such as "two weeks on Friday", "Monday week", "Wednesday of next week"."""
    if match["weeks"]:
        return _near_day(match["week_on"].split()[-1], recorded) + _weeks(match["weeks"])
    if match["day_week"]:
        weeks = 2 if match["long"] == "fortnight" else 1
        return _near_day(match["day_week"], recorded) + timedelta(weeks=weeks)
    if match["after_next"]:
        return _named_day(match["after_next"], "next", recorded, "future") + timedelta(weeks=1)
    day = match["of_week"] or match["next_on"]
    if day is None:
        return None
    weeks = 1 if match["week_of"] == _AFTER_NEXT else 0
    return _named_day(day, "next", recorded, "future") + timedelta(weeks=weeks)


def _near_day(name: str, recorded: date) -> date:
    near = {"now": 0, "today": 0, "tomorrow": 1}.get(name)
    if near is None:
        return _named_day(name, "", recorded, "future")
    return recorded + timedelta(days=near)


def _of_next_month(day: int, recorded: date) -> date:
    """The day itself, or the last of a month that is too short for it."""
    first = (recorded.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def _end_of_month(month: str, recorded: date, direction: Direction) -> date:
    number = _month_number(month)
    ends = (
        date(year, number, monthrange(year, number)[1])
        for year in (recorded.year - 1, recorded.year, recorded.year + 1)
    )
    return min(ends, key=lambda one: _distance(one, recorded, direction))


def _working_days(recorded: date, count: int) -> date:
    """The day `count` working days on. Bank holidays are not known here, so it may be too early."""
    day = recorded
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= _FRIDAY
    return day


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
    if match["hours"]:
        return timedelta(hours=value(match["hours"]))
    said = match["next_unit"] or f"{match['count']} {match['unit']}"
    count, _, unit = said.rpartition(" ")
    if unit.startswith("day"):
        return timedelta(days=1 if count == "a" else value(count))
    return _weeks(f"{count or 'a'} {unit}")


def _weeks(said: str) -> timedelta:
    count, unit = said.rsplit(" ", 1)
    return timedelta(
        weeks=(1 if count == "a" else value(count)) * (2 if unit == "fortnight" else 1)
    )


def _month_number(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _weekday(name: str) -> int:
    return next(i for i, day in enumerate(_DAYS) if day.startswith(name[:3]))
