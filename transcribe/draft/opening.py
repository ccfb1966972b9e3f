"""The opening of a note: who, when, where and why; and, in supervision, whose turn it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft import cues, header_cues
from transcribe.draft.cast import Cast, Kind
from transcribe.draft.dates import dates
from transcribe.draft.times import times
from transcribe.draft.wording import words

if TYPE_CHECKING:
    from datetime import date

    from transcribe.draft.reading import Reading

_OPENING = 6  # sentences in which a note says who is speaking and about whom
_EARLY = 14  # sentences in which it still says who was there
_STRAY = 2  # sentences of account after which a plain header cue still counts
_LONG_TURN = 14  # words in "Let's start with Leila then, where are we up to?"
_SHORT_TURN = 6  # words in "Right, Chidi."
_MET = re.compile(
    r"(?:i|we) (?:saw|met|sat|visited|did see)|it was (?:at|in|on|by|just|only)|met\b|he was at|she was at"
)
_COVERS = re.compile(r"(?:it|this) (?:covers|was about|is about|was for)\b")
_BECAUSE = re.compile(r"\b(?:reason|purpose|point|aim|idea) (?:of|for|was|behind)\b")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the note a sentence stands."""

    kind: str  # note type
    cast: Cast
    recorded: date
    index: int
    previous: str | None = None  # label of the sentence before
    total: int = 0  # sentences in the note
    told: int = 0  # sentences of the account so far
    about_worker: bool = False  # supervision: the talk is about the worker


def is_turn(reading: Reading, place: Place) -> bool:
    """Whether a sentence turns to a young person: "Right, Chidi", "let's talk about Kiera"."""
    names = [one for one in place.cast.mentions(reading.text) if one.kind is Kind.YOUNG]
    said = words(reading.bare)
    if not names or len(said) > _LONG_TURN or reading.account is not None:
        return False
    if header_cues.TURNS.search(reading.bare) and reading.role != "worker":
        return True
    left = [word for word in said if word not in cues.EMPTY and word not in _spellings(place.cast)]
    left = [word for word in left if not header_cues.TURNS.fullmatch(word)]
    return len(said) <= _SHORT_TURN and not left


def introduces(reading: Reading, place: Place) -> bool:
    """Whether a sentence says who is recording what: "This is Dele, case note for Kwame"."""
    if place.index > _OPENING or place.told > _STRAY:
        return False
    kind = header_cues.KIND_OF_NOTE.search(reading.bare)
    named = names_speaker(reading, place)
    if place.index <= _STRAY and _calendar_day(reading, place) and not gives_account(reading):
        return True
    return bool(
        (named and (kind or has_when(reading, place))) or (kind and has_when(reading, place))
    )


def names_speaker(reading: Reading, place: Place) -> bool:
    """Whether the speaker gives their own name."""
    found = header_cues.INTRODUCES.search(reading.text)
    known = {word for person in place.cast.people for word in person.name.split()}
    if found and (found["name"] or found["here"]) in known:
        return True
    people = (*place.cast.practitioners, *place.cast.supervisors, *place.cast.young)
    opening = reading.bare.split(",")[0].strip(" .")
    return any(opening == name.lower() for name in people)


def has_when(reading: Reading, place: Place) -> bool:
    """Whether a day or a clock time is said."""
    return bool(dates(reading.text, place.recorded, "past") or times(reading.text))


def _calendar_day(reading: Reading, place: Place) -> bool:
    if cues.FUTURE.search(reading.bare):
        return False
    found = dates(reading.text, place.recorded, "past")
    return any(one.exact and one.on <= place.recorded for one in found)


def _lists_members(reading: Reading, place: Place) -> bool:
    named = {one.word for one in place.cast.mentions(reading.text) if one.kind is Kind.YOUNG}
    return len(named) > 1 and place.told == 0


def header(reading: Reading, place: Place) -> str | None:
    """Who, when, where, how, who was there, seen and seen alone."""
    turns = is_turn(reading, place) and place.kind in {"supervision", "group_session"}
    if turns or introduces(reading, place):
        return "header"
    if place.index > _EARLY or place.told > _STRAY:
        return None
    if reading.quotes_young or gives_account(reading):
        return None
    found = _says_who_was_there(reading, place) or _goes_on(reading, place)
    return "header" if found else None


def _says_who_was_there(reading: Reading, place: Place) -> bool:
    interview = place.kind == "return_home_interview"
    if interview and header_cues.HOURS.search(reading.bare):
        return True
    alone = header_cues.ALONE.search(reading.bare)
    when = has_when(reading, place)
    if alone:
        return True
    if _explains(reading) and not when:
        return False
    present = header_cues.PRESENCE.search(reading.bare) and _people(reading, place)
    met = header_cues.MET.search(reading.bare) and (when or _MET.match(reading.bare))
    return bool(present or (met and not place.told) or _lists_members(reading, place))


def _goes_on(reading: Reading, place: Place) -> bool:
    """Whether a day or time goes on with the opening, which engines cut in pieces."""
    if place.previous != "header" or place.told or place.kind == "supervision":
        return False
    why = _explains(reading) or header_cues.MISSING_EPISODE.search(reading.bare)
    return has_when(reading, place) and not why


def gives_account(reading: Reading) -> bool:
    """Whether somebody is reported as saying something (not only feeling or wanting)."""
    return reading.account is not None and reading.account.said


def _explains(reading: Reading) -> bool:
    found = header_cues.PURPOSE.match(reading.bare) or _COVERS.match(reading.bare)
    return found is not None


def _people(reading: Reading, place: Place) -> bool:
    kinds = {Kind.OTHER, Kind.YOUNG}
    return any(one.kind in kinds for one in place.cast.mentions(reading.text))


def purpose(reading: Reading, place: Place) -> str | None:
    """Why the contact took place; in a return home interview, the time they were missing."""
    plainly = _BECAUSE.search(reading.bare)
    if place.index > _EARLY or reading.quotes or (place.told and not plainly):
        return None
    if (
        place.kind == "return_home_interview"
        and not gives_account(reading)
        and header_cues.MISSING_EPISODE.search(reading.bare)
    ):
        return "purpose"
    follows = place.previous in {"header", "purpose"} and not place.told
    if gives_account(reading) and not (reading.account and reading.account.asked):
        return None
    if header_cues.PURPOSE.search(reading.bare):
        return "purpose"
    told = re.match(
        r"(?:i|we) (?:told|explained|went through|said|asked|knocked|rang|waited)\b", reading.bare
    )
    hinted = follows and not told and header_cues.PURPOSE_NEXT.search(reading.bare)
    return "purpose" if hinted else None


def _spellings(cast: Cast) -> set[str]:
    return {word for person in cast.people for word in words(person.name.lower())}
