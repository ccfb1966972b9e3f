"""Words that blame, label or shut people out, each with what to write."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from templates.lists import Wording, wordings
from transcribe.draft.checks.harm import phrase
from transcribe.draft.checks.stems import folded
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = re.compile(r'"[^"]*"|\bquote\b.*?(?:\bunquote\b|\bend quote\b|$)')


@cache
def _patterns() -> tuple[tuple[Wording, re.Pattern[str]], ...]:
    return tuple(
        (one, re.compile(rf"(?<![\w'-])(?:{'|'.join(map(phrase, one.say))})(?![\w-])"))
        for one in wordings()
    )


def unkind(text: str) -> Iterator[Check]:
    """Words to look at again; what stands as somebody's own words is left alone."""
    source = _QUOTED.sub(lambda hit: " " * len(hit.group()), folded(text))
    for one, rule in _patterns():
        found = rule.search(source)
        if found:
            said = text[found.start() : found.end()]
            yield Check("wording", "look", f"“{said}”: {one.why} Write {one.instead}.")
