"""How easily a text is read, and which of its words are hard: figures for a reader, no judgement."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources

from templates.lists import hards
from transcribe.draft.checks.harm import phrase
from transcribe.draft.checks.stems import folded

YOUNGEST, OLDEST = 6, 18
MEANT_FOR = 9
"""The reading age to aim at."""

_GRADE = 5  # a child is five years older than their school grade
_LONG = 20  # words in one sentence
_ENDS = (("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("n't", ""))
_SENTENCE = re.compile(r"[^.!?]+")


@dataclass(frozen=True, slots=True)
class Hard:
    """A hard word, and what to say instead; empty where nobody knows."""

    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class Reads:
    """How a text reads."""

    age: int  # in years
    hard: tuple[Hard, ...]
    long: bool  # whether it holds a sentence of many words


def reads(text: str) -> Reads:
    """How a text reads, by the Flesch-Kincaid formula and two lists of words."""
    # It takes seconds to load a dictionary: nobody waits for that who prepares nothing.
    from textstat import textstat  # noqa: PLC0415

    grade = textstat.flesch_kincaid_grade(text)
    age = min(OLDEST, max(YOUNGEST, round(grade) + _GRADE))
    known = _known(text)
    told = {part for each in known for part in folded(each.word).split()}
    names = {folded(word) for word in re.findall(r"\b[A-Z][\w'’-]*", text)}
    more = sorted(set(map(folded, textstat.difficult_words_list(text))) - told - names)
    long = any(len(each.split()) > _LONG for each in _SENTENCE.findall(text))
    return Reads(age, (*known, *(Hard(word, "") for word in more)), long)


def is_ordinary(word: str, but: Collection[str] = ()) -> bool:
    """Whether a word, in small letters, is one of the three thousand that everybody knows, or of one.

    What is made of one of `but` does not count.
    """
    made = (word, *(f"{word[: -len(end)]}{on}" for end, on in _ENDS if word.endswith(end)))
    return any(each in _everyday() for each in made) and not set(made) & set(but)


@cache
def _everyday() -> frozenset[str]:
    path = resources.files("textstat") / "resources" / "en" / "easy_words.txt"
    return frozenset(path.read_bytes().decode("latin-1").casefold().split())


def _known(text: str) -> tuple[Hard, ...]:
    source, found, until = folded(text), {}, 0
    hits = [(*hit.span(), instead) for rule, instead in _rules() for hit in rule.finditer(source)]
    for start, end, instead in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start >= until:  # of words within others the longer ones say more
            found[text[start:end]] = instead
            until = end
    return tuple(Hard(word, instead) for word, instead in found.items())


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (
            re.compile(rf"(?<![\w'])(?:{'|'.join(map(phrase, each.say))})(?![\w])"),
            each.instead,
        )
        for each in hards()
    )
