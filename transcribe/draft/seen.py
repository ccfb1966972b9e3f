"""Whether the young person was seen, and seen alone, as the header sentences say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.cast import Kind
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcribe.draft.cast import Cast

_NOT_SEEN = re.compile(
    r"\b(?:not seen|wasn't seen|not been seen|never (?:turned|showed) up|no answer|didn't (?:manage to |get to )?(?:see|answer|speak to)"
    r"|couldn't (?:see|get hold of|reach)|no show|attempted|wasn't (?:there|in|with (?:me|us|him|her|them))|didn't (?:come|attend|turn up))\b"
)
_WHOM = re.compile(r" (?:him|her)\b")
_ABSENT = re.compile(
    r" (?:was|is)(?: \w+)? (?:asleep|sleeping|in bed|at work|out|upstairs|away|on nights)\b(?!.*\b(?:he|she|said)\b)"
)
_ALONE = re.compile(
    r"\b(?:alone|on (?:his|her|their|our) own|by (?:himself|herself|themselves)|(?:just|only) (?:me and|the two|us\b|him and|her and|(?:him|her)(?=[,.]|$))"
    r"|one to one|one on one|had [\w']+ to myself|to ourselves|out of earshot|nobody else|no ?one else|in private)\b"
)
# Said in the middle of a note: "then I had ten minutes alone with him in the bedroom".
_HAD_ALONE = re.compile(
    r"\b(?:i|we)(?: also| then| did)? (?:(?:saw|see|met|sat with|(?:spoke|talked) (?:to|with)) (?:him|her|them) (?:alone|on (?:his|her|their) own)"
    r"|(?:had|got|spent)\b[\w' ]{0,30} alone with (?:him|her|them))\b(?!.*\b(?:last|yesterday|next|tomorrow)\b)"
    r"|\b(?:him and me|her and me|me and (?:him|her)) (?:walked|sat|went|had|talked|drove)\b.*\bjust the two of us\b"
)
_OTHER_DAYS = "last|yesterday|next|tomorrow|before|previous|ago|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december"
_ONLY_WITH = re.compile(r"\b(?:just|only) (?P<who>[\w' ]+?) and (?:me|myself|i)\b")
# Wherever it is told: "I asked to see her alone and stepdad said there was no need".
_KEPT_FROM = re.compile(
    rf"^(?!.*\b(?:{_OTHER_DAYS})\b)(?:.*\b(?:asked|wanted|tried) to see (?:him|her|them) (?:alone|on (?:his|her|their) own)\b.*\b(?:no need|so i didn't|said no|refused|wouldn't)\b"
    r"|.*\b(?:wasn't|weren't|not) able to see (?:him|her|them) (?:alone|on (?:his|her|their) own)\b)"
)
_NOT_ALONE = re.compile(
    r"(?:\b(?:not|never|neither|none)|n't)\b(?:[\w' ]{0,30})\b(?:alone|on (?:his|her|their) own|by (?:himself|herself|themselves)|one to one)"
    r"|\b(?:with us|stayed|there|in the room) (?:\w+ ){0,4}(?:throughout|the whole time|all the time)"
    r"|\bno (?:time|chance|room|space)\b[\w' ]{0,20}\b(?:alone|on (?:his|her|their) own)|\b(?:alone|on (?:his|her) own)\b.*\b(?:no need|so i didn't|but i couldn't|said no|refused)\b"
)


def was_seen(said: Sequence[str], kind: str, method: str | None, cast: Cast) -> bool | None:
    """Whether the young person was seen; None where nothing says so.

    Args:
        said: the sentences that say who, when and where.
        kind: note type.
        method: how the contact was held, if that was said.
        cast: the people of the note.
    """
    if kind == "supervision":
        return None
    if kind in {"phone_call", "attempted_contact"} or method in {"phone", "text"}:
        return False
    text = plain(" ".join(said))
    alone = _ALONE.search(text) or _NOT_ALONE.search(text)
    if not alone and any(_was_missed(one, cast) for one in said):
        return False
    with_them = re.search(r"\b(?:just|only) (?:us|me and)\b|\bpicked (?:him|her) up\b", text)
    return True if said and (method or with_them) else None


def seen_alone(said: Sequence[str], cast: Cast) -> bool | None:
    """Whether the young person was seen alone; None where nothing says so."""
    texts = [plain(text) for text in said]
    if any(_NOT_ALONE.search(text) for text in texts):
        return False
    return True if any(_ALONE.search(text) or _only_with(text, cast) for text in texts) else None


def tells_alone(text: str) -> bool:
    """Whether a sentence from anywhere in a note says that they were, or could not be, alone."""
    return any(rule.search(plain(text)) for rule in (_HAD_ALONE, _KEPT_FROM))


def _was_missed(text: str, cast: Cast) -> bool:
    """Whether the young person was not seen: "no answer", but not "stepdad slept, so I didn't see him"."""
    source = plain(text)
    return any(not _is_of_another(text, found, cast) for found in _NOT_SEEN.finditer(source))


def _is_of_another(text: str, missed: re.Match[str], cast: Cast) -> bool:
    """Only where nobody else can be meant: who was seen must never be guessed."""
    whom = _WHOM.match(missed.string, missed.end())
    by = "he" if whom and whom.group().endswith("him") else "she"
    named = [
        one
        for one in cast.mentions(text)
        if one.end <= missed.start() and one.kind in {Kind.YOUNG, Kind.OTHER}
    ]
    if not named or named[-1].kind is Kind.YOUNG:
        return False
    between = missed.string[named[-1].end : missed.start()]
    if whom is None:  # "mum wasn't in"
        return not between.strip(" ,")
    return named[-1].gender in {by, None} and _ABSENT.match(between) is not None


def _only_with(text: str, cast: Cast) -> bool:
    """Whether it was the young person and the worker: "only Zeynep and me", not "only mum and me"."""
    found = _ONLY_WITH.search(text)
    return found is not None and found["who"] in {"him", "her", "them", *map(plain, cast.young)}
