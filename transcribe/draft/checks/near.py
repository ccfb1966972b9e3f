"""A sentence that is nearly the one that was said: then every word that was changed counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from transcribe.draft.checks.stems import TOKEN, folded, words
from transcribe.draft.corrections import cleaned

_NEARLY = 0.75  # share of words in common, as difflib counts


@dataclass(frozen=True, slots=True)
class Changed:
    """Words that stand in place of others."""

    here: tuple[str, ...]
    there: tuple[str, ...]
    start: int  # of the first, in words of the sentence
    said_at: int  # of the first in what was said, in characters


@dataclass(frozen=True, slots=True)
class Near:
    """Two texts side by side."""

    near: bool
    same: bool  # word for word, with or without what the speaker took back
    changed: tuple[Changed, ...]


def spoken(text: str) -> str:
    """What was said, without what the speaker took back."""
    return cleaned(text)


@lru_cache(maxsize=32)
def beside(text: str, said: str) -> Near:
    """`text` beside what was said."""
    here = TOKEN.findall(folded(text))
    meant = spoken(said)
    tokens = list(TOKEN.finditer(folded(meant)))
    there = [token.group() for token in tokens]
    matcher = SequenceMatcher(None, there, here, autojunk=False)
    changed = tuple(
        Changed(tuple(here[c:d]), tuple(there[a:b]), c, tokens[a].start())
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag == "replace"
    )
    same = words(text) in (words(said), words(meant))
    return Near(matcher.ratio() >= _NEARLY, same, changed)


def likeness(here: list[str], there: list[str]) -> float:
    """How much two lists have in common, in order: 0 to 1."""
    return SequenceMatcher(None, here, there, autojunk=False).ratio()


def pairs(near: Near) -> Iterator[tuple[str, str, int]]:
    """Each word with the one it stands in place of, where they can be told; and where that was."""
    for one in near.changed:
        if len(one.here) == len(one.there):
            yield from ((a, b, one.said_at) for a, b in zip(one.here, one.there, strict=True))
