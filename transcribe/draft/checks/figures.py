"""Numbers in a text, as words or figures: "two hundred and fifty", "£250", "two one nine", "92%"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from transcribe.draft.checks.stems import folded, stem
from transcribe.draft.numbers import NUMBER, ORDINAL, value

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?(?=(?:st|nd|rd|th)?(?![\d]))|[a-z]+(?:'[a-z]+)*")
_SIMPLE = re.compile(NUMBER)
_ORDERED = re.compile(ORDINAL)
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000}
_SPECIAL = {
    "nought": 0,
    "nil": 0,
    "once": 1,
    "single": 1,
    "twice": 2,
    "couple": 2,
    "both": 2,
    "pair": 2,
    "dozen": 12,
    "fortnight": 14,
    "double": 2,
    "triple": 3,
    "thrice": 3,
}
_LOOSE = {"one", "once", "single", "both"}  # as often no number
_MANY = re.compile(r"(two|three|four|five|six|seven|eight|nine|ten)e?s")  # "five fours"
_HALF = re.compile(r" and a half\b")
_BETWEEN = re.compile(r"[\s-]*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. Offsets are into the text."""

    start: int
    end: int
    value: float
    parts: frozenset[float]  # the numbers that it was put together from, and itself
    counts: str  # the root of the word after it, perhaps empty
    loose: bool  # "one": perhaps no number


def figures(text: str) -> frozenset[float]:
    """Every number in `text`, whole and in parts."""
    return frozenset(part for one in found(text) for part in one.parts)


@lru_cache(maxsize=32)
def found(text: str) -> tuple[Figure, ...]:
    """The numbers in `text`, in order."""
    source = folded(text)
    return tuple(_figure(source, group) for group in _groups(source))


def _groups(source: str) -> Iterator[list[re.Match[str]]]:
    """Tokens that make one number together."""
    group: list[re.Match[str]] = []
    tokens = list(_TOKEN.finditer(source))
    for token, after in pairwise([*tokens, None]):
        if token is None:
            continue
        if group and not _joins(source, group, token, after):
            yield group
            group = []
        if group or _number(token.group()) is not None:
            group.append(token)
    if group:
        yield group


def _joins(
    source: str, group: list[re.Match[str]], token: re.Match[str], after: re.Match[str] | None
) -> bool:
    last, word = group[-1].group(), token.group()
    if not _BETWEEN.fullmatch(source[group[-1].end() : token.start()]):
        return False
    if word == "and":  # "two hundred and fifty"
        follows = after is not None and _number(after.group()) is not None
        return follows and last in _SCALES
    if word in _SCALES:
        return last not in _SCALES or word == "thousand"
    if last == "and" or last in _SCALES:
        return _number(word) is not None
    return _number(word) is not None and not last[0].isdigit() and last not in _SPECIAL


def _number(word: str) -> float | None:
    if word[0].isdigit():
        whole = word.replace(",", "")
        return float(whole) if "." in whole else int(whole)
    if word in _SPECIAL:
        return _SPECIAL[word]
    if word in _SCALES and word != "k":
        return _SCALES[word]
    many = _MANY.fullmatch(word)
    word = many[1] if many else word
    known = _SIMPLE.fullmatch(word) or _ORDERED.fullmatch(word)
    return value(word) if known else None


def _figure(source: str, group: list[re.Match[str]]) -> Figure:
    words = [token.group() for token in group if token.group() != "and"]
    start, end = group[0].start(), group[-1].end()
    half = _HALF.match(source, end)
    end = half.end() if half else end
    after = re.match(
        r"(?:st|nd|rd|th)?[\s-]+(?:of (?:(?:the|his|her|my|our|your|these|those) )?)?([a-z]+)",
        source[end:],
    )
    numbers = _values(words)
    whole = numbers[0] if len(numbers) == 1 else int("".join(str(round(each)) for each in numbers))
    total = whole + 0.5 if half else whole
    return Figure(
        start=start,
        end=end,
        value=total,
        parts=frozenset({total, *numbers}),
        counts=stem(after[1]) if after else "",
        loose=len(words) == 1 and words[0] in _LOOSE,
    )


def _values(words: list[str]) -> list[float]:
    """The numbers that stand one after the other: "two one nine" are three, "forty two" is one."""
    if any(word in _SCALES for word in words):
        return [_scaled(words)]
    values: list[float] = []
    for each in (number for number in map(_number, words) if number is not None):
        if values and each < 10 and values[-1] in range(20, 100, 10):  # noqa: PLR2004 - tens, units
            values[-1] += each
        else:
            values.append(each)
    return values


def _scaled(words: list[str]) -> float:
    total, part = 0.0, 0.0
    for word in words:
        if word not in _SCALES:
            part += _number(word) or 0
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            total, part = total + (part or 1) * _SCALES[word], 0
    return total + part
