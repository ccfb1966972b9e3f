"""What is denied: a "not" that was lost or came in turns the account round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.checks import harm
from transcribe.draft.checks.near import beside, spoken
from transcribe.draft.checks.stems import TOKEN, folded, stem
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
_PARTICLE = re.compile(
    r"(?:not|never|nobody|nothing|nowhere|none|neither|nor|cannot|no|noone|\w+n't|dont|didnt|wasnt|isnt|wont|cant)"
)
_BREAK = re.compile(
    r"[.;:!?]|,(?! (?:or|nor) )|\b(?:but|because|so|and(?= (?:i|he|she|they|we|it|mum|dad|then|now|his|her|that|the)\b)|which|although|though|when|while|until|if)\b"
)
_ANSWER = re.compile(
    r"\b(?:no|nah|nope)(?=[,.]|$)|\bno, |\bsa(?:id|ys) no\b|\bturned? (?:it|them|him|her|that) down\b"
)
_PUT_OFF = re.compile(r"\b(?:hold|holding|held|put|putting|called) off\b")
_PHRASE = re.compile(
    r"\bno (?:doubt|problem|wonder)\b|\bwhether or not\b|\bnot (?:only|just)\b|\bif not\b|\bwhy not\b|\bor not\b|\bnot sure\b"
)
_EMPTY = frozenset(
    """a an the to of in on at for with from by it its he she they we i you him her them me us my his their our your be have do
    will would can could should may might must shall that this there here any anything anyone anybody at all very really so just
    ever even been yet still about as than or and say tell s t d ll ve re m am is are was were get got up out into over
    who what where when how one no not like thing things him himself herself bit lot quite too also then now longer more""".split()
)
_LIFTED = frozenset(
    {"want", "think", "believ", "feel", "seem", "reckon", "suppos", "expect", "like"}
)


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
    answers: bool  # whether somebody answered no


def turned(text: str, said: Said) -> Iterator[Check]:
    """A sentence that says of something the contrary of what was said of it."""
    here, there = _read(text), _read(said.text)
    lost, new = _unmatched(here, there)
    for one in lost:
        if _stated(one, here, there):
            yield _check(text, said, "“{}” was said here and is not in the sentence", one)
            return
    for one in new:
        if _contrary(one, here, there):
            yield _check(text, said, "“{}” was not said of this", one)
            return
    near = beside(text, said.text).near
    if near and count(text) != count(spoken(said.text)):
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
    answers = _ANSWER.search(source) is not None
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
        after = [i for i in range(at + 1, len(tokens)) if stem(tokens[i]) not in _EMPTY][:_REACH]
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


def count(text: str) -> int:
    """How many words of a text deny."""
    source = _ANSWER.sub(" ", folded(text))
    words = (token.group().removesuffix("'s") for token in TOKEN.finditer(source))
    return sum(_PARTICLE.fullmatch(word) is not None for word in words)
