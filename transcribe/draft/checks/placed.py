"""Whom each word of a text stands with: a word that went over to somebody else tells of an exchange."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcribe.draft.cast import Kind, Mention
from transcribe.draft.checks.acts import alike
from transcribe.draft.checks.negation import EMPTY
from transcribe.draft.checks.persons import name_of
from transcribe.draft.checks.stems import TOKEN, folded, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcribe.draft.checks.said import Said

_FORMS = re.compile(
    r"(?<![\w'-])(?:(?P<he>him)|(?P<they>them)|(?P<she>her)(?=[.,;:!?]|$| (?:to|in|on|at|for|and|but|about|with|from|out|up|off|that|the|a|an"
    r"|if|when|because|until|by|money|what|whether|it|was|is|had)\b)|(?P<his>his)|(?P<her>her)|(?P<their>their))(?![\w-])"
)
_WHOSE = {"his": "he", "her": "she", "their": "they"}
_FLOATING = frozenset(  # what is said of a day or a length stands anywhere
    map(
        stem,
        """every back weekend half year month week day hour minute time today tomorrow yesterday tonight night morning afternoon evening first
        last next monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
        october november december away about around since until""".split(),
    )
)
_AGENT = re.compile(r"\bby (?:the |a |an |his |her |their |\w+ )?$")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|got|get|gets)(?: \w+ly| not| also| then)? $"
)
_CLAUSE = re.compile(r"[.,;:!?]|\b(?:and|but|because|when|that|so|while|which|if|as)\b")
_SAYING = re.compile(
    r"\b(?:said|says|thinks?|thought|reported|explained|believes?|believed|knows?|knew|felt) $"
)
_SENTENCE = re.compile(r"[.;!?]")
_SHORTEST = 3  # letters
_AT_LEAST = 2  # words: one may have gone over by the way a sentence is built


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody in a text."""

    start: int
    end: int
    kind: Kind
    name: str  # the one name of whoever it is; a pronoun in its first form
    gender: str | None
    acted_on: bool = False  # him, her, them
    whose: bool = False  # his, her, their
    others: frozenset[str] = frozenset()  # names of those that a pronoun cannot stand for


def moved(text: str, said: Said) -> str | None:
    """A word that stands with another person than it was said of, if most words do."""
    here, there = _placed(text, said), _placed(said.text, said)
    both = [word for word in here if word in there]
    wrong = [word for word in both if _differ(here[word][1], there[word][1])]
    if len(wrong) < _AT_LEAST or len(wrong) * 2 <= len(both):
        return None
    shown, person = here[wrong[0]]
    return f"{text[person.start : person.end]} … {shown}"


def _placed(text: str, said: Said) -> dict[str, tuple[str, _Person]]:
    """By root: each word that stands once, as it stands, and the last person before it in its sentence."""
    source = folded(text)
    people = list(_people(text, source, said))
    found: dict[str, tuple[str, _Person]] = {}
    count: Counter[str] = Counter()
    for token in TOKEN.finditer(source):
        root = alike(token.group())
        count[root] += 1
        person = _with(token, people, source)
        if person is not None and not _says_little(token, source, root):
            found[root] = (token.group(), person)
    return {root: one for root, one in found.items() if count[root] == 1}


def _says_little(token: re.Match[str], source: str, root: str) -> bool:
    word = token.group()
    if len(root) < _SHORTEST or word[0].isdigit() or {stem(word), root} & (EMPTY | _FLOATING):
        return True
    return _PASSIVE.search(source[: token.start()]) is not None  # who did it stands elsewhere


def _with(token: re.Match[str], people: Sequence[_Person], source: str) -> _Person | None:
    """The last person before a word in its sentence; of two that "and" parts, the one who acts."""
    if any(one.start <= token.start() < one.end for one in people):
        return None
    for one in reversed([each for each in people if each.end <= token.start()]):
        between = source[one.end : token.start()]
        if _SENTENCE.search(between):
            return None
        if not (_is_object(one, people, source) and re.search(r"\b(?:and|but)\b", between)):
            return one
    return None


def _is_object(one: _Person, people: Sequence[_Person], source: str) -> bool:
    """Whether somebody else acts in the same clause."""
    earlier = [
        each
        for each in people
        if each.end <= one.start and not each.whose and not source.startswith("'s", each.end)
    ]
    if one.acted_on or not earlier or source.startswith("'s", one.end):
        return one.acted_on
    between = source[earlier[-1].end : one.start]
    return not _CLAUSE.search(between) and not _SAYING.search(between)


def _people(text: str, source: str, said: Said) -> Iterator[_Person]:
    """Everybody in a text in order, each pronoun with those whom it cannot stand for."""
    subjects = [
        _read(one, said)
        for one in said.cast.mentions(text)
        if not _AGENT.search(source[: one.start])  # "found by the police at home": who was found
    ]
    forms = [_form(hit) for hit in _FORMS.finditer(source)]
    for one in sorted((*subjects, *forms), key=lambda each: each.start):
        if one.kind is not Kind.PRONOUN or one.whose:
            yield one
        else:
            near = _before if one.acted_on else _after
            yield replace(one, others=frozenset(near(one, subjects, source)))


def _form(hit: re.Match[str]) -> _Person:
    form = str(hit.lastgroup)
    name = _WHOSE.get(form, form)
    whose = form in _WHOSE
    return _Person(*hit.span(), Kind.PRONOUN, name, name, acted_on=not whose, whose=whose)


def _read(one: Mention, said: Said) -> _Person:
    known = one.kind in {Kind.YOUNG, Kind.OTHER}
    name = name_of(one, said.cast) if known else one.word
    gender = one.word if one.kind is Kind.PRONOUN else one.gender
    return _Person(one.start, one.end, one.kind, name, gender)


def _before(one: _Person, people: Sequence[_Person], source: str) -> Iterator[str]:
    """Who does something to "him" is not he."""
    nearer = [each for each in people if each.end <= one.start]
    if nearer and not _CLAUSE.search(source[nearer[-1].end : one.start]):
        yield nearer[-1].name


def _after(one: _Person, people: Sequence[_Person], source: str) -> Iterator[str]:
    """Whom "he" does something to is not he."""
    later = [each for each in people if each.start >= one.end]
    if later and not _CLAUSE.search(source[one.end : later[0].start]):
        yield later[0].name


def _differ(one: _Person, other: _Person) -> bool:
    """Whether two surely are not the same person."""
    kinds = {one.kind, other.kind}
    if kinds & {Kind.YOU, Kind.SELF} or "they" in {one.name, other.name}:
        return False
    if one.kind is other.kind is Kind.PRONOUN:
        return one.name != other.name
    if Kind.PRONOUN in kinds:
        pronoun, named = (one, other) if one.kind is Kind.PRONOUN else (other, one)
        return named.name in pronoun.others or named.gender not in {None, pronoun.name}
    return one.name != other.name
