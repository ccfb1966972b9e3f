"""Which voice is whose, by what is said. A suggestion for people to confirm, never more.

Somebody who says "my name is Ravi" is Ravi; who is asked "how are you, Ravi?" and answers is Ravi;
who speaks of Ravi is somebody else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations

from transcribe.model import Person, Segment, Transcript
from transcribe.spoken import is_label

_STAFF = frozenset(("practitioner", "supervisor", "manager", "team_manager", "social_worker"))
_OWN, _CALLED, _OF, _ANSWERS = 4, -2, -1, 2  # what each kind of sentence weighs
_LEAST = 1  # by which the best match has to be better than the next
_MOST = 6  # people, or voices: more are not matched by trying all ways
_SHORTENED = 3  # letters: Bev for Beverley

Weights = Mapping[tuple[str, str], int]  # of a label and a name


def introduced(
    transcript: Transcript, people: Sequence[Person], roles: frozenset[str] = _STAFF
) -> dict[str, str]:
    """Names of labels, as far as they can be told; empty where two ways are as likely.

    Args:
        transcript: with labels as its speakers.
        people: whom the case knows.
        roles: of those who may be speaking.
    """
    heard = [each for each in transcript.segments if is_label(each.speaker)]
    labels = list(dict.fromkeys(each.speaker or "" for each in heard))
    names = list(dict.fromkeys(person.name for person in people if person.role in roles))
    if not labels or not names or max(len(labels), len(names)) > _MOST:
        return {}
    weights = _weights(heard, names)
    if len(labels) == len(names):
        return _everybody(labels, names, weights)
    return _each(labels, names, weights)


def _everybody(labels: Sequence[str], names: Sequence[str], weights: Weights) -> dict[str, str]:
    """As many voices as names: the best way to give each its own."""
    ways = [dict(zip(labels, order, strict=True)) for order in permutations(names)]
    ranked = sorted(ways, key=lambda way: -sum(weights[pair] for pair in way.items()))
    totals = [sum(weights[pair] for pair in way.items()) for way in ranked[:2]]
    if len(totals) > 1 and totals[0] - totals[1] < _LEAST:
        return {}
    return ranked[0] if len(totals) > 1 or totals[0] > 0 else {}


def _each(labels: Sequence[str], names: Sequence[str], weights: Weights) -> dict[str, str]:
    """Voices for which something speaks, more than for any other voice or name."""
    found = {}
    for name in names:
        best = max(labels, key=lambda voice: weights[voice, name])
        others = [weights[voice, name] for voice in labels if voice != best]
        others += [weights[best, other] for other in names if other != name]
        if weights[best, name] > 0 and all(weights[best, name] > each for each in others):
            found[best] = name
    return found


def _weights(heard: Sequence[Segment], names: Sequence[str]) -> Weights:
    weights: defaultdict[tuple[str, str], int] = defaultdict(int)
    for name in names:
        first = re.escape(name.split()[0])
        for segment in heard:
            weights[segment.speaker or "", name] += _says(segment.text, first)
        for before, after in pairwise(heard):
            if before.speaker == after.speaker:
                continue
            if _calls(before.text, name):
                weights[after.speaker or "", name] += _ANSWERS
            if _thanks(after.text, name):
                weights[before.speaker or "", name] += _ANSWERS
    return weights


def _says(text: str, first: str) -> int:
    """What a sentence with a name in it weighs for its speaker having that name."""
    own = rf"\b(?:my name is|my name's|i'm|i am|it's|this is) {first}\b(?!')(?! (?:who|that)\b)"
    if re.search(own, text, re.IGNORECASE):
        return _OWN
    if not re.search(rf"\b{first}\b", text, re.IGNORECASE):
        return 0
    called = rf"(?:^|, ){first}(?:,|[.?!]|$)"
    return _CALLED if re.search(called, text, re.IGNORECASE) else _OF


def _calls(text: str, name: str) -> bool:
    """Whether a sentence speaks to somebody of that name, who may answer."""
    return any(
        re.search(pattern, text, re.IGNORECASE)
        for word in _forms(name)
        for pattern in (rf"^(?:so|right|okay|ok|well)?,? ?{word},", rf", {word}[.?!]*$")
    )


def _thanks(text: str, name: str) -> bool:
    """Whether a sentence answers somebody of that name."""
    words = "|".join(_forms(name))
    return bool(
        re.search(
            rf"^(?:thanks|thank you|cheers|yes|yeah|no|hi|hello),? (?:{words})(?:[,.!?]|$)",
            text,
            re.IGNORECASE,
        )
    )


def _forms(name: str) -> list[str]:
    """A first name, and what it may be cut short to."""
    first = name.split(maxsplit=1)[0]
    return [re.escape(first[:size]) for size in range(len(first), _SHORTENED - 1, -1)]
