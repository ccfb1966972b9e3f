"""Where a sentence stands in a note, who speaks, and, in supervision, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft import cues, header_cues
from transcribe.draft.cast import Cast, Kind
from transcribe.draft.wording import words

if TYPE_CHECKING:
    from datetime import date

    from transcribe.draft.reading import Reading

_LONG_TURN = 14  # words in "Let's start with Leila then, where are we up to?"
_SHORT_TURN = 6  # words in "Right, Chidi."


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the note a sentence stands."""

    kind: str  # note type
    cast: Cast
    recorded: date
    index: int
    total: int  # sentences in the note
    named: bool = False  # a young person was named before


def is_turn(reading: Reading, place: Place) -> bool:
    """Whether a sentence turns to a young person: "Right, Chidi", "let's talk about Kiera"."""
    names = [one for one in place.cast.mentions(reading.text) if one.kind is Kind.YOUNG]
    said = words(reading.bare)
    if not names or len(said) > _LONG_TURN or reading.account is not None:
        return False
    several = place.kind != "supervision" and len(place.cast.young) > 1
    if header_cues.TURNS.search(reading.bare) and (several or reading.role != "worker"):
        return True
    left = [word for word in said if word not in cues.EMPTY and word not in _spellings(place.cast)]
    left = [word for word in left if not header_cues.TURNS.fullmatch(word)]
    return len(said) <= _SHORT_TURN and not left


def names_speaker(reading: Reading, place: Place) -> bool:
    """Whether the speaker gives their own name."""
    found = header_cues.INTRODUCES.search(reading.text)
    known = {word for person in place.cast.people for word in person.name.split()}
    if found and (found["name"] or found["here"]) in known:
        return True
    people = (*place.cast.practitioners, *place.cast.supervisors, *place.cast.young)
    opening = reading.bare.split(",")[0].strip(" .")
    return any(opening == name.lower() for name in people)


def _spellings(cast: Cast) -> set[str]:
    return {word for person in cast.people for word in words(person.name.lower())}
