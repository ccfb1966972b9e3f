"""Whose account a sentence gives: the young person's, somebody else's or the worker's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.roles import MANY
from transcribe.draft.wording import plain, spaced, without_lead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REACH = 70  # characters between a subject and its second verb ("came out and said")

_SAY = r"""said|says|told|tells|mentioned|mentions|explained|explains|admitted|admits
|denied|denies|claimed|claims|described|describes|reported|reports|disclosed|shared|shares|insisted|insists
|added|replied|replies|answered|texted|messaged|swore|swears|confirmed|confirms|complained|opened up
|said yes|goes(?=,| i\b| you\b| like\b)|went(?=,? i\b|,? i'm\b|, )|like(?=,)|(?:talked|talks)(?: to (?:me|us))?(?: \w+)? about|spoke (?:to|with) (?:me|us) about
|agreed(?! to\b)|agrees|disagreed|disagrees|asked|asks|nodded|shook|started by|recalled|remembers|stated
|let slip|repeated|(?:was|is|was really|was very|was quite) (?:clear|adamant|definite|open|honest|certain)"""
_MIND = r"""wants|wanted|would like|'d like|'d love|would love|'d rather|would rather|doesn't want|didn't want
|does not want|did not want|hopes|hoped|hoping|feels|felt|thinks|thought|reckons|reckoned|believes|misses|wishes|wished
|knows|knew|doesn't know|didn't know|enjoys|hates|prefers|is scared|was scared|is worried|was worried
|doesn't feel|didn't feel|doesn't think|didn't think|isn't sure|wasn't sure|doesn't like|likes|loves"""
_VERB = re.compile(
    rf"(?:(?<![\w'-])|(?<=\w)(?='d[ ]))(?:(?P<say>{spaced(_SAY)})|(?P<mind>{spaced(_MIND)}))(?![\w-])",
    re.VERBOSE,
)
_BETWEEN = re.compile(
    r"^(?:'s|'d|'ve|'re|'m)?(?:[ ,]+(?:has|had|have|was|is|did|does|also|then|just|always|never|really|later|now"
    r"|even|still|both|himself|herself|kind of|sort of|basically|actually|only|quickly|quietly|\w+ly"
    r"|turned (?:round|around) and|did not|didn't|doesn't|hasn't|been|again|once|first|afterwards))*[ ,]*$"
)
_AND_VERB = re.compile(r"(?:\band|\bthen|,|\bbut)(?: (?:then|also|she|he))?[ ]$")
_OBJECT = re.compile(
    r"\b(?:to|with|from|of|at|for|about|by|on|near|off|up|over|into|against|behind|towards|tell|tells|told|say|said|named|ask|asks|asked|gave|saw|rang|met|called|like|than|and|between|round|took|takes|helped|showed|let|made|put|sent|brought|drove|walked|reminded|seen|see|sees|seeing|knows|know|knew|hit|heard|found|left|lost|hates|loves|misses|meets|meet|without|except|\w+ed)"
    r"(?: (?:his|her|their|my|the|a|an|our|with))?(?: \w+)? $"
    r"|(?:\b(?:is|was|are|were|be|been|being|as)|'s)(?: \w+)? (?:the|a|an|his|her|my|their)(?: \w+)? $"
)
_ASIDE = re.compile(  # what stands before whoever only did something when another spoke
    r"\b(?:when|while|as|after|before|until|once|if|whenever)(?: (?:my|his|her|their|the|a|an|your|one of the))? $"
)
_ELIDED = re.compile(  # not what a worker does: "Told him", "Said I'd ring", "Explained it to her"
    r"(?:says?|said|told (?:me|us)|admits|admitted|denies|denied|claims|claimed|reckons|reckoned|insists|insisted|wants|wanted"
    r"|swears|swore|feels|felt|hopes|mentions|disclosed|doesn't want|didn't want)\b(?! (?:i|i'd|i'll|we|we'd|to (?:him|her))\b)"
)
_CONTACTS = re.compile(  # "I rang Obi and he said"
    r"\b(?:i|we)(?:'ve| have| had)?(?: (?:also|then|just))? (?:rang|phoned|called|texted|emailed|messaged|met|asked|told|saw|spoke (?:to|with)|met with|got hold of|got through to|caught)"
    r"(?: (?:his|her|their|the))? $"
)
_WORKER_ASKS = re.compile(
    r"\b(?:i|we) (?:asked|told|wondered)\b.* (?:if|whether|that|about|how|what|why|when|where|who)\b"
)
_DONE_TO = re.compile(
    r" (?:\w+ ){0,2}?(?:told|asked|said to|gave|rang|texted|warned|called|hugged|pushed|hit|shouted at|looked at|spoke to) (?P<whom>him|her)\b(?! \w+'s\b)"
)
_DOES = re.compile(r" (?:did|does|was|is|had|has|would|could)\b")  # "I told her nan did"
_PASSIVE = re.compile(r"\b(?:was|were|been|being|got|is|are)(?: also| then| just| \w+ly)? $")
_INNER = re.compile(r"\b(?:told|asked|explained|reminded|said)\b.*\bwhat(?:ever)? $")
# "I asked whether her mum knows, and she said": whoever a question is about does not answer it.
_QUESTION = re.compile(
    r"\b(?:i|we) (?:asked|wondered)(?: (?:him|her|them))? (?:if|whether|what|how|why|who|when|where|about)\b[^,]*$"
)
_SUFFIX = re.compile(r" (?:me|us)(?: (?:so|that|this))?[ .!?]*$")
_NOUNS = re.compile(
    r"\b(?:according to (?P<source>him|her|them)|(?P<owner>his|her|their) (?:\w+ )?(?:words|view|opinion|answer"
    r"|version|account|wish|message|text)\b|in (?P<mind>his|her|their) (?:own )?(?:words|view|opinion|mind))"
)
_HE_FORMS = frozenset({"he", "him", "his"})


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody saying or thinking something. `start` is an offset into the text."""

    start: int
    by: Mention
    kind: Kind  # YOUNG, OTHER, SELF or YOU
    said: bool  # False: thought, wanted or felt
    asked: bool = False  # only asked something


def reports(text: str, cast: Cast, before: Mention | None) -> tuple[Report, ...]:
    """Who says or thinks what in one sentence, in order.

    Args:
        text: the sentence, its direct quotations blanked.
        cast: the people of the note.
        before: the subject of the sentence before, for "he" and "she".
    """
    people = list(cast.mentions(text))
    found = [*_by_verbs(text, people, cast, before), *_by_nouns(text, people, cast)]
    return tuple(sorted(found, key=lambda report: report.start))


def _by_verbs(
    text: str, people: Sequence[Mention], cast: Cast, before: Mention | None
) -> Iterator[Report]:
    source = plain(text)
    for verb in _VERB.finditer(source):
        subject = subject_at(source, people, verb.start()) or _left_out(source, verb.start(), cast)
        if _PASSIVE.search(source[: verb.start()]) and not verb.group().endswith("ing"):
            continue
        if subject is None or _ASIDE.search(source[: subject.start]):
            continue
        if _INNER.search(source[: subject.start]):
            continue
        if subject.start == subject.end:  # nobody is named: whoever was spoken of last
            kind = before.kind if before else Kind.YOUNG
            yield Report(verb.start(), subject, kind, said=verb["say"] is not None)
            continue
        ends = not source[verb.end() :].strip(" .!?") or _SUFFIX.match(source[verb.end() :])
        kind = _by_gender(subject, cast) if ends else resolve(text, subject, cast, before)
        asked = verb.group().startswith("ask")
        yield Report(verb.start(), subject, kind, said=verb["say"] is not None, asked=asked)


def _by_nouns(text: str, people: Sequence[Mention], cast: Cast) -> Iterator[Report]:
    source = plain(text)
    for noun in _NOUNS.finditer(source):
        word = noun["source"] or noun["owner"] or noun["mind"]
        gender = "he" if word in _HE_FORMS else "she"
        pronoun = Mention(noun.start(), noun.end(), Kind.PRONOUN, gender)
        yield Report(noun.start(), pronoun, resolve(text, pronoun, cast, None), said=True)
    for person in people:
        if source[: person.start].endswith("according to ") or re.match(
            r"'s (?:own |exact )?(?:words|view|opinion|answer|reply|version|account|line|take)\b",
            source[person.end :],
        ):
            yield Report(person.start, person, person.kind, said=True)


def subject_at(source: str, people: Sequence[Mention], verb: int) -> Mention | None:
    """Whose verb it is that begins at an offset of a plain text."""
    earlier = [one for one in people if one.end <= verb and not _owns(source, one)]
    if not earlier:
        return None
    nearest = earlier[-1]
    if _BETWEEN.match(source[nearest.end : verb]):
        return nearest
    if not _AND_VERB.search(source[:verb]) and not source[:verb].rstrip().endswith("and"):
        return _apposed(source, earlier, verb)
    subjects = [one for one in earlier if is_subject(source, one)]
    if subjects and verb - subjects[-1].end <= _REACH:
        return subjects[-1]
    return None


def _left_out(source: str, verb: int, cast: Cast) -> Mention | None:
    """The "he" that a worker in a hurry leaves out: "Said he'd been at a mate's"."""
    if verb != len(source) - len(without_lead(source)) or not _ELIDED.match(source, verb):
        return None
    return Mention(verb, verb, Kind.PRONOUN, cast.gender or "they")


def is_subject(source: str, one: Mention) -> bool:
    """Whether it does something, and not only while another spoke: "and he", no "until he"."""
    before = source[max(0, one.start - _REACH) : one.start]
    does = (
        one.kind is Kind.PRONOUN
        or source.startswith(" say ", one.end)
        or before.endswith((", and ", ", but ", ", then "))
        or not _OBJECT.search(before)
    )
    return does and not _ASIDE.search(before)


def _apposed(source: str, earlier: Sequence[Mention], verb: int) -> Mention | None:
    """The subject in "the officer who came said", "dad, Mr Rahmani, who was late, said"."""
    nearest = earlier[-1]
    between = source[nearest.end : verb]
    if re.fullmatch(r",? (?:who|which|from|at|in|on)\b[^,]{0,40},? ", between):
        return nearest
    return None


def _owns(source: str, mention: Mention) -> bool:
    """Whether the mention is only an owner: "Kwame's bag" (but not "Kwame's going")."""
    rest = source[mention.end :]
    return (
        mention.kind is not Kind.PRONOUN  # "he's like" is no owner
        and re.match(
            r"'s (?!(?:been|going|got|not|just|really|still|also|always|now|\w+ed|\w+ing)\b)", rest
        )
        is not None
    )


def resolve(text: str, mention: Mention, cast: Cast, before: Mention | None) -> Kind:
    """The kind of person a mention stands for; pronouns look back for somebody who fits."""
    if mention.kind is not Kind.PRONOUN:
        return mention.kind
    if mention.word == "they" and cast.gender != "they":
        return Kind.OTHER
    if cast.gender is not None and mention.word != cast.gender:
        return Kind.OTHER
    source = plain(text)
    earlier = [
        one for one in cast.mentions(text) if one.end <= mention.start and one.kind is not Kind.SELF
    ]
    named = [one for one in earlier if one.kind in {Kind.YOUNG, Kind.OTHER} and _acts(source, one)]
    if named:  # where both may be meant it is not the young person: "his uncle came in and he said"
        may = (
            _may_be(one, mention.word) and not _acts_on(source, one, mention.word) for one in named
        )
        return Kind.OTHER if any(may) else Kind.YOUNG
    return Kind.OTHER if _is_before(text, mention, cast, before) else Kind.YOUNG


def _may_be(person: Mention, pronoun: str) -> bool:
    """Whether "he" can stand for somebody else who is named before it."""
    if person.kind is not Kind.OTHER or person.word in MANY:
        return False
    return person.gender in {pronoun, None}


def _acts_on(source: str, person: Mention, pronoun: str) -> bool:
    """Whether it is done to "him", who then is somebody else: "Gill told him, and he said"."""
    found = _DONE_TO.match(source, person.end)
    return found is not None and ("he" if found["whom"] == "him" else "she") == pronoun


def _by_gender(subject: Mention, cast: Cast) -> Kind:
    """Whose a closing "he said" is: it looks past everybody whom the sentence names."""
    if subject.kind is not Kind.PRONOUN:
        return subject.kind
    fits = cast.gender == subject.word or (cast.gender is None and subject.word != "they")
    return Kind.YOUNG if fits else Kind.OTHER


def _is_before(text: str, mention: Mention, cast: Cast, before: Mention | None) -> bool:
    """Whether a "he" that opens a sentence is whom the sentence before was about."""
    if before is None or before.kind is not Kind.OTHER or before.gender != mention.word:
        return False
    again = any(cast.name_of(one.word) == cast.name_of(before.word) for one in cast.mentions(text))
    return not again and without_lead(plain(text)).startswith(mention.word)


def _acts(source: str, mention: Mention) -> bool:
    """Whether a mention can be whom a later "he" means: no object, no "when dad asked" aside."""
    lead = source[: mention.start]
    if mention.kind is Kind.OTHER and _CONTACTS.search(lead):
        return _DOES.match(source, mention.end) is None
    asks = re.match(r" (?:has |had )?ask(?:s|ed)\b", source[mention.end :]) is not None
    infinitive = re.match(r" to \w", source[mention.end :])  # "what he'd want his brother to hear"
    return not (
        asks
        or infinitive
        or _QUESTION.search(lead)
        or _OBJECT.search(lead)
        or _ASIDE.search(lead)
        or _owns(source, mention)
    )


def subject_of(text: str, cast: Cast) -> Mention | None:
    """Who a sentence is about: its first named person, or None when it opens with a pronoun."""
    source = plain(text)
    for mention in cast.mentions(text):
        if mention.kind is Kind.PRONOUN or _WORKER_ASKS.search(source[: mention.start]):
            return None
        if mention.kind is Kind.OTHER and _CONTACTS.search(source[: mention.start]):
            return mention
        if mention.kind in {Kind.YOUNG, Kind.OTHER} and not _OBJECT.search(source[: mention.start]):
            return mention
    return None
