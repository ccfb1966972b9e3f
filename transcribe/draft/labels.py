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
from transcribe.draft.events import event
from transcribe.draft.opening import header, is_turn, names_speaker, purpose
from transcribe.draft.times import times
from transcribe.draft.wording import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

FILLER = "filler"
_EARLY = 28  # characters within which "my own honest view is" opens a sentence
_DENIES = re.compile(r"\b(?:no|not|never|nothing|nobody|\w+n't)\b")
_FEW = 3  # content words that may be left in a sentence that says nothing

Rule: TypeAlias = "Callable[[Reading, Place], str | None]"


def label(reading: Reading, place: Place) -> str:
    """The section key for a sentence, or FILLER."""
    for rule in _RULES.get(place.kind, _NOTE_RULES):
        found = rule(reading, place)
        if found is not None:
            return found
    return "what_happened"


def _filler(reading: Reading, place: Place) -> str | None:
    if reading.quotes or _answers_kindness(reading, place) or is_turn(reading, place):
        return None
    said = words(reading.bare)
    left = [
        word for word in words(cues.THINKING_ALOUD.sub(" ", reading.bare)) if word not in cues.EMPTY
    ]
    if not left:
        return FILLER
    if place.kind == "young_person_annotation":
        return None  # a young person's words are left out only when there are none
    if _at_an_end(place) and len(left) <= _FEW + 1 and _is_empty_talk(reading, place):
        return FILLER
    aloud = len(" ".join(left)) < len(" ".join(said)) and cues.THINKING_ALOUD.search(reading.bare)
    return FILLER if aloud and len(left) <= _FEW and not _holds_facts(reading, place) else None


def _answers_kindness(reading: Reading, place: Place) -> bool:
    """Whether it answers "how are you?": short, but not nothing."""
    if place.previous != "wellbeing" or reading.role != "worker":
        return False
    own = re.search(r"\b(?:i|i'm|i've|it|it's|my)\b", reading.bare) is not None
    return (own and place.about_worker) or cues.FEELING.search(reading.bare) is not None


def _at_an_end(place: Place) -> bool:
    return place.index == 0 or place.index == place.total - 1


def _is_empty_talk(reading: Reading, place: Place) -> bool:
    """Whether a first or last sentence names nobody, no day and nothing that happened."""
    people = (one.kind for one in place.cast.mentions(reading.text))
    named = any(kind not in {Kind.SELF, Kind.YOU} for kind in people)
    facts = dates(reading.text, place.recorded, "future") or times(reading.text)
    told = header_cues.KIND_OF_NOTE.search(reading.bare) or cues.ANALYSIS.search(reading.bare)
    cued = cues.FUTURE.search(reading.bare) or event_cues.RISK.search(reading.bare)
    return not (named or facts or told or cued or _DENIES.search(reading.bare))


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
    if (
        place.previous == "wellbeing"
        and reading.role == "worker"
        and cues.FEELING.search(reading.bare)
    ):
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
        re.search(
            r"\b(?:next (?:supervision|one)|meet again|same time|we're back|back here|see you (?:again )?on)\b",
            reading.bare,
        )
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
        return None if _asked_of_other(reading) or _judges(reading) else "decision"
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
    if _promised(reading, place):
        return "action"
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


_PLANNED = re.compile(
    r"^(?:(?:also )?going to \w+|(?:i|we) (?:said|told \w+|promised) (?:i|we)'d\b)"
)
_DOING_SOON = re.compile(
    r"(?:\w'(?:s|m|re)|\b(?:is|am|are)) (?:also |both |all |just )?(?:going to \w|\w+ing\b|back\b|in\b|due\b)|\bcoming (?:in|back|round|over)\b"
)


def _promised(reading: Reading, place: Place) -> bool:
    """A plan with a day to come and no word like "will": "Jo's phoning her tonight"."""
    if reading.quotes or _judges(reading):
        return False
    ahead = [
        one for one in dates(reading.text, place.recorded, "future") if one.on >= place.recorded
    ]
    if _PLANNED.match(reading.bare) or _is_assigned(reading, place):
        return True
    if ahead and re.match(
        r"(?:i've|we've|i have|we have) (?:said|booked|arranged|planned|put)\b", reading.bare
    ):
        return True
    soon = _DOING_SOON.search(reading.bare)
    past = re.search(r"\b(?:was|were|had|did|didn't|yesterday|last)\b", reading.bare)
    return bool(ahead and soon and not past) and not _reported(reading, soon)


def _is_assigned(reading: Reading, place: Place) -> bool:
    """Short for "is to": "Kofi to send me his timetable"."""
    first = next(place.cast.mentions(reading.bare), None)
    named = first is not None and first.start == 0 and first.kind in {Kind.YOUNG, Kind.OTHER}
    return named and first is not None and reading.bare.startswith(" to ", first.end)


def _reported(reading: Reading, soon: re.Match[str] | None) -> bool:
    account = reading.account
    if account is None or not account.said or soon is None:
        return False
    return ", " not in reading.bare[account.start - reading.opened : soon.start()]


def _dated(reading: Reading, place: Place) -> bool:
    return bool(dates(reading.text, place.recorded, "future"))


def _was_ahead(reading: Reading) -> bool:
    """Only past plans: "was going to", "had to", "didn't need to"."""
    past = r"\b(?:was|were|wasn't|weren't) (?:going|due|to|booked)\b|\bhad to\b|\bdidn't (?:need|have) to\b|\b(?:would|might|may)(?: not)? (?:have|need) to\b|'d (?:have|need) to\b"
    rest = re.sub(past, " ", reading.bare)
    return rest != reading.bare and cues.FUTURE.search(rest) is None


def _judges(reading: Reading) -> bool:
    """Whether the worker's own judgement comes before anything ahead: "I think we'll lose him"."""
    found = cues.ANALYSIS.search(reading.bare)
    ahead = cues.FUTURE.search(reading.bare)
    if found is None:
        return False
    return found.start() <= _EARLY or (ahead is not None and found.start() < ahead.start())


def _young_person_words(reading: Reading, _place: Place) -> str | None:
    """Attribution wins: what they said, wanted or denied, even about risk."""
    told = _says(reading, Kind.YOUNG) and not _thinks_first(reading) and not _seen_to(reading)
    return "young_person_words" if reading.quotes_young or told else None


def _seen_to(reading: Reading) -> bool:
    """Whether a wish was seen and not said: "he was yawning and didn't want to eat"."""
    account = reading.account
    if account is None or account.said:
        return False
    found = event_cues.OBSERVED.search(reading.bare)
    return found is not None and found.start() + reading.opened < account.start


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
    event,
)
_RULES: dict[str, tuple[Rule, ...]] = {
    "supervision": (header, _filler, _wellbeing, *_NOTE_RULES[1:]),
    "young_person_annotation": (_annotation,),
}
