"""What plainer words must keep: what is denied, what harms, numbers, days and quotations."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said, against
from transcribe.draft.checks.figures import found as figures_in
from transcribe.draft.checks.harm import found as harm_in
from transcribe.draft.checks.negation import denies
from transcribe.draft.checks.stems import TOKEN, folded

_SAYS = {
    "harm_added": "It speaks of harm that the note does not.",
    "negation": "The note says the opposite, or does not say “not” here.",
    "number": "A number is not the one in the note.",
    "date": "A day is not the one in the note.",
    "time": "A time is not the one in the note.",
    "quote": "Words in quotation marks are not as they stand in the note.",
}
_LOST = {
    "harm": "A word for serious harm is left out: say it plainly.",
    "not": "A “not” is left out.",
    "number": "A number is left out.",
    "day": "A day is left out.",
    "quote": "Words in quotation marks are left out or changed.",
}
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december today tomorrow yesterday tonight".split()
)
_QUOTE = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
_SOME_DAY = date(2000, 1, 3)  # both texts are read on the same day, whichever it is


def untrue(text: str, original: str) -> tuple[str, ...]:
    """What `text` says otherwise than `original`, or leaves out of it: a sentence each.

    Who is meant is not compared: "you" stands for a name.
    """
    said = Said(original, _SOME_DAY, make_cast((), ()))
    found = [_SAYS[each.code] for each in against(text, said) if each.code in _SAYS]
    return tuple(dict.fromkeys((*_left_out(text, original), *found)))


def _left_out(text: str, original: str) -> list[str]:
    lost = {
        "harm": _harm(original) - _harm(text),
        "not": _denials(original) and not _denials(text),
        "number": _figures(original) - _figures(text),
        "day": _days(original) - _days(text),
        "quote": quotes(original) - quotes(text),
    }
    return [_LOST[name] for name, gone in lost.items() if gone]


def quotes(text: str) -> Counter[str]:
    """Words in quotation marks, as often as they stand there; white space is not words."""
    return Counter(" ".join((first or second).split()) for first, second in _QUOTE.findall(text))


def _harm(text: str) -> set[tuple[str, int | None]]:
    return {(each.harm, each.kind) for each in harm_in(text) if each.sure}


def _denials(text: str) -> int:
    return sum(denies(word) for word in TOKEN.findall(folded(text)))


def _figures(text: str) -> Counter[float]:
    return Counter(each.value for each in figures_in(text) if not each.loose)


def _days(text: str) -> frozenset[str]:
    return _DAYS & {*TOKEN.findall(folded(text))}
