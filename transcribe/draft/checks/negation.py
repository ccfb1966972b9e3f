"""What is denied: a "not" that was lost or came in turns the account round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.checks import harm
from transcribe.draft.checks.near import beside, spoken
from transcribe.draft.checks.stems import TOKEN, folded, stem, stems
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_REACH = 6  # words with meaning that a "not" speaks of
_NEGATION = re.compile(
    r"(?:not|never|nobody|nothing|nowhere|none|neither|nor|without|cannot|hardly|barely|unable|no|noone"
    r"|den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|avoid(?:s|ed|ing)?|lack(?:s|ed|ing)?"
    r"|unaware|unharmed|unhurt|uninjured|unwilling|disagree[sd]?|instead|rather|unsure|unhappy|unsafe|\w+n't|dont|didnt|wasnt|isnt|wont|cant)"
)
_MILD = frozenset(
    ("instead", "rather", "unsure", "unhappy", "unsafe", "without")
)  # may stand alone
_DENIES = re.compile(  # as a rule one for one, however a sentence is worded
    r"(?:not|never|nobody|nothing|nowhere|none|neither|cannot|hardly|barely|no|noone|without|\w+n't|dont|didnt|wasnt|isnt|wont|cant"
    r"|den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|avoid(?:s|ed|ing)?|lack(?:s|ed|ing)?"
    r"|un(?!der|til|less|cle|it|i(?!nj)|ion|quote|fortunately|lock|pack)[a-z]{3,})"
)
_AGAIN = re.compile(  # "isn't registered and hasn't been for years" denies one thing
    r"\b(?:and|or) (?:\w+ )?\w+(?:n't| not)(?: been| ever| either)?(?= (?:for|since|in|at all|now|yet|all)\b|[.,;]|$)"
    r"|\b(?:because|as|and) there (?:is|are|was|were)(?:n't| not) (?:one|any)\b"
)
_OR = re.compile(r"\bn?or\b")
_ABSENT = re.compile(
    r"\b(?:is|was|were|be|been|being|'s) (?:out|away|off)\b|\b(?:run|runs|ran|running) out\b"
    r"|\bstop(?:s|ped|ping)? \w+ing\b"
)
_MAY_DENY = frozenset(
    """fail fails failed except apart instead rather only unless last
    nor too disagree disagreed disagrees""".split()
)
_WHOLE = 0.6  # share of the words: then nothing much was left out
_PARTICLE = re.compile(
    r"(?:not|never|nobody|nothing|nowhere|none|neither|nor|cannot|no|noone|\w+n't|dont|didnt|wasnt|isnt|wont|cant)"
)
_BREAK = re.compile(
    r"[.;:!?]|,(?! (?:or|nor) )|\b(?:but|because|so|and(?= (?:i|he|she|they|we|it|mum|dad|then|now|his|her|that|the)\b)|which|although|though|when|while|until|if)\b"
)
_ANSWER = re.compile(
    r"\b(?:no|nah|nope)(?=[,.]|$)|\bno, |\bsa(?:id|ys) no\b|\btold \w+ no\b|\bturned? (?:it|them|him|her|that) down\b"
)
_PUT_OFF = re.compile(r"\b(?:hold|holding|held|put|putting|called) off\b")
_PHRASE = re.compile(
    r"\bno (?:doubt|problem|wonder)\b|\bwhether or not\b|\bnot (?:only|just)\b|\bif not\b|\bwhy not\b|\bor not\b|\bnot sure\b"
)
EMPTY = frozenset(
    """a an the to of in on at for with from by it its he she they we i you him her them me us my his their our your be have do
    will would can could should may might must shall that this there here any anything anyone anybody at all very really so just
    ever even been yet still about as than or and say tell s t d ll ve re m am is are was were get got up out into over
    who what where when how one no not like thing things him himself herself bit lot quite too also then now longer more""".split()
)
_AMOUNTS = frozenset(
    map(
        stem,
        "one two three four five six seven eight nine ten year month week day hour time".split(),
    )
)
_LIFTED = frozenset(
    {"want", "think", "believ", "feel", "seem", "reckon", "suppos", "expect", "like"}
)


def denies(word: str) -> bool:
    """Whether a plain word denies something, so that a sentence without it says otherwise."""
    return _NEGATION.fullmatch(word) is not None or word in _MAY_DENY


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the roots of what it speaks of, nearest first."""

    word: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as this rule sees it."""

    denials: tuple[Denial, ...]
    plain: tuple[str, ...]  # roots outside of every denial's first targets
    answers: bool  # whether somebody answered no, or "was out", "ran out"


def turned(text: str, said: Said) -> Iterator[Check]:
    """A sentence that says of something the contrary of what was said of it: the gravest of them."""
    found = list(_turned(text, said))
    yield from sorted(found, key=lambda each: not each.blocks)[:1]


def _turned(text: str, said: Said) -> Iterator[Check]:
    here, there = _read(text), _read(said.text)
    lost, new = _unmatched(here, there)
    for one in lost:
        if _stated(one, here, there):
            yield _check(text, said, "“{}” was said here and is not in the sentence", one)
    for one in new:
        if _contrary(one, here, there):
            yield _check(text, said, "“{}” was not said of this", one)
    less, more = _counted(text, said.text)
    near = beside(text, said.text).near and _count(text) != _count(spoken(said.text))
    if near or more or (less and _kept(lost, text, said.text)):
        other = (lost or new or [Denial("not", ())])[0]
        yield _check(text, said, "“{}” was not said like this", other)


def _check(text: str, said: Said, what: str, one: Denial) -> Check:
    grave = [found.word for each in (text, said.text) for found in harm.found(each)]
    roots = {stem(word) for words in grave for word in TOKEN.findall(folded(words))}
    level = "block" if roots & set(one.targets) else "look"
    return Check(
        "negation",
        "block" if level == "block" else "look",
        f"{what.format(one.word)}: the meaning may be turned round. Listen, and put it right.",
    )


def _read(text: str) -> _Read:
    source = _PHRASE.sub(lambda hit: " " * len(hit.group()), folded(text))
    source = _PUT_OFF.sub(" without ", source)
    answers = any(rule.search(source) is not None for rule in (_ANSWER, _ABSENT))
    source = _ANSWER.sub(lambda hit: " " * len(hit.group()), source)
    denials: list[Denial] = []
    outside: list[str] = []
    for clause in _clauses(source):
        found, rest = _clause(clause)
        denials += found
        outside += rest
    return _Read(tuple(denials), tuple(outside), answers)


def _clauses(source: str) -> list[str]:
    return [part for part in _BREAK.split(source) if part.strip()]


def _clause(clause: str) -> tuple[list[Denial], list[str]]:
    tokens = [token.group() for token in TOKEN.finditer(clause)]
    denials, denied = [], set()
    for at, word in enumerate(tokens):
        if not _NEGATION.fullmatch(word.removesuffix("'s")):
            continue
        after = [i for i in range(at + 1, len(tokens)) if stem(tokens[i]) not in EMPTY][:_REACH]
        reach = list(after)
        own = stem(word) if not _PARTICLE.fullmatch(word) else None
        targets = tuple(stem(tokens[i]) for i in reach)
        denied |= {*reach, at}
        denials.append(Denial(word, targets if own is None else (*targets, own)))
    return denials, [stem(word) for i, word in enumerate(tokens) if i not in denied]


def _unmatched(here: _Read, there: _Read) -> tuple[list[Denial], list[Denial]]:
    """What was denied and is not here, and what is denied here and was not."""
    left = list(here.denials)
    lost = []
    for one in there.denials:
        match = next((each for each in left if _alike(one, each)), None)
        if match is None:
            lost.append(one)
        else:
            left.remove(match)
    return lost, left


def _alike(one: Denial, other: Denial) -> bool:
    if not one.targets or not other.targets:
        return True
    return bool(set(one.targets[:3]) & set(other.targets)) or bool(
        set(other.targets[:3]) & set(one.targets)
    )


def _stated(one: Denial, here: _Read, there: _Read) -> bool:
    """Whether what was denied is now said outright."""
    first = [each for each in one.targets if each not in _LIFTED][:2] or list(one.targets[:1])
    if "last" in here.plain and "sinc" in one.targets:  # "not since May" is "last in May"
        return False
    return any(here.plain.count(each) > there.plain.count(each) for each in first)


def _contrary(one: Denial, here: _Read, there: _Read) -> bool:
    """Whether what was said outright, or nothing of the kind, is now denied."""
    first = [each for each in one.targets if each not in _LIFTED][:2] or list(one.targets[:1])
    if one.word in _MILD:
        return False
    if all(each.word in _MILD for each in there.denials):
        return not there.answers
    was = [each for each in first if each in there.plain]
    return any(here.plain.count(each) < there.plain.count(each) for each in was)


def _counted(text: str, said: str) -> tuple[bool, bool]:
    """Whether surely less is denied in `text` than was said, and whether more."""
    meant = spoken(said)
    here, here_at_most = _range(text, meant)
    there, there_at_most = _range(meant, text)
    shared = here > 0 and _OR.search(folded(text)) is not None  # "nobody saw or heard him"
    return here_at_most < there and not shared, here > there_at_most


def _count(text: str) -> int:
    """How many words of a text deny, the same words in both of two that are nearly alike."""
    source = _ANSWER.sub(" ", folded(text))
    words = (token.group().removesuffix("'s") for token in TOKEN.finditer(source))
    return sum(_PARTICLE.fullmatch(word) is not None for word in words)


def _range(text: str, other: str) -> tuple[int, int]:
    """How many words of a text deny: at least, and with those that may and are not in the other."""
    source = _PUT_OFF.sub(" without ", _AGAIN.sub(" ", _PHRASE.sub(" ", folded(text))))
    answers = len(_ANSWER.findall(source)) + len(_ABSENT.findall(source))
    source = _ANSWER.sub(" ", source).replace("no one", "noone")
    words = [token.group().removesuffix("'s") for token in TOKEN.finditer(source)]
    sure = sum(_DENIES.fullmatch(word) is not None for word in words)
    return sure, sure + answers + len(_MAY_DENY & {*words} - {*TOKEN.findall(folded(other))})


def _kept(lost: list[Denial], text: str, said: str) -> bool:
    """Whether what was denied is still spoken of, and not left out with its "not"."""
    here = set(stems(text))
    words = {each for one in lost for each in one.targets if not each.isdigit()}
    if "last" in here and "sinc" in words:  # "not since May" is "last in May"
        return False
    whole = len(stems(text)) >= _WHOLE * len(stems(said))
    return bool(words & here - _AMOUNTS) or whole
