"""Whether the words behind "he said," are somebody's own, or a worker's account of them."""

from __future__ import annotations

import re

NOBODY = ""
"""The pronoun to give where no "he" can stand for whoever said it."""

# One word after "goes" is as often a place as a reply, and "no" is as often an account of one.
_BY_ITSELF = re.compile(
    r"(?:nah|nope|yeah|yep|what|why|who|nothing|nobody|nowhere|whatever|fine|maybe|please|sorry|sometimes|never|dunno|safe|calm|peak|long|dead|around|out|about|stop|exactly|obviously|course|mates|same|stuff)\W*"
)
_I = r"(?:i|i'm|i've|i'd|i'll|im|my|me|mine|myself|we|we're|we've|we'll|us|our)"
# A worker who goes on in their own words: "he said, that he was fine", "she said, and I agree".
_GOES_ON = re.compile(
    r"(?:is(?! (?:this|it|there|my|anyone|anybody|someone)\b)|was|that(?!'s)|which|who(?!'s|'re| (?:is|are|does|do|did|told|said)\b)|and|as|where)\b|(?:but|so) (?!i (?:don't|do|can't) (?:like|want|care|trust|need|feel|miss|go|see)\b)(?:i|we|he|she)\b|[^,]*, that (?:he|she|they|it|the|there|nobody)\b"
)
_CALLS = re.compile(r"^(?:mum|mom|dad|nan|gran|auntie|uncle|miss|sir|bro|man|mate|babe)[,] ")
_ANSWERED = re.compile(  # "Who for, I said, and he went, nobody"
    r"(?:and|but|so|then)\b[^,]*\b(?:said|says|goes|went|replied|answered|told|asked|was like)\b[^,]*,"
)
_HESITATES = re.compile(r"(?:(?:um+|uh|erm*|er|well|like|but|so|because|cos)\b[, ]*)+")
_OWN = re.compile(rf"(?:[\w'-]+[, ]+){{0,11}}?(?:{_I}|you|your|you're|you've|you'll|you'd)\b")
_ASKS_OR_ORDERS = re.compile(
    r"(?:don't|stop|leave|please|get|give|let|look|listen|ask|tell|see|come|go|shut|check|trust|ignore|put|take|bring|ring|call|text|wait|hold|hang|move"
    r"|open|write|read|remember|forget|imagine|believe|swear|relax|calm|chill|allow|watch|try|do|be|keep|make|send|buy|sit|stand|stay|mind|guess|sorry|thanks|thank|cheers|hello|hi|course|nah|innit|bro|bruv|fam)\b"
    r"|(?:why|what|who|how|where|when)(?:'s|'re| (?:is|are|was|were|do|does|did|can|could|will|would|should|if|about|for|else|now|difference))\b"
    r"|(?:can|could|will|would|do|does|did|is|are|am|have|has|shall|should) (?:i|you|we|he|she|they|it|that|this|my|there)\b"
)
_ASKED = re.compile(
    r"(?:why|what|who|how|where|when|can|could|will|would|do|does|did|is|are|am|was|were|have|has|shall|should|are|isn't|don't|ain't)\b"
)
_NOW = re.compile(r"(?:it's|that's|there's|this is|nobody's|everyone's|everybody's|i)\b")
_PRESENT = re.compile(
    r"(?<=\w)'(?:s|re)(?! (?:been|had|got)\b)|\b(?:is|are|am|don't|doesn't|can't|won't|isn't|ain't|aren't)\b"
    r"|\b(?:he|she) (?:just |always |only |never |still )?(?!was\b|has\b|does\b)\w+s\b"
)
_PUT_BACK = re.compile(
    r"^(?:no|yes|yeah|nah|yep|nope)\b|\b(?:he|she|they)(?:'d|'ll| would| was| were| had| did| could| might)\b|\b(?:wasn't|didn't|hadn't|couldn't|wouldn't)\b"
)
_INDIRECT = re.compile(r"(?:if|whether|i|we)\b")
_THIRD = {
    "he": re.compile(r"\b(?:he|him|his|himself)\b"),
    "she": re.compile(r"\b(?:she|her|hers|herself)\b"),
    NOBODY: re.compile(r"(?!)"),
    "they": re.compile(r"\b(?:they|them|their|themselves)\b"),
}
_ANY = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b")
# "He said, she's the only one who asks me": nothing stands between whom it is of and "me".
_OF_ME = re.compile(rf"(?:(?!(?:and|but|so|then)\b)[\w'-]+ )*?(?:{_I}|you|your|you're)\b")
_THEN_I = re.compile(  # "he never cries, I thought someone died"
    r"^[^,]*, (?:i'm|i (?:just|don't|never|can't|hate|want|know|won't|didn't|feel|miss|need|love|wish|thought|saw|heard|know))\b"
)
_WILL = re.compile(
    r"(?:he|she|they)(?:'d|'ll| would| will| wants?| wanted| needs?| asked| said| told)\b"
)


def is_direct(
    said: str, by: str | None, *, sure: bool = False, asked: bool = False, now: bool = False
) -> bool:
    """Whether `said` is in the words of whoever said it.

    Args:
        said: plain text behind a way of saying, up to where the worker takes over again.
        by: the pronoun of whoever said it, where it is known: with it, somebody is spoken *of*.
        sure: whether only what can be nothing else is taken, as the way of saying is a loose one.
        asked: whether it was asked, and not said.
        now: whether the worker tells it in the present, so that theirs shows nothing.
    """
    if len(said.split()) <= 1 or _ANSWERED.match(said):
        return is_reply(said)
    hesitates = _HESITATES.match(said)
    bare = _CALLS.sub("", said[hesitates.end() :] if hesitates else said)
    if said.rstrip().endswith("?") and not _INDIRECT.match(bare):
        return True
    if asked:
        return _ASKED.match(bare) is not None and _ASKS_OR_ORDERS.match(bare) is not None
    if _GOES_ON.match(said):
        return False
    if sure or hesitates:
        return _is_own(bare, by) or _is_now(bare, by)
    return _is_own(bare, by) or not speaks_of(by, said) or (not now and _in_present(bare))


def is_reply(said: str) -> bool:
    """Whether one word by itself is a reply in somebody's own words: "he went, whatever"."""
    return _BY_ITSELF.fullmatch(said) is not None


def _in_present(said: str) -> bool:
    """Whether it is told as it was said: "he never says it to me", but not "no, he hasn't"."""
    return _PRESENT.search(said) is not None and _PUT_BACK.search(said) is None


def _is_now(said: str, by: str | None) -> bool:
    """Whether it tells how things are: a worker would have put it back in time."""
    told = speaks_of(by, said) and _OWN.match(said) is None
    return _NOW.match(said) is not None and not told


def speaks_of(by: str | None, said: str) -> bool:
    """Whether "he" or "him" is in it, where a "he" says it; where that is unknown, any "he" or "she"."""
    return _third(by, said) is not None


def _third(by: str | None, said: str) -> re.Match[str] | None:
    return (_ANY if by is None else _THIRD[by]).search(said)


def orders(said: str) -> bool:
    """Whether it asks somebody or tells them what to do: "two sugars?", "do what you want"."""
    return said.rstrip().endswith("?") or _ASKS_OR_ORDERS.match(said) is not None


def _is_own(said: str, by: str | None) -> bool:
    """Whether it speaks as I, or to somebody, before it speaks of whoever is said to say it."""
    if _ASKS_OR_ORDERS.match(said):
        return True
    first = _OWN.match(said)
    if first is None:
        return False
    third = _third(by, said)
    if third is None or third.start() > first.start() + len(first.group()):
        return True
    return _WILL.match(said) is None and (_OF_ME.match(said) or _THEN_I.search(said)) is not None
