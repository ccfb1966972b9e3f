"""Hesitations taken out, and self-corrections carried through: the correction wins."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise

from transcribe.draft.dates import dates
from transcribe.draft.quotes import marked
from transcribe.draft.times import times
from transcribe.draft.wording import KEPT, WORD, plain

_HESITATION = re.compile(  # "uh-uh" says no, and "uh-huh" yes
    r"(?:(?<=^)|(?<=[\s,.…])|(?<=[\s,.…]-)|(?<=--))(?:um+|uh+m*|erm+|er+|mm+|hmm+|ah)(?=[\s,.…]|-(?!\w)|$)[,.…-]*\s*(?:-\s+)?",
    re.IGNORECASE,
)
_STUTTER = re.compile(  # not "her", "it", "in", "on": "I told her her dad rang", "he came in in the evening"
    r"\b(i|a|the|he|she|we|they|and|but|his|my|of|i'm|he's|she's)(?:,? \1\b)+",
    re.IGNORECASE,
)
_MARKER = r"(?:now,? actually|no|sorry|actually|rather|i mean|(?:i )?tell a lie|hold on|make that|correction|scratch that|wait|hang on|beg your pardon)"
_BRIDGE = re.compile(
    rf"[\s,.…-]*(?:(?:or|well|um|er|erm|oh)[\s,]+)*{_MARKER}"
    rf"(?:[\s,.…-]+(?:{_MARKER}|not|well|um|er|erm|it was|it's|it is|that's|nearer|near a|more like|about|on|at|by|the|for|until"
    r"|till|from|to|in|with|of|around|so|(?:he|she|they|[a-z]+) (?:said|meant)|(?:that's|it's) (?:the |a )?bank holiday))*[\s,.…-]*$"
)
# "Tuesday the third, no wait, he's got the dentist, Wednesday the fourth"
_REASONED = re.compile(
    r"[\s,.…-]*(?:no,? (?:wait|hold on|hang on|sorry)|sorry,? no|scratch that|hang on|hold on),? (?:(?:that|he|she|it|they|we|i)'(?:s|re|ve|m|ll) |(?:i|he|she|we|they) (?:can't|have|has) )"
    r"[^,.;]{2,40},\s*(?:(?:so|it's|make it|that's|on|it'll be) )*$"
)
_WEAK_BRIDGE = re.compile(r"[\s,.…-]*(?:or )?(?:actually|rather)[\s,.…-]*$")
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|\d+)"
_RECOUNT = re.compile(
    rf"\b(?P<wrong>{_COUNT})\b(?P<tail>(?: [a-z'-]+){{0,6}}? (?P<noun>[a-z]+?)s?)"
    rf"(?P<bridge>,? (?:(?:or|well) )?{_MARKER}(?:,? {_MARKER})*,? )(?P<right>{_COUNT})(?P<again> (?P=noun)s?\b)?(?=[\s,.?!;]|$)"
)
_PAIRS = tuple(
    re.compile(
        rf"\b(?P<wrong>{one})(?P<bridge>,? (?:(?:or|well) )?{_MARKER}(?:,? {_MARKER})*,? )(?P<right>{one})\b"
    )
    for one in (
        r"(?:he|she|they)",
        r"(?:his|her|their)",
        r"(?:his |her )?(?:mum|dad|nan|gran|auntie|uncle|brother|sister|cousin|stepdad|stepmum|carer)",
        rf"{_COUNT}(?: hundred)?",
    )
)
_DENIED = re.compile(
    r"(?:n't|\bnot|\bnever|\bno)\b[^,;.]*$"
)  # "it wasn't Monday, no, it was Tuesday"
_HELD = "\ue000"  # stands for a quotation while the words around it are cleaned
_ANY_DAY = date(2001, 1, 1)  # spans are wanted here, not days


@lru_cache(maxsize=KEPT)
def cleaned(text: str) -> str:
    """`text` without hesitations and what was taken back. What is quoted in it stays word for word."""
    spans = marked(text)
    if not spans or _HELD in text:
        return text if spans else corrected(without_hesitations(text))
    around = text
    for start, end in reversed(spans):
        around = around[:start] + _HELD + around[end:]
    pieces = corrected(without_hesitations(around)).split(_HELD)
    if len(pieces) != len(spans) + 1:
        return text
    said = (*(text[start:end] for start, end in spans), "")
    return "".join(piece + words for piece, words in zip(pieces, said, strict=True))


def without_hesitations(text: str) -> str:
    """`text` without "um" and "er" and without doubled little words."""
    left = _STUTTER.sub(r"\1", _HESITATION.sub("", text))
    left = re.sub(r"\s+([,.;?!])", r"\1", re.sub(r",\s*,", ",", left)).strip(" ,")
    return _opened(left, text) if WORD.search(plain(left)) else text


def corrected(text: str) -> str:
    """`text` with what the speaker took back left out, where that is certain.

    Dates, times, counts, people and pronouns that are corrected like for like are replaced by the
    correction. Any other change of mind, and what follows a denial, stays as it was said: guessing
    would alter the account.
    """
    said = text
    for start, end in _replaced(text):
        text = text[:start] + text[end:]
    text = _recounted(text)
    for rule in _PAIRS:
        found = rule.search(plain(text))
        if found and found["wrong"] != found["right"] and not _denied(text, found.start("wrong")):
            text = text[: found.start("wrong")] + text[found.start("right") :]
    return _opened(text, said)


def _opened(text: str, like: str) -> str:
    """`text` beginning with a capital if `like` does."""
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def _denied(text: str, start: int) -> bool:
    return _DENIED.search(plain(text)[:start]) is not None


def _replaced(text: str) -> list[tuple[int, int]]:
    """Spans of dates and times that a later one of the same kind takes back, last first."""
    source = plain(text)
    days = [(one.start, one.end) for one in dates(text, _ANY_DAY, "future")]
    clocks = [(one.start, one.end) for one in times(text)]
    spans = [
        (wrong[0], right[0])
        for found in (days, clocks)
        for wrong, right in pairwise(found)
        if _bridges(source[wrong[1] : right[0]]) and not _denied(text, wrong[0])
    ]
    return sorted(spans, reverse=True)


def _bridges(between: str) -> bool:
    # "Monday, no Tuesday session" denies; only "no," with a break after it takes back.
    if re.fullmatch(r"[\s,.…-]*(?:or |well,? )?no ", between):
        return False
    return any(rule.match(between) for rule in (_BRIDGE, _WEAK_BRIDGE, _REASONED))


def _recounted(text: str) -> str:
    found = _RECOUNT.search(plain(text))
    if found is None or found["wrong"] == found["right"] or not found["again"]:
        return text
    if _denied(text, found.start("wrong")):
        return text
    kept = text[found.start("tail") : found.end("tail")]
    right = text[found.start("right") : found.end("right")]
    return text[: found.start()] + right + kept + text[found.end() :]
