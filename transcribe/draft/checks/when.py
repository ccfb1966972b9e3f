"""Days and clock times: those in a sentence against those that were said, in whatever form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from transcribe.draft.checks.figures import figures
from transcribe.draft.checks.near import beside, spoken
from transcribe.draft.checks.stems import folded
from transcribe.draft.dates import dates
from transcribe.draft.times import SpokenTime, times
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_HALF_DAY = 12
_NOT_FAR = timedelta(days=62)
_CENTURY = 2000
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAME = re.compile(
    r"\b(mon|tue|tues|wed|weds|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?\b|\b(?=,? (?:the )?\d))"
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH = re.compile(  # "march" and "may" are other words as well
    r"(?:\b(?:in|by|of|for|since|until|till|from|last|next|this|early|late|mid|end of|before|after) |\d(?:st|nd|rd|th)? )"
    rf"(march|may)\b|\b({'|'.join(set(_MONTH_NAMES) - {'march', 'may'})})\b"
)
_WRITTEN = re.compile(
    r"(?<![\d./:-])(?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<day>[0-3]?\d)(?!\.\d\d?(?!\.?\d))[/.-](?P<month>[01]?\d)(?:[/.-](?P<year>(?:20)?\d\d))?)(?![\d/:-]|\.\d)"
)
_AT_ONCE = re.compile(r"\b(?:now|away|straightaway|immediately|minute|bit|moment|after this)$")
_DAY_PARTS = (
    (re.compile(r"\bmorning|\d ?a\.?m\b"), (0, 12)),
    (re.compile(r"\bafternoon"), (12, 18)),
    (re.compile(r"\b(?:evening|teatime|tonight)"), (17, 24)),
    (re.compile(r"\b(?:tonight|(?:at|last|that|this|by) night|overnight|midnight)"), (18, 30)),
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a text."""

    spans: tuple[tuple[int, int, frozenset[date]], ...]  # start, end, what it may mean
    agree: bool  # every weekday said fits a day that it may stand with

    @property
    def all(self) -> frozenset[date]:
        """Every day that any of it may mean."""
        return frozenset(day for _, _, days in self.spans for day in days)


@lru_cache(maxsize=32)
def days(text: str, recorded: date) -> Days:
    """The days in `text`, spoken or in figures; without a year the nearest to `recorded`."""
    ahead, back = (dates(text, recorded, way) for way in ("future", "past"))
    spans: dict[tuple[int, int], set[date]] = {}
    for one in (*ahead, *back):
        spans.setdefault((one.start, one.end), set()).add(one.on)
    for found in _WRITTEN.finditer(folded(text)):
        day = _written(found, recorded)
        if day is not None:
            spans.setdefault(found.span(), set()).add(day)
    return Days(
        tuple((start, end, frozenset(on)) for (start, end), on in sorted(spans.items())),
        all(one.agrees or other.agrees for one, other in zip(ahead, back, strict=False)),
    )


def _written(found: re.Match[str], recorded: date) -> date | None:
    year, month, day = (found[short] or found[long] for short, long in _FIELDS)
    wanted = [int(year) % _CENTURY + _CENTURY] if year else _near(recorded)
    possible = []
    for each in wanted:
        try:
            possible.append(date(each, int(month), int(day)))
        except ValueError:  # 31/2 is no day: perhaps not a date at all
            continue
    return min(possible, key=lambda one: abs(one - recorded), default=None)


_FIELDS = (("y", "year"), ("m", "month"), ("d", "day"))


def _near(recorded: date) -> list[int]:
    return [recorded.year - 1, recorded.year, recorded.year + 1]


def weekday(text: str, recorded: date) -> Iterator[Check]:
    """A weekday and a date beside it that cannot both be right."""
    if not days(text, recorded).agree:
        yield Check(
            "weekday",
            "look",
            "The day of the week and the date do not match. Check which is right.",
        )


def other_days(text: str, said: Said) -> Iterator[Check]:
    """Days that are not those that were said."""
    here, there = days(text, said.recorded), days(said.text, said.recorded)
    loose = frozenset() if there.spans else figures(said.text)
    wrong = [
        text[start:end]
        for start, end, on in here.spans
        if not _AT_ONCE.search(folded(text)[start:end])
        and not on & there.all
        and not any(_may_be(day, loose, said) for day in on)
    ]
    sure = {day for _, _, on in here.spans for day in on if _may_be(day, loose, said)}
    named = _named(said.text, there) | {_DAYS[day.weekday()].title() for day in sure}
    wrong += [name for name in _names(text) if name not in named]
    months = _months_said(said.text, there) | {_MONTH_NAMES[day.month - 1].title() for day in sure}
    wrong += [name for name in _months(text) if name not in months]
    if not wrong and beside(text, said.text).near:
        wrong = _moved(_names(text), _names(spoken(said.text)))
    if wrong:
        yield Check(
            "date", "look", f"“{wrong[0]}” is not the day that was said. Listen, and check."
        )


def _may_be(day: date, loose: frozenset[float], said: Said) -> bool:
    """Whether "the second and the ninth" may mean a day: a number that was said, and not far off."""
    return day.day in loose and abs(day - said.recorded) <= _NOT_FAR


def _moved(here: list[str], there: list[str]) -> list[str]:
    """Weekdays that stand where another one was said."""
    if len(here) != len(there):
        return []
    return [one for one, other in zip(here, there, strict=True) if one != other]


def _names(text: str) -> list[str]:
    return [_whole(found[1]) for found in _DAY_NAME.finditer(folded(text))]


def _whole(short: str) -> str:
    return next(day.title() for day in _DAYS if day.startswith(short[:3]))


def _named(text: str, found: Days) -> set[str]:
    return {*_names(text), *(_DAYS[day.weekday()].title() for day in found.all)}


def _months(text: str) -> list[str]:
    return [(found[1] or found[2]).title() for found in _MONTH.finditer(folded(text))]


def _months_said(text: str, found: Days) -> set[str]:
    said = {name.title() for name in _MONTH_NAMES if re.search(rf"\b{name}\b", folded(text))}
    return said | {_MONTH_NAMES[day.month - 1].title() for day in found.all}


def other_times(text: str, said: Said) -> Iterator[Check]:
    """Clock times that are not those that were said."""
    here, there = times(text), times(said.text)
    loose = frozenset() if there else figures(said.text)
    wrong = [
        text[one.start : one.end]
        for one in here
        if not any(_same(one, other) for other in there) and not _loosely(one, loose)
    ]
    if not wrong:
        wrong = [found for found in _day_parts(text) if not _part_said(found, said.text, there)]
    if wrong:
        yield Check(
            "time",
            "look",
            f"“{wrong[0].strip()}” is not the time that was said. Listen, and check.",
        )


def _same(one: SpokenTime, other: SpokenTime) -> bool:
    if one.certain and other.certain:
        return (one.hour % 24, one.minute) == (other.hour % 24, other.minute)
    return (one.hour % _HALF_DAY, one.minute) == (other.hour % _HALF_DAY, other.minute)


def _loosely(one: SpokenTime, said: frozenset[float]) -> bool:
    return one.hour % _HALF_DAY in {each % _HALF_DAY for each in said} and one.minute in said | {0}


def _day_parts(text: str) -> list[str]:
    return [found.group() for rule, _ in _DAY_PARTS for found in rule.finditer(folded(text))]


def _part_said(part: str, text: str, there: tuple[SpokenTime, ...]) -> bool:
    """Whether a part of the day was said, or a clock time within it."""
    rule, (begins, ends) = next(each for each in _DAY_PARTS if each[0].match(part))
    if rule.search(folded(text)):
        return True
    hours = [hour for one in there for hour in _hours(one)]
    late = "tonight" in part and _DAY_PARTS[3][0].search(folded(text)) is not None
    return late or any(begins <= hour < ends or begins <= hour + 24 < ends for hour in hours)


def _hours(one: SpokenTime) -> tuple[int, ...]:
    if one.certain:
        return (one.hour % 24,)
    return one.hour % _HALF_DAY, one.hour % _HALF_DAY + _HALF_DAY


def masked(text: str, said: Said) -> str:
    """`text` with its days and times blanked: what is left are plain numbers."""
    spans = [(start, end) for start, end, _ in days(text, said.recorded).spans]
    spans += [(one.start, one.end) for one in times(text)]
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
