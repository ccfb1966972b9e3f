"""Where direct speech stands in a sentence, and where what leads it in does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.attribution import is_subject
from transcribe.draft.cast import Kind, Mention
from transcribe.draft.direct import NOBODY, is_direct, is_reply, orders, speaks_of
from transcribe.draft.speech_cues import (
    ANSWERED,
    AS_I,
    ASKS,
    BARE,
    BEGINS_AS_I,
    BESIDE,
    BREAKS,
    CLOSED,
    DEPENDS,
    GESTURE,
    I_WAS,
    INVERTED,
    IT_WAS,
    LOOSE,
    MANNER,
    MARKED,
    MESSAGE,
    MOVES,
    NARRATOR,
    NOW,
    OF_MINE,
    OUT_OF_IT,
    PUTS_IT,
    RECOUNTS,
    SILENCE,
    SOMEBODY,
    SPEECH,
    TELLS_ON,
    TOLD_OF,
    WENT_ON,
    WORDS_WERE,
    WRITTEN,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


_PRONOUNS = frozenset({"he", "she", "they"})
_SUBJECT = {"his": "he", "her": "she", "their": "they"}


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody's words. All are offsets into the sentence."""

    lead: tuple[int, int]  # what says whose they are
    start: int
    end: int
    verb: int | None = None  # where the verb of saying begins, if there is one


@dataclass(frozen=True, slots=True)
class Sentence:
    """A plain sentence and the people in it."""

    source: str
    people: tuple[Mention, ...]
    young: str | None  # the young person's pronoun, where it is known

    def pronoun(self, offset: int) -> str | None:
        """The pronoun of whoever acts last before an offset, where it is known."""
        acting = (
            one
            for one in reversed(self.people)
            if one.end <= offset and is_subject(self.source, one)
        )
        nearest = next(acting, None)
        if nearest is None or nearest.kind in {Kind.SELF, Kind.YOU}:
            return None
        return nearest.word if nearest.kind is Kind.PRONOUN else nearest.gender

    def goes_on(self, found: re.Match[str], start: int) -> bool:
        """Whether a name begins what the worker tells next: "and Kwame laughed", "and mum said".

        Not where the words from `start` on are of "my mum".
        """
        at = found.start("again")
        named = next((one for one in self.people if one.start == at), None)
        if named is None or f"my {named.word} " in self.source[start:at]:
            return False
        return named.kind is Kind.YOUNG or found["does"] is None

    def names_young(self, start: int, end: int) -> bool:
        """Whether a young person is named between two offsets."""
        return any(one.kind is Kind.YOUNG and start <= one.start < end for one in self.people)


def spans(sentence: Sentence) -> Iterator[Span]:
    """Each stretch of direct speech; where it is marked as such, nothing else is looked for."""
    source = sentence.source
    for rule in (MARKED, CLOSED, WRITTEN):
        found = [
            _trimmed(source, (0, match.start()), *match.span("said"))
            for match in rule.finditer(source)
        ]
        if found:
            yield from found
            return
    words = WORDS_WERE.search(source)
    if words and source[words.end() :]:
        at = words.end()
        yield _trimmed(source, (0, at), at, _narrator(sentence, at))
        return
    yield from _inverted(sentence) or _led_in(sentence)


def _led_in(sentence: Sentence) -> Iterator[Span]:
    """What stands behind a way of saying, each up to where the worker goes on."""
    at, source = 0, sentence.source
    while lead := _next(source, at):
        at = lead.end()
        end = _narrator(sentence, at)
        if _opens_speech(lead, source[at:end], sentence.pronoun(lead.start())):
            verb = None if lead.re in {ANSWERED, IT_WAS, MESSAGE} else lead.start()
            yield _trimmed(source, (0, at), at, end, verb)
            at = end


def _next(source: str, at: int) -> re.Match[str] | None:
    """The first way of saying from an offset on; of two that begin there, the longer."""
    found = [
        rule.search(source, at)
        for rule in (SPEECH, ANSWERED, BARE, MANNER, GESTURE, SILENCE, IT_WAS, MESSAGE)
    ]
    return min(filter(None, found), key=lambda one: (one.start(), -one.end()), default=None)


def _opens_speech(lead: re.Match[str], said: str, by: str | None) -> bool:
    if lead.re is ANSWERED:
        return is_direct(said, None if said.startswith(("he ", "she ")) else NOBODY)
    if lead.re is MESSAGE:
        return bool(said.strip())
    if lead.re in {MANNER, IT_WAS}:
        return is_direct(said, NOBODY if lead.re is IT_WAS else by, sure=True)
    if lead.re in {SILENCE, GESTURE}:
        loud = lead.re is SILENCE and OUT_OF_IT.match(said) is not None
        return loud or (is_direct(said, by, sure=True) and orders(said))
    if lead.re is BARE:
        return len(said.split()) > 1 and ("said" not in lead.group() or not speaks_of(by, said))
    return _is_led_in(lead, said, by)


def _is_led_in(lead: re.Match[str], said: str, by: str | None) -> bool:
    verb, before = lead["verb"].strip(), lead.string[: lead.start()]
    if RECOUNTS.search(before) or _does(verb, before, said):
        return False
    if verb.startswith(("go", "went")) or (verb.endswith("like") and not lead["more"]):
        return len(said.split()) > 1 or is_reply(said)
    if lead["more"] and TOLD_OF.match(verb) and I_WAS.match(said):
        return False
    loose = LOOSE.match(lead["more"]) is not None or BESIDE.match(before) is not None
    return is_direct(
        said, by, sure=loose, asked=verb.startswith("ask"), now=NOW.match(verb) is not None
    )


def _does(verb: str, before: str, said: str) -> bool:
    """Whether "went," or "like," only tells what was done or asked: "before he went, she said"."""
    if verb.startswith(("went", "going")) and MOVES.search(before):
        return True
    if verb.endswith("like") and ASKS.search(before):  # "asked what home is like,"
        return True
    if verb.endswith("going") and (before.endswith("not ") or BREAKS.match(said)):
        return True
    return WENT_ON.match(said) is not None


def _inverted(sentence: Sentence) -> tuple[Span, ...]:
    """What is said before "she said" and, if they go on as "I", after it."""
    found = INVERTED.match(sentence.source)
    if found is None:
        return ()
    lead, after = found.span("who"), found.start("more")
    by = sentence.pronoun(lead[1])
    asks = found["who"].endswith((" know", " asked"))
    follows = after >= 0 and is_direct(sentence.source[after:].lstrip(" ,"), by, sure=True)
    said = found["said"]
    theirs = PUTS_IT.search(found["who"]) or _is_theirs(sentence, found.span("said"), by)
    begins = DEPENDS.match(said) or AS_I.match(said)
    opens = begins and not (speaks_of(by, said) or sentence.names_young(*found.span("said")))
    if not ((theirs or orders(said)) if asks else theirs or (follows and (opens or orders(said)))):
        return ()
    first = _trimmed(sentence.source, lead, *found.span("said"))
    if not follows:
        return (first,)
    return first, _trimmed(sentence.source, lead, after, len(sentence.source))


def _is_theirs(sentence: Sentence, span: tuple[int, int], by: str | None) -> bool:
    """Whether it can be nothing of the worker's: "I'm not scared of him", and not "I rang her"."""
    said = sentence.source[slice(*span)]
    if sentence.names_young(*span):
        return False
    if BEGINS_AS_I.match(said):
        return True
    return OF_MINE.match(said) is not None and not speaks_of(by, said)


def _narrator(sentence: Sentence, start: int) -> int:
    """Where the worker takes over again after somebody's words."""
    by = sentence.pronoun(start)
    end = _told_on(sentence, start, by)
    for found in NARRATOR.finditer(sentence.source, start + 1, end):
        again = found["again"] or found["closing"] or _SUBJECT.get(found["whose"] or found["face"])
        named = again is not None and again not in _PRONOUNS
        if named and not sentence.goes_on(found, start):
            continue
        if named or by is None or again is None or again in {by, sentence.young}:
            return found.start()
    return end


def _told_on(sentence: Sentence, start: int, by: str | None) -> int:
    """Where "and then she" can be nobody but whoever spoke, as they spoke of nobody."""
    found = TELLS_ON.search(sentence.source, start + 1)
    if found is None or (found["again"] or by) not in {by, sentence.young}:
        return len(sentence.source)
    spoken_of = [one for one in sentence.people if start <= one.start < found.start()]
    others = any(one.kind not in {Kind.SELF, Kind.YOU} for one in spoken_of)
    somebody = others or SOMEBODY.search(sentence.source, start, found.start())
    return len(sentence.source) if somebody else found.start()


def _trimmed(
    source: str, lead: tuple[int, int], start: int, end: int, verb: int | None = None
) -> Span:
    while start < end and source[start] in "\"' ,:-":
        start += 1
    while end > start and source[end - 1] in '" ,.;:-':
        end -= 1
    return Span(lead, start, end, verb)
