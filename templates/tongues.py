"""The languages of a young person's pages: a file each, with the same words in all of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from functools import cache
from importlib import resources

FIRST = "en"
"""The one that pages begin in; what others write is in it, too."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: called with the name of a text, it gives that text."""

    code: str  # of its file
    lang: str  # as pages name it to browsers
    name: str  # as its speakers call it
    months: tuple[str, ...]  # as they stand in a date
    words: Mapping[str, str]

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of this name, with `values` put in; KeyError if there is none."""
        return self.words[name].format_map(values)

    def day(self, moment: Date) -> str:
        """5 November 2026."""
        return f"{moment.day} {self.months[moment.month - 1]} {moment.year}"


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language there is, by its code; the first one first."""
    files = resources.files("templates").joinpath("young").iterdir()
    codes = sorted(each.name.removesuffix(".toml") for each in files if each.name.endswith(".toml"))
    return {code: _read(code) for code in sorted(codes, key=lambda code: code != FIRST)}


def preferred(accepted: str) -> Tongue:
    """The one that a browser asks for, as its Accept-Language header has it; the first one if we have none of its."""
    found = tongues()
    for code in sorted(filter(_wish, accepted.split(",")), key=_wish, reverse=True):
        if tongue := found.get(code.partition(";")[0].strip().partition("-")[0].lower()):
            return tongue
    return found[FIRST]


def _wish(asked: str) -> float:
    """How much it is wished for, 0 to 1."""
    _, _, wish = asked.partition(";q=")
    try:
        return float(wish or 1)
    except ValueError:
        return 0


def _read(code: str) -> Tongue:
    raw = resources.files("templates").joinpath("young", f"{code}.toml").read_text("utf-8")
    found = tomllib.loads(raw)
    return Tongue(code, found["lang"], found["name"], tuple(found["months"]), found["words"])
