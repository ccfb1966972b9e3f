"""What in a sentence a person has to look at before the young person may carry it about.

Names of others are looked for in several ways together, as each alone misses some: who is known around
this young person and around others of the same worker, what a model takes for a name, and capitals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from recorder.review.naming import Cleared
from recorder.review.plain import Two, names_of
from store.cases import CaseDetails
from store.store import Store
from templates.lists import intelligence
from transcribe.draft.checks.harm import phrase
from transcribe.draft.checks.stems import folded

_FAMILY = {"young_person", "practitioner", "supervisor", "parent", "carer", "family"}
_REACH = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|@\w+|\+?\d(?:[ -]?\d){6,}|\b[A-Za-z]{1,2}\d{1,2}[A-Za-z]?\s*\d[A-Za-z]{2}\b"
    r"|\b\d+[a-z]?\s+(?:[a-z]+\s+){1,2}(?:road|street|lane|avenue|close|court|house|way|drive|estate)\b",
    re.IGNORECASE,
)

Recognised = Callable[[str], Iterable[str]]
"""Takes a text; gives what a model takes for names in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something to look at."""

    words: str  # as they stand in the text
    why: Literal["name", "reach", "intelligence"]


@dataclass(frozen=True)
class Around:
    """Who may be named to a young person, and who may not unless a person says so."""

    two: Two
    cleared: Cleared
    recognise: Recognised

    @classmethod
    def of(
        cls,
        case: CaseDetails,
        practitioner: str,
        others: Iterable[CaseDetails] = (),
        recognise: Recognised = lambda _: (),
    ) -> Around:
        """Around one young person; `others`: of the cases near theirs."""
        own = {case.name, *case.known_as}
        family = {each.name for each in case.people if each.role in _FAMILY}
        around = {each.name for each in case.people if each.role not in _FAMILY}
        near = {name for each in others for name in (each.name, *each.known_as)}
        cleared = Cleared.of({practitioner, *own, *family}, around | near)
        shared = cleared.both | _parts(family) & _parts({*own, practitioner})
        return cls(Two(names_of(own), names_of({practitioner}), shared), cleared, recognise)

    def found(self, text: str) -> tuple[Found, ...]:
        """What is to be looked at, each once, in no order."""
        names = [Found(words, "name") for words in self.cleared.named_in(text)]
        known = {part.casefold() for each in names for part in each.words.split()}
        names += [
            Found(words, "name")
            for words in self.recognise(text)
            if not {part.casefold() for part in words.split()} <= known | self._free
        ]
        reach = [Found(hit.group().strip(), "reach") for hit in _REACH.finditer(text)]
        told = [Found(hit, "intelligence") for hit in _intelligence(text)]
        return tuple(dict.fromkeys((*names, *reach, *told)))

    @cached_property
    def _free(self) -> frozenset[str]:
        return self.cleared.names - self.cleared.both


def around(store: Store, case: CaseDetails, practitioner_id: str, recognise: Recognised) -> Around:
    """Around a young person of this practitioner's."""
    near = store.cases.near(practitioner_id, ()).cases.values()
    others = [each.details for each in near if each.details.ref != case.ref]
    return Around.of(case, store.people.get(practitioner_id).name, others, recognise)


def _intelligence(text: str) -> list[str]:
    source = folded(text)
    return [text[hit.start() : hit.end()] for hit in _rule().finditer(source)]


@cache
def _rule() -> re.Pattern[str]:
    longest = sorted(intelligence(), key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(phrase, longest))})(?![\w])")


def _parts(names: Iterable[str]) -> frozenset[str]:
    return frozenset(part.casefold() for name in names for part in name.split())
