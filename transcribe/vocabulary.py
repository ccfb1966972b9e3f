"""Names and local terms, given to the speech engine so that it can spell them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcribe.model import Person

LONGEST = 600
"""Characters. Whisper reads 223 tokens of them: of rare names two characters each, of terms four."""

_TOGETHER = 7  # terms in one sentence, about as many as people say
_NAMES_IN = ("This is a note about", "I also spoke to")
_CORRECTED_IN = ("I mentioned", "I mentioned")
_TERMS_IN = ("We talked about", "Then it was about")

GLOSSARY = (
    *("MASH", "NRM", "Section 47", "MARVE", "county lines", "SENCo", "EHCP", "CAMHS", "YOT", "RHI"),
    *(
        "return home interview",
        "strategy meeting",
        "trap house",
        "going country",
        "Mosaic",
        "Evolve",
    ),
    *("Snapchat", "LADO", "Wandsworth", "Battersea", "Tooting", "Balham", "Roehampton", "Putney"),
    *(
        "Earlsfield",
        "Southfields",
        "Clapham",
        "Clapham Junction",
        "Garratt Lane",
        "Lavender Hill",
        "Lambeth",
    ),
)
"""Terms of the work and places of Wandsworth that a general speech model tends to miss. They are no
hints: what sounds like one of them is weighed against it."""

RELATIONS = frozenset(
    (
        *("mum", "mother", "dad", "father", "nan", "nana", "gran", "granny", "grandad", "grandma"),
        *("auntie", "aunty", "aunt", "uncle", "brother", "sister", "cousin", "stepmum", "stepdad"),
        *("carer", "little", "big"),
    )
)
"""What people are called who have a name besides."""
_OWNED = re.compile(r"(.+?)['’]s? (.+)")

_FIRST = ("young_person", "practitioner", "supervisor", "parent", "carer", "family")
_MOST_CORRECTED = 14  # the glossary is to have room beside them
_LONGEST_CORRECTED = 30  # characters: a rewritten sentence is no hint


def hotwords(
    people: Sequence[Person],
    glossary: Sequence[str] = (),
    corrections: Sequence[str] = (),
) -> str | None:
    """A few bounded sentences of the words the engine should expect; None when there are none.

    Sentences and not a list, because Whisper writes as its prompt is written: after a list of words
    it puts commas where full stops belong, and the drafter needs the full stops. Names come first,
    the young person's before the worker's, the family's and others', then what was corrected, then
    terms; each stands once, whatever its capitals. What does not fit is left out whole, so that no
    word is cut.

    Args:
        people: everybody the case knows.
        glossary: local terms, the most important first. Each costs names: of 581, 540 were heard with
            GLOSSARY and 556 without it, so terms that are mostly heard are better asked about.
        corrections: words that people put into transcripts of this case, the newest first.
    """
    seen: set[str] = set()
    names = _new(said_names([person.name for person in sorted(people, key=_nearness)]), seen)
    short = (term for term in _tidy(corrections) if len(term) <= _LONGEST_CORRECTED)
    corrected = _new(short, seen)[:_MOST_CORRECTED]
    terms = _new(_tidy(glossary), seen)
    line = ""
    for opening, group in (
        *_grouped(_NAMES_IN, names),
        *_grouped(_CORRECTED_IN, corrected),
        *_grouped(_TERMS_IN, terms),
    ):
        line = _extended(line, opening, group)
    return line or None


def introduced(names: Sequence[str]) -> str:
    """One sentence of names alone, as much as fits."""
    return _extended("", _NAMES_IN[0], _new(said_names(names), set()))


def _nearness(person: Person) -> int:
    return _FIRST.index(person.role) if person.role in _FIRST else len(_FIRST)


def _new(terms: Iterable[str], seen: set[str]) -> list[str]:
    fresh = []
    for term in terms:
        if term.casefold() not in seen:
            seen.add(term.casefold())
            fresh.append(term)
    return fresh


def _grouped(
    openings: tuple[str, str], terms: Sequence[str]
) -> Iterator[tuple[str, Sequence[str]]]:
    for start in range(0, len(terms), _TOGETHER):
        yield openings[start > 0], terms[start : start + _TOGETHER]


def _extended(line: str, opening: str, group: Sequence[str]) -> str:
    """`line` and one more sentence with as much of `group` as fits."""
    for size in range(len(group), 0, -1):
        listed = ", ".join(group[: size - 1])
        joined = f"{listed} and {group[size - 1]}" if listed else group[size - 1]
        longer = f"{line} {opening} {joined}.".strip()
        if len(longer) <= LONGEST:
            return longer
    return line


def said_names(names: Iterable[str]) -> Iterator[str]:
    """Names as said: "Kwame's mum" gives nothing new, "Auntie Bola" and "Mr Rahmani" do."""
    for each in names:
        name = " ".join(each.split())
        owned = _OWNED.fullmatch(name)
        if owned and all(word.casefold() in RELATIONS for word in owned[2].split()):
            name = owned[1]
        if name and name.casefold() not in RELATIONS:
            yield name


def _tidy(glossary: Sequence[str]) -> Iterator[str]:
    return (term for term in (" ".join(one.split()) for one in glossary) if term)
