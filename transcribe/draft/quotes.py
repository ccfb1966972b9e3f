"""Direct speech: where it stands in a sentence, word for word, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.attribution import is_subject, reports, resolve, subject_at
from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.speech import Sentence, Span, spans
from transcribe.draft.speech_cues import CLOSED, MARKED, NOUNS, SENT, WRITTEN
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESSED = re.compile(r"\b(?:him|her)\b")
_ASKED = re.compile(
    r"^(?:(?:and|so|then|i|we) )*ask(?:ed|ing) \w+ |\b(?:which|what|whose) $"
)  # no answer of theirs
_OWN = re.compile(rf"\b(?:(?P<owner>his|her|their)|(?P<of>[\w-]+)'s)(?: \w+){{0,2}} (?:{NOUNS})\b")
_SENT = re.compile(SENT)
# "One of them said to him,", "that message said,": whoever it is, the case does not know them.
_UNKNOWN = re.compile(
    r"\b(?:(?:one|another|two|some|most|the other|the rest) of (?:them|these|those|the|his|her)\b[\w' ]{0,20}|some(?:one|body)(?: else)?|(?:the|that|this|a|another) (?:message|text|letter|note|caption|sign|card|voice note)"
    r"|(?:a|an|this|that|some|the|another) (?:\w+ )?(?:man|bloke|guy|stranger|neighbour|driver|lady|woman|boy|girl|lad|older|youth))(?: (?:just|then|actually|also))? $"
)
_THEM = re.compile(r"(?:him|her|them|himself|herself|themselves)\b")
_WHAT = re.compile(r"\b(?:what|all|thing)(?: that)? (?P<by>he|she|they)\b")  # "what he wrote was,"
_WORKERS = frozenset({Kind.SELF, Kind.YOU})  # "I go, are you nervous, and, quote,"
_HE_FORMS = frozenset({"he", "him", "his"})


@dataclass(frozen=True, slots=True)
class Quote:
    """Direct speech in a text. Offsets cover the words themselves."""

    start: int
    end: int
    text: str  # word for word, without the mark that closes it
    kind: Kind  # whose words


def quotes(text: str, cast: Cast) -> tuple[Quote, ...]:
    """The direct speech in a sentence by itself, but for what the worker said."""
    return tuple(one for one in direct_speech(text, cast, None) if one.kind is not Kind.SELF)


def direct_speech(
    text: str, cast: Cast, before: Mention | None, last: Kind = Kind.YOUNG
) -> tuple[Quote, ...]:
    """The direct speech in one sentence, whoever's it is.

    Args:
        text: the sentence as it was said.
        cast: the people of the note.
        before: the subject of the sentence before.
        last: whose account the sentence before gave, for a bare "quote ... unquote".
    """
    sentence = Sentence(plain(text), tuple(cast.mentions(text)), cast.gender)
    return tuple(
        Quote(one.start, one.end, text[one.start : one.end], _owner(text, one, cast, before, last))
        for one in spans(sentence)
        if one.end > one.start
    )


def marked(text: str) -> tuple[tuple[int, int], ...]:
    """The start and end of what stands in quotation marks, or between "quote" and "unquote"."""
    source = plain(text)
    for rule in (MARKED, CLOSED, WRITTEN):
        found = tuple(match.span("said") for match in rule.finditer(source))
        if found:
            return found
    return ()


def with_marks(text: str) -> str:
    """`text` with quotation marks where "quote" and "unquote" were said; else word for word."""
    source = plain(text)
    for found in reversed(list(MARKED.finditer(source)) or list(CLOSED.finditer(source))):
        said = text[slice(*found.span("said"))].strip(" ,.;-")
        after = text[found.end() :]
        stop = "" if after[:1] in {".", "?", "!", ","} else "." if not after else ""
        text = f"{text[: found.start()]}“{said}”{stop}{after}"
    return text


def _owner(text: str, span: Span, cast: Cast, before: Mention | None, last: Kind) -> Kind:
    lead = text[slice(*span.lead)]
    source = plain(lead)
    people = tuple(cast.mentions(lead))
    sender = _sender(source, people) if span.verb is None else None
    if sender is not None:
        return sender
    if span.verb is not None and _UNKNOWN.search(source[: span.verb]):
        return Kind.OTHER
    owner = (
        _possessor(source, people) if span.verb is None else subject_at(source, people, span.verb)
    )
    if owner:
        return resolve(lead, owner, cast, before)
    said = reports(lead + " ", cast, before)
    if said and said[-1].kind is not Kind.SELF:
        return said[-1].kind
    since = said[-1].start if said else 0  # "I asked, and she was quick to say,"
    named = [one for one in people if one.kind not in _WORKERS and one.start >= since]
    acting = [one for one in named if is_subject(source, one)]
    named = acting or (named if span.verb is not None else [])
    if named and not _ASKED.search(source[: named[-1].start]):
        return resolve(lead, named[-1], cast, before)
    return _addressed(source, cast) or (last if not source.strip() else Kind.YOUNG)


def _sender(source: str, people: Sequence[Mention]) -> Kind | None:
    """Whose a message is: "a text from her gran, it said,"; somebody unknown is not the young person."""
    sent = _SENT.search(source)
    if sent is None or _THEM.match(source, sent.end()):
        return None
    by = next((one for one in people if one.start == sent.end()), None)
    return Kind.OTHER if by is None or source.startswith("'s ", by.end) else by.kind


def _possessor(source: str, people: Sequence[Mention]) -> Mention | None:
    """Who is meant in "his exact words were," and "what he wrote was,"."""
    own = next(reversed(list(_OWN.finditer(source))), None)
    what = _WHAT.search(source)
    if what:
        return next((one for one in people if one.start == what.start("by")), None)
    if own is None:
        return None
    if own["owner"] is None:
        return next((one for one in people if one.end == own.end("of")), None)
    word = "he" if own["owner"] in _HE_FORMS else "she" if own["owner"] == "her" else "they"
    return Mention(own.start(), own.end(), Kind.PRONOUN, word)


def _addressed(source: str, cast: Cast) -> Kind | None:
    """Whose the answer is: "I put it to her, and, quote,"."""
    asked = list(_ADDRESSED.finditer(source))
    if not asked or cast.gender is None:
        return None
    word = "he" if asked[-1].group() == "him" else "she"
    return Kind.YOUNG if word == cast.gender else Kind.OTHER
