"""What about a sentence speaks for one heading or another: named signs, each there or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft import cues, event_cues, header_cues
from transcribe.draft.cast import Kind
from transcribe.draft.dates import dates
from transcribe.draft.opening import is_turn, names_speaker
from transcribe.draft.times import times
from transcribe.draft.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

_CUES = {
    "thinking aloud": cues.THINKING_ALOUD,
    "future": cues.FUTURE,
    "future first": cues.FUTURE_START,
    "judgement": cues.ANALYSIS,
    "decision": cues.DECISION,
    "manager": cues.MANAGER,
    "wellbeing": cues.WELLBEING,
    "feeling": cues.FEELING,
    "observed": event_cues.OBSERVED,
    "risk": event_cues.RISK,
    "risk outright": event_cues.STRONG_WORRY,
    "strength": event_cues.STRENGTH,
    "strength outright": event_cues.STRONG_STRENGTH,
    "done": event_cues.DID,
    "kind of note": header_cues.KIND_OF_NOTE,
    "presence": header_cues.PRESENCE,
    "alone": header_cues.ALONE,
    "met": header_cues.MET,
    "hours": header_cues.HOURS,
    "purpose": header_cues.PURPOSE,
    "purpose perhaps": header_cues.PURPOSE_NEXT,
    "missing": header_cues.MISSING_EPISODE,
    "agrees first": re.compile(
        r"^(?:(?:his|her|their|the) )?[\w']+(?: [\w']+)?(?:'s| has| have)?(?: also| now| then)* (?:agreed|promised|offered) to\b"
    ),
    "own task": re.compile(
        r"(?:^|,\s|\bso |\band )(?:so |and |then )*(?:i'll|i will|i'm going to|i need to|we'll|i've (?:said|booked)|we've said)\b"
    ),
    "is to": re.compile(r"^[\w']+(?: [\w']+)?(?:'s| is|'m|'re)? (?:to|going to) (?=[a-z])"),
    "gone on": re.compile(
        r"^(?:has|have|had|'s|been|still)\b|\b(?:has|have|had|'s|'ve) (?:been|got|had|not|never)\b"
    ),
    "he or she": re.compile(r"\b(?:he|she|him|her|his|hers)\b"),
    "I": re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me)\b"),
    "we": re.compile(r"\b(?:we|we're|we've|we'll|us|our)\b"),
    "you": re.compile(r"\b(?:you|you're|you've|you'll|your)\b"),
}
_EARLY = 28  # characters within which "my own honest view is" opens a sentence
_EDGE = 3  # sentences at either end
_TENTHS = 10
_LENGTHS = (3, 6, 12, 20)  # words


def evidence(reading: Reading, place: Place) -> frozenset[str]:
    """The names of the signs that a sentence shows."""
    return frozenset(
        (*_said(reading), *_people(reading, place), *_where(reading, place), *_when(reading, place))
    )


def _said(reading: Reading) -> Iterator[str]:
    for name, rule in _CUES.items():
        found = len(rule.findall(reading.bare))
        if found:
            yield f"cue: {name}"
        if found > 1:
            yield f"cues: {name}"
    judged = cues.ANALYSIS.search(reading.bare)
    if judged and judged.start() <= _EARLY:
        yield "judges first"
    if reading.text.rstrip().endswith("?"):
        yield "asks"
    if reading.quotes:
        yield "quotes"
    if reading.quotes_young:
        yield "quotes the young person"
    length = len(words(reading.bare))
    yield f"length: {sum(length > most for most in _LENGTHS)}"


def _people(reading: Reading, place: Place) -> Iterator[str]:
    account = reading.account
    yield f"account: {account.kind.value if account else 'none'}"
    if account and account.said:
        yield f"said: {account.kind.value}"
    yield f"subject: {reading.subject.kind.value if reading.subject else 'none'}"
    named = {one.kind for one in place.cast.mentions(reading.text)}
    yield from (f"names: {kind.value}" for kind in named)
    if any(one.word in place.cast.doubtful for one in place.cast.mentions(reading.text)):
        yield "names: doubtful"
    if is_turn(reading, place):
        yield "turns"
    if names_speaker(reading, place):
        yield "names the speaker"
    if place.named:
        yield "after a name" if Kind.YOUNG not in named else "at a name"


def _where(reading: Reading, place: Place) -> Iterator[str]:
    yield f"kind: {place.kind}"
    yield f"role: {place.kind} {reading.role}"
    last = place.total - 1
    yield f"tenth: {_TENTHS * place.index // max(1, place.total)}"
    if place.index == 0:
        yield "first"
    if place.index == last:
        yield "last"
    if place.index < _EDGE:
        yield "near the start"
    if place.index > last - _EDGE:
        yield "near the end"


def _when(reading: Reading, place: Place) -> Iterator[str]:
    days = dates(reading.text, place.recorded, "future")
    if days:
        yield "a day"
    if any(one.on > place.recorded for one in days):
        yield "a day ahead"
    if times(reading.text):
        yield "a time"
