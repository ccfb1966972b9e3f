"""Sentences that a speech engine cut in pieces: which piece belongs to which."""

from __future__ import annotations

import re

from transcribe.draft.wording import plain, words

_LONGEST = 12  # words; a longer piece stands on its own
_FINITE = re.compile(
    r"\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|can't|could|shall|should|may|might|must"
    r"|said|says|goes|went|came|took|got|gets|saw|told|made|put|rang|gave|left|knew|knows|thought|thinks|felt|feels|found|met|sat"
    r"|kept|ran|brought|let|sent|spoke|wants|needs|looks|seems|means|needs|heard|held|lost|paid|read|slept|stood|wrote|cut|hit|know"
    r"|knocked|\w+n't|\w{3,}ed)\b|\w'(?:s|m|re|ll|ve|d)\b"
)
_DEPENDS = re.compile(
    r"(?:that (?=(?:he|she|they|we|i|you|it|his|her|their|my|the|a|an|mum|dad|nobody)\b)"
    r"|because\b|until\b|so that\b|(?:which|who|whose|or|not|getting|including|plus|than|as well as)\b)"
)
_GIVEN_NAME = re.compile(r"That [A-Z][a-z]+ (?:has|had|is|was|said|will|would)\b")
_APPOSED = re.compile(r"that's (?:mr|mrs|miss|ms|dr|pc|dc|sgt)\b")
_SAYS = re.compile(r"\b(?:goes|went|said|says|told me|replied|was like)$")
_FEWEST = 5  # words in "And then he goes": nobody reports less
_OPEN_END = re.compile(r"\b(?:and|but|or|the|a|an|because)$")
_TAKES_BACK = re.compile(
    r"(?:well,? )?(?:no|sorry|(?:now,? )?actually),? "  # "no" is heard as "now"
    r"(?:(?:no|sorry|actually|wait|hang on|it was|i mean|make that|nearer|near a|more like|about)\b,? ?)*"
    r"(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|half|quarter|the \w+th|next|mon|tues|wednes|thurs|fri|satur|sun))"
)
_AND_PIECE = re.compile(
    r"(?:and|or|plus) (?!that|so|then|now|what|how|why|who|where|thanks|yeah|yes|no\b)"
)
_ARRANGES = re.compile(r"so (?:i've|we've|i|we) said\b")
_CONDITION = re.compile(r"(?:[\w' ]+, )?(?:if|when|unless|once|whenever)\b[^,]*$")
_VERB_FIRST = re.compile(r"(?:came|said|went|told|asked|rang|took|gave|has|had|was|is|got|saw)\b")


def follows(before: str, piece: str) -> bool:
    """Whether `piece` goes on with the sentence `before` instead of starting one."""
    if before.rstrip().endswith(("?", "!")):
        return False
    source = plain(piece)
    opened = plain(before).rstrip(" .,")
    if _leans(source, piece) or _leads(opened):
        return True
    if _CONDITION.fullmatch(opened) or (_VERB_FIRST.match(source) and not _FINITE.search(opened)):
        return True
    return _is_fragment(source)


def _leans(source: str, piece: str) -> bool:
    """Whether a piece cannot open a sentence."""
    rules = (_DEPENDS, _APPOSED, _TAKES_BACK, _ARRANGES)
    return _GIVEN_NAME.match(piece) is not None or any(rule.match(source) for rule in rules)


def _leads(opened: str) -> bool:
    """Whether what came before cannot be the end of one: "And then he goes."."""
    short = len(words(opened)) <= _FEWEST and _SAYS.search(opened)
    return bool(short) or _OPEN_END.search(opened) is not None


def _is_fragment(source: str) -> bool:
    """Whether a piece has no verb of its own and no words that stand alone ("Right, Chidi.")."""
    said = words(source)
    if len(said) > _LONGEST or _FINITE.search(source):
        return False
    return _AND_PIECE.match(source) is not None or (
        re.match(
            r"(?:at|in|on|by|from|with|to|of|for|about|before|after|near|outside|\d|the \d|half|quarter"
            r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\w+ing (?!this|that))",
            source,
        )
        is not None
    )
