"""Where a contact took place, in the speaker's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.dates import dates
from transcribe.draft.times import times
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

from datetime import date

_ANY_DAY = date(2001, 1, 1)  # spans are wanted here, not days
_START = re.compile(
    r"\b(?:at|by(?= (?:the|a|his|her|their|my)\b)|in|on|outside|near|round,?|inside|(?:came|popped|round|over|went) to(?! (?:see|visit|meet|talk|check|find|do|go|ask|speak|collect|pick|get|tell)\b))\s+(?=[a-z])"
)
_MORE = re.compile(r"^,?\s*(?:(?:at|in|on|by|near|off|opposite|outside)\s+)(?=[a-z])")
_STOPS = re.compile(
    r"[,.;?!]|\b(?:because|so|and|but|just|with|for|where|when|which|that|to|from|as|since|while|about|we|i|he|she|his own|her own|it was|it's)\b"
    r"|\b(?:at|in|on|by|near|off|opposite|outside)\b"
)
_NO_PLACE = re.compile(
    r"(?:the (?:morning|afternoon|evening|end|way|phone|first|positive|plus|room|kitchen|car|seventy|72|whole)|time|his own|her own|their own|our own|my own|himself|herself"
    r"|teams|zoom|most|all|least|a (?:good|bad|bit|really)|good|person|general|private|it\b|case|outreach|video|duty|(?:this|that)(?=\s*(?:[,.;?!]|$))|once|(?:him|hers?|them|theirs)(?=\s*(?:[,.;?!]|$|(?:and|at|in|on|for|to|with|alone|about)\b))|my|both|front|bed|(?:this|that|the other) one\b|\d)"
)
_NAMED = re.compile(  # "Quarter to six, Balham library": no word leads up to it
    r"(?:(?:venue|place|location)(?: was| is)? )?(?P<named>(?:(?:the|my|his|her|their) )?(?:(?!(?:and|walked|took|drove|him|her|went|came|got)\b)[\w']+ ){0,3}?(?:library|park|school|college|hospital|station|office|cent(?:re|er)|court|gym|caf[eé]"
    r"|flat|house|home|youth club|church|mosque|temple|pool|museum|studio|hostel|(?:\w+ )?room(?: \w+)?)(?: in [\w ]+)?)"
)
_LEADING = re.compile(r"^(?:his|her|their|my|our) ")


def place_of(said: Sequence[str], people: Collection[str] = ()) -> str | None:
    """The first place named in the header sentences, such as "school, Tooting".

    Args:
        said: the sentences.
        people: names that are no places: "case note on Zofia, at hers".
    """
    names = {plain(name) for whole in people for name in (whole, whole.split()[0])}
    for text in said:
        found = [place for place in _places(_without_when(text)) if plain(place) not in names]
        if found:
            return ", ".join(found)
    for text in said:
        for piece in re.split(r"[,.;]\s*", _without_when(text)):
            named = _NAMED.fullmatch(plain(piece))
            if named:
                return _tidy(piece[named.start("named") :])
    return None


def _without_when(text: str) -> str:
    spans = [(one.start, one.end) for one in dates(text, _ANY_DAY, "past")]
    spans += [(one.start, one.end) for one in times(text)]
    kept, last = "", 0
    for start, end in sorted(spans):  # "4 o'clock this afternoon" is a time, and its end a day
        if end > last:
            kept += f"{text[last:start]},"
            last = end
    return kept + text[last:]


def _places(text: str) -> list[str]:
    source = plain(text)
    for start in _START.finditer(source):
        if _NO_PLACE.match(source, start.end()):
            continue
        found: list[str] = []
        position: int | None = start.end()
        while position is not None:
            end = _end(source, position)
            found += _named(text[position:end])
            more = _MORE.match(source[end:])
            position = (
                end + more.end() if more and not _NO_PLACE.match(source, end + more.end()) else None
            )
        if found:
            return found
    return []


def _named(phrase: str) -> list[str]:
    """The phrase as a place; nothing where only an article is left of "on the" and a day."""
    tidy = _tidy(phrase)
    return [tidy] if tidy and plain(tidy) not in {"the", "a", "an"} else []


def _end(source: str, start: int) -> int:
    found = _STOPS.search(source, start)
    return found.start() if found else len(source)


def _tidy(phrase: str) -> str:
    return _LEADING.sub("", phrase.strip(" ,.;"))
