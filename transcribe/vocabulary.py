"""Names and local terms, given to the speech engine so that it can spell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcribe.model import Person

LONGEST = (
    600  # characters; Whisper takes about 220 tokens of prompt and names cost up to two a syllable
)

GLOSSARY = (
    *("MASH", "NRM", "Section 47", "MARVE", "county lines", "SENCo", "EHCP", "CAMHS", "YOT", "RHI"),
    *(
        "return home interview",
        "strategy meeting",
        "trap house",
        "cuckooing",
        "going country",
        "CSE",
    ),
    *("CCE", "contextual safeguarding", "early help", "Mosaic", "Evolve", "Snapchat", "Section 17"),
    *("EGYV", "LADO", "IRO", "PEP", "SW18", "Wandsworth", "Battersea", "Tooting", "Balham"),
    *("Roehampton", "Putney", "Earlsfield", "Southfields", "Clapham Junction", "Streatham"),
    *("Garratt Lane", "Lavender Hill", "Mitcham Road", "St George's", "Lambeth", "Merton"),
)
"""Terms of the work and places of Wandsworth that a general speech model tends to miss."""

_COMMON = frozenset(
    (
        *("mum", "mother", "dad", "father", "nan", "gran", "grandad", "auntie", "aunt", "uncle"),
        *("brother", "sister", "cousin", "stepmum", "stepdad", "carer", "little", "big"),
    )
)


def hotwords(people: Sequence[Person], glossary: Sequence[str] = GLOSSARY) -> str | None:
    """One bounded line of words that the engine should expect; None when there are none.

    Names come first, then terms in the order given; each stands once, whatever its capitals. What
    does not fit is left out whole, so that no word is cut.

    Args:
        people: everybody the case knows.
        glossary: local terms, the most important first.
    """
    chosen: dict[str, str] = {}
    length = 0
    for term in (*_names(people), *_tidy(glossary)):
        if term.casefold() in chosen or length + len(term) + 2 > LONGEST:
            continue
        chosen[term.casefold()] = term
        length += len(term) + 2
    return ", ".join(chosen.values()) or None


def _names(people: Sequence[Person]) -> Iterator[str]:
    """Names as said: "Kwame's mum" gives nothing new, "Auntie Bola" and "Mr Rahmani" do."""
    for person in people:
        name = " ".join(person.name.split())
        owner, owned, rest = name.partition("'s ")
        if owned and all(word.casefold() in _COMMON for word in rest.split()):
            name = owner
        if name and name.casefold() not in _COMMON:
            yield name


def _tidy(glossary: Sequence[str]) -> Iterator[str]:
    return (term for term in (" ".join(one.split()) for one in glossary) if term)
