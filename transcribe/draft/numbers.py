"""Spoken numbers and ordinals up to ninety-nine, as words or digits."""

from __future__ import annotations

import re

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth"),
)

_UNIT_VALUES = {name: value for value, name in enumerate(_UNITS)}
_TENS_VALUES = {name: 10 * place for place, name in enumerate(_TENS, start=2)}
_ORDINAL_VALUES = {name: value for value, name in enumerate(_ORDINALS, start=1)}
_ORDINAL_VALUES |= {"twentieth": 20, "thirtieth": 30}

NUMBER = (
    rf"(?:\d{{1,2}}|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS[1:10])}))?|"
    rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))}))"
)
"""Matches a number in plain text."""

ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|"
    rf"(?:twenty|thirty)[ -](?:{'|'.join(_ORDINALS[:9])})|"
    rf"(?:{'|'.join(sorted(_ORDINAL_VALUES, key=len, reverse=True))}))"
)
"""Matches an ordinal in plain text."""


def value(text: str) -> int:
    """The number that a match of NUMBER or ORDINAL stands for.

    Raises:
        ValueError: the text is no number.
    """
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits.group())
    return sum(_part(part) for part in re.split(r"[ -]", text))


def _part(word: str) -> int:
    for table in (_UNIT_VALUES, _TENS_VALUES, _ORDINAL_VALUES):
        if word in table:
            return table[word]
    raise ValueError("not a number")
