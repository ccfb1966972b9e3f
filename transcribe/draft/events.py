"""What was seen, what is worrying, what is going well, and what simply happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft import event_cues
from transcribe.draft.attribution import resolve
from transcribe.draft.cast import Kind

if TYPE_CHECKING:
    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

_OUTRIGHT = 2  # what "I'm worried" or "on the positive side" counts for, in single cues
_SEEN_KINDS = frozenset(
    ("case_note", "attempted_contact", "group_session", "return_home_interview")
)
_LASTING = re.compile(
    r"^(?:\w+ ){0,3}?(?:\w+'s|has|have|is|are|\w+'ve)\s+(?:been|got|never|not|still|always|really|also|\w+ed|\w+ing|\w+en|put|kept|stuck|come|gone|done|had|a|the)\b"
)
_GOES_ON = re.compile(r"(?:And|Or|But|So|Because|That|Not|Nor|Which)\b")
_CARRIED = frozenset(("young_person_words", "observation", "worry", "strength", "analysis"))
_WORKER = re.compile(r"(?:i|we|me and|i've|we've|i'd|we'd)\b")
_HEARD = re.compile(
    r"\b(?:sounded|sounding|i could hear|i heard|in the background|out of breath|whisper\w*|crying|in tears|tearful|laugh\w*|slurr\w+"
    r"|went quiet|was quiet|voice|talking fast|on the line|giggl\w+|sobbing|shouting down)\b"
)
_PRONOUN = re.compile(r"(?:he|she|they|his|her|their)\b")


def event(reading: Reading, place: Place) -> str:
    """The heading of a sentence that is neither an account nor a judgement nor a task."""
    seen, risk, good = _weigh(reading, place)
    worker = _WORKER.match(reading.bare) and event_cues.DID.search(reading.bare)
    if worker and not seen and max(risk, good) <= _OUTRIGHT:
        return "what_happened"
    best = max(seen, risk, good)
    if best == 0:
        return _by_subject(reading, place)
    if seen == best:
        return "observation"
    return "strength" if good >= risk else "worry"


def _weigh(reading: Reading, place: Place) -> tuple[int, int, int]:
    """How many cues speak for an observation, a worry and a strength."""
    bare = reading.bare
    other = reading.account is not None and reading.account.kind is Kind.OTHER
    risk = len(event_cues.RISK.findall(bare)) + _OUTRIGHT * bool(
        event_cues.STRONG_WORRY.search(bare)
    )
    good = len(event_cues.STRENGTH.findall(bare)) + _OUTRIGHT * bool(
        event_cues.STRONG_STRENGTH.search(bare)
    )
    risk += _names_suspect(reading, place)
    if other or place.kind == "supervision":
        return 0, risk, good
    rule = _HEARD if place.kind == "phone_call" else event_cues.OBSERVED
    return len(rule.findall(bare)), risk, good


def _names_suspect(reading: Reading, place: Place) -> bool:
    """Whether somebody is named whom the case knows only as a peer or as "other"."""
    named = {one.word for one in place.cast.mentions(reading.text)}
    return not named.isdisjoint(place.cast.doubtful)


def _by_subject(reading: Reading, place: Place) -> str:
    """Without a cue: what the young person did in front of the worker was seen."""
    if _WORKER.match(reading.bare) or reading.account is not None:
        return "what_happened"
    if _GOES_ON.match(reading.text) and place.previous in _CARRIED:
        return place.previous
    young = _is_young(reading, place)
    if _LASTING.match(reading.bare):
        lasting = {"strength", "worry"}
        return place.previous if place.previous in lasting else "what_happened"
    if young and place.kind == "return_home_interview" and place.previous == "young_person_words":
        return "young_person_words"
    return "observation" if young and place.kind in _SEEN_KINDS else "what_happened"


def _is_young(reading: Reading, place: Place) -> bool:
    first = next(place.cast.mentions(reading.bare), None)
    if first is None:
        return _PRONOUN.match(reading.bare) is not None
    if first.kind is Kind.PRONOUN:
        return resolve(reading.text, first, place.cast, None) is Kind.YOUNG
    return first.kind is Kind.YOUNG
