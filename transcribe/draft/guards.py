"""What no weight may overrule: what is never left out, and what never stands as who, when and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft import cues, event_cues, header_cues
from transcribe.draft.cast import Kind
from transcribe.draft.checks import harm
from transcribe.draft.dates import dates
from transcribe.draft.opening import is_turn, names_speaker
from transcribe.draft.times import times
from transcribe.draft.wording import plain, words

if TYPE_CHECKING:
    from transcribe.draft.cast import Cast, Mention
    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

_ASIDE = 3  # words of its own that an aside may have
_SHORT = 4  # sentences; each of so few was meant to be recorded
_TAKES_LEAVE = re.compile(r"(?:okay|ok|right|alright|anyway|well)\b")
_OTHERS = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b")
_REPORTS = re.compile(  # "Reports no contact since": nobody says who, and the note is about one
    r"^(?:(?:also|then|has|had|was) )*(?:says?|saying|said|told|reports?|reported|express(?:es|ed)|disclose[sd]|state[sd]|explain(?:s|ed)"
    r"|describe[sd]|denie[sd]|admit(?:s|ted)|mention(?:s|ed)|ask(?:s|ed)|wants|wanted|feels|felt|thinks|thought|hope[sd])\b"
    r"|\b(?:was|were|is|kept) (?:saying|telling)\b"
)
_NEXT = re.compile(r"^(?:the |our |your )?next supervision\b")
_YES_OR_NO = re.compile(r"\b(?:yes|yeah|yep|yup|no|nope|nah)\b")
_SURELY_OPENS = (header_cues.KIND_OF_NOTE, header_cues.ALONE, header_cues.HOURS)
_MAY_OPEN = (header_cues.PRESENCE, header_cues.MET)


def tells(reading: Reading, place: Place) -> bool:
    """Whether it says something: that is never left out for saying nothing.

    An empty sentence that stands in a note costs a glance. A true one that is missing may cost more
    than can be put right. So only an aside may go, and only while it is short and speaks of nobody
    and of no harm.
    """
    left = _own_words(reading)
    if reading.quotes or (left and not _aside(reading, place)):
        return True
    return len(left) > _ASIDE or (bool(left) and _somebody(reading, place)) or _harm(reading)


def _aside(reading: Reading, place: Place) -> bool:
    """Whether it may be said to oneself, asked, or, at either end of a note, "Right, lunch"."""
    if cues.THINKING_ALOUD.search(reading.bare) or reading.text.rstrip().endswith("?"):
        return True
    at_an_end = place.total > _SHORT and place.index in {0, place.total - 1}
    return at_an_end and _TAKES_LEAVE.match(plain(reading.text)) is not None


def answers(reading: Reading, before: Reading) -> bool:
    """Whether it says yes or no to somebody else's question: "Did he hurt you?" "No."."""
    asked = before.text.rstrip().endswith("?") and not cues.THINKING_ALOUD.search(before.bare)
    other = reading.utterance.speaker != before.utterance.speaker
    return asked and other and _YES_OR_NO.search(plain(reading.text)) is not None


def empty(reading: Reading) -> bool:
    """Whether it is thinking aloud and nothing else."""
    return not reading.quotes and not _own_words(reading)


def opens(reading: Reading, place: Place) -> bool:
    """Whether it can be of who, when and where.

    Where it speaks of harm, a day, a name or "I saw" is not enough for that.
    """
    if any(rule.search(reading.bare) for rule in _SURELY_OPENS) or times(reading.text):
        return True
    if is_turn(reading, place) or names_speaker(reading, place):
        return True
    return _may_open(reading, place) and not _harm(reading)


def _may_open(reading: Reading, place: Place) -> bool:
    named = {one.kind for one in place.cast.mentions(reading.text)}
    if named & {Kind.YOUNG, Kind.OTHER} or dates(reading.text, place.recorded, "past"):
        return True
    return any(rule.search(reading.bare) for rule in _MAY_OPEN)


def reports_young(reading: Reading) -> bool:
    """Whether it may give a young person's account. Until one does, nothing is their words."""
    by = {one.kind for one in reading.reports} & {Kind.YOUNG, Kind.PRONOUN}
    own = reading.quotes_young or reading.role == "young_person"
    return bool(by) or own or _REPORTS.search(reading.bare) is not None


def names_young(reading: Reading, place: Place) -> bool:
    """Whether it may be about a young person, or somebody of theirs."""
    return _OTHERS.search(reading.bare) is not None or any(
        one.kind is Kind.YOUNG or _theirs(reading.text, one, place.cast)
        for one in place.cast.mentions(reading.text)
    )


def of_both(reading: Reading) -> bool:
    """Whether it sets the next supervision: that is nobody's own matter, whatever stands around it."""
    return _NEXT.search(reading.bare) is not None


def _theirs(text: str, mention: Mention, cast: Cast) -> bool:
    """Whether it is somebody whom the case knows and who is no worker; "my mum" is the worker's."""
    if mention.kind is not Kind.OTHER or plain(text[: mention.start]).endswith("my "):
        return False
    known = {person.name for person in cast.people} - {*cast.practitioners, *cast.supervisors}
    return mention.word in known or cast.name_of(mention.word) in known


def _own_words(reading: Reading) -> list[str]:
    """The words that are neither thinking aloud nor empty."""
    said = words(cues.THINKING_ALOUD.sub(" ", reading.bare))
    return [word for word in said if word not in cues.EMPTY]


def _somebody(reading: Reading, place: Place) -> bool:
    named = (one.kind for one in place.cast.mentions(reading.text))
    return names_young(reading, place) or Kind.OTHER in named


def _harm(reading: Reading) -> bool:
    return event_cues.RISK.search(reading.bare) is not None or bool(harm.found(reading.text))
