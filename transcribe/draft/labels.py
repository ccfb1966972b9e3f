"""Which heading a sentence belongs under: cue rules, tried in a fixed order.

The order is the meaning: a worker's own health before anything, attribution before risk, judgement
before fact. A rule answers with a label or with None.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from transcribe.draft import cues, event_cues, header_cues
from transcribe.draft.cast import Kind
from transcribe.draft.dates import dates
from transcribe.draft.opening import header, is_turn, names_speaker, purpose
from transcribe.draft.times import times
from transcribe.draft.wording import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

FILLER = "filler"
_FEW = 3  # content words that may be left in a sentence that says nothing
_STRONG = 2  # what an outright "I'm worried" counts for, in single cues

Rule: TypeAlias = "Callable[[Reading, Place], str | None]"


def label(reading: Reading, place: Place) -> str:
    """The section key for a sentence, or FILLER."""
    for rule in _RULES.get(place.kind, _NOTE_RULES):
        found = rule(reading, place)
        if found is not None:
            return found
    return "what_happened"


def _filler(reading: Reading, place: Place) -> str | None:
    if reading.quotes or is_turn(reading, place):
        return None
    said = words(reading.bare)
    left = [
        word for word in words(cues.THINKING_ALOUD.sub(" ", reading.bare)) if word not in cues.EMPTY
    ]
    if not left:
        return FILLER
    aloud = len(" ".join(left)) < len(" ".join(said)) and cues.THINKING_ALOUD.search(reading.bare)
    return FILLER if aloud and len(left) <= _FEW and not _holds_facts(reading, place) else None


def _holds_facts(reading: Reading, place: Place) -> bool:
    named = any(one.kind is Kind.YOUNG for one in place.cast.mentions(reading.text))
    spoken = dates(reading.text, place.recorded, "future") or times(reading.text)
    return named or bool(spoken) or reading.account is not None


def _wellbeing(reading: Reading, place: Place) -> str | None:
    """Supervision: the worker's own matters, which must never reach a young person's record."""
    own = _speaks_of_self(reading, place)
    if own and cues.WELLBEING.search(reading.bare) and not _about_young(reading, place):
        return "wellbeing"
    if place.about_worker and not _next_meeting(reading) and not _about_young(reading, place):
        return "wellbeing"
    return None


def _speaks_of_self(reading: Reading, place: Place) -> bool:
    direct = re.search(r"\b(?:i|i'm|i've|my|you|your|you're|you've|me)\b", reading.bare) is not None
    return direct or place.about_worker or place.previous == "wellbeing"


def _about_young(reading: Reading, place: Place) -> bool:
    named = any(one.kind is Kind.YOUNG for one in place.cast.mentions(reading.text))
    return named or re.search(r"\b(?:he|she|him|her|his)\b", reading.bare) is not None


def _next_meeting(reading: Reading) -> bool:
    return (
        re.search(r"\b(?:next (?:supervision|one)|meet again|same time)\b", reading.bare)
        is not None
    )


def _prompt(reading: Reading, place: Place) -> str | None:
    """A supervisor's question with no content of its own."""
    if reading.role != "supervisor" or not reading.text.rstrip().endswith("?"):
        return None
    asks = re.search(r"\b(?:can|could|would|will) you\b|\byou need to\b", reading.bare)
    return None if asks or is_turn(reading, place) or place.about_worker else FILLER


def _says(reading: Reading, kind: Kind) -> bool:
    account = reading.account
    return account is not None and account.kind is kind


def _decision(reading: Reading, _place: Place) -> str | None:
    if not cues.DECISION.search(reading.bare) or reading.quotes:
        return None
    if reading.role == "supervisor":
        return None if _asked_of_other(reading) else "decision"
    managed = cues.MANAGER.search(reading.bare) or re.search(r"\bdeci(?:ded|sion)\b", reading.bare)
    return (
        "decision"
        if managed and not _says(reading, Kind.YOUNG) and not _conditional(reading)
        else None
    )


def _asked_of_other(reading: Reading) -> bool:
    return (
        re.search(r"\b(?:you need to|can you|could you|would you|i'll|you should)\b", reading.bare)
        is not None
    )


def _conditional(reading: Reading) -> bool:
    return re.match(r"if\b", reading.bare) is not None


def _action(reading: Reading, place: Place) -> str | None:
    """Something ahead, said as a task or appointment and not inside somebody's account."""
    if cues.FUTURE_START.search(reading.bare):
        return "action"
    ahead = [found.start() for found in cues.FUTURE.finditer(reading.bare)]
    if not ahead or _judges(reading) or _was_ahead(reading):
        return None
    account = reading.account
    own = re.search(
        r"(?:^|,\s|\bso |\band )(?:so |and |then )*(?:i'll|i will|i'm going to|i need to|i've said|i've booked|we'll|we've said)\b",
        reading.bare,
    )
    if own and not reading.quotes:
        return "action"
    if account is None or not account.said:
        return "action" if account is None or _dated(reading, place) else None
    told = re.search(r"\b(?:agreed|promised|offered) to\b", reading.bare)
    return "action" if told else None


def _dated(reading: Reading, place: Place) -> bool:
    return bool(dates(reading.text, place.recorded, "future"))


def _was_ahead(reading: Reading) -> bool:
    """Only past plans: "was going to", "had to", "didn't need to"."""
    past = r"\b(?:was|were|wasn't|weren't) (?:going|due|to|booked)\b|\bhad to\b|\bdidn't (?:need|have) to\b|\b(?:would|might|may)(?: not)? (?:have|need) to\b|'d (?:have|need) to\b"
    rest = re.sub(past, " ", reading.bare)
    return rest != reading.bare and cues.FUTURE.search(rest) is None


def _judges(reading: Reading) -> bool:
    found = cues.ANALYSIS.search(reading.bare)
    return found is not None and found.start() <= len("my own honest view is that ")


def _young_person_words(reading: Reading, _place: Place) -> str | None:
    """Attribution wins: what they said, wanted or denied, even about risk."""
    told = _says(reading, Kind.YOUNG) and not _thinks_first(reading)
    return "young_person_words" if reading.quotes_young or told else None


def _thinks_first(reading: Reading) -> bool:
    """Whether it is the worker's thought about them: "I think he wants ..."."""
    found = cues.ANALYSIS.search(reading.bare)
    account = reading.account
    if found is None or account is None:
        return False
    return found.start() + reading.opened < account.start


def _analysis(reading: Reading, _place: Place) -> str | None:
    if not cues.ANALYSIS.search(reading.bare) or (
        _says(reading, Kind.OTHER) and not _judges(reading)
    ):
        return None
    return "analysis"


def _events(reading: Reading, place: Place) -> str | None:
    """What was seen, worrying, going well or simply happened: the strongest cue wins."""
    bare = reading.bare
    seen = 0 if _says(reading, Kind.OTHER) else len(event_cues.OBSERVED.findall(bare))
    risk = len(event_cues.RISK.findall(bare)) + _STRONG * bool(event_cues.STRONG_WORRY.search(bare))
    good = len(event_cues.STRENGTH.findall(bare)) + _STRONG * bool(
        event_cues.STRONG_STRENGTH.search(bare)
    )
    did = bool(event_cues.DID.search(bare))
    if did and not seen and max(risk, good) <= _STRONG:
        return "what_happened"
    best = max(seen, risk, good)
    if best == 0:
        return None
    if seen == best and place.kind != "supervision":
        return "observation"
    return "strength" if good >= risk else "worry"


def _annotation(reading: Reading, place: Place) -> str | None:
    opens = names_speaker(reading, place) or header_cues.KIND_OF_NOTE.search(reading.bare)
    if place.index <= _FEW and not place.told and opens:
        return "header"
    return _filler(reading, place) or "young_person_words"


_NOTE_RULES: tuple[Rule, ...] = (
    _filler,
    _prompt,
    header,
    purpose,
    _decision,
    _action,
    _young_person_words,
    _analysis,
    _events,
)
_RULES: dict[str, tuple[Rule, ...]] = {
    "supervision": (header, _filler, _wellbeing, *_NOTE_RULES[1:]),
    "young_person_annotation": (_annotation,),
}
