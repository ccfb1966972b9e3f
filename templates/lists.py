"""Word lists for checks: serious harm, and wording to look at again. Data, no rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Harm:
    """One sort of serious harm, and the words for it."""

    key: str  # stable, e.g. "weapon"
    name: str  # as a reader knows it, e.g. "a weapon"
    general: tuple[str, ...]  # words for all of it
    kinds: tuple[tuple[str, ...], ...]  # words for one and the same thing each
    perhaps: tuple[str, ...] = ()  # words that may mean it, and mostly do not
    innocent: tuple[str, ...] = ()  # phrases that hold a word for it and mean something else


@dataclass(frozen=True, slots=True)
class Wording:
    """Words to look at again."""

    say: tuple[str, ...]
    why: str  # one sentence
    instead: str  # what to write; goes on from "Write"


@cache
def harms() -> tuple[Harm, ...]:
    """Every sort of serious harm."""
    return msgspec.convert(_read("harm")["harm"], tuple[Harm, ...])


@cache
def wordings() -> tuple[Wording, ...]:
    """Words that blame, label or shut people out."""
    return msgspec.convert(_read("wording")["wording"], tuple[Wording, ...])


@dataclass(frozen=True, slots=True)
class Hard:
    """Words that a young person may have to look up."""

    say: tuple[str, ...]
    instead: str  # what to say in their place


@cache
def hards() -> tuple[Hard, ...]:
    """Words of the work that a young person may not know, and plain ones."""
    return msgspec.convert(_read("plain")["hard"], tuple[Hard, ...])


@cache
def intelligence() -> tuple[str, ...]:
    """Words by which a sentence may tell what is not for a young person to carry about."""
    return msgspec.convert(_read("plain")["intelligence"], tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a chronology, and what is suggested for it."""

    key: str
    name: str  # at most 100 characters, as Mosaic takes a title
    say: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()  # keys; empty: any
    kinds: tuple[str, ...] = ()  # of note, of which each tells of such an event
    significant: bool = False  # a contact that somebody called significant tells of one


@cache
def categories() -> tuple[Category, ...]:
    """The categories of a chronology, the first to be asked for first."""
    return msgspec.convert(_read("chronology")["category"], tuple[Category, ...])


def _read(name: str) -> dict[str, Any]:
    found = resources.files("templates") / "checks" / f"{name}.toml"
    return tomllib.loads(found.read_text(encoding="utf-8"))
