"""Who does what in a text: each subject with the verb after it, "was taken" apart from "took"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcribe.draft.cast import Kind, Mention
from transcribe.draft.checks.persons import name_of
from transcribe.draft.checks.stems import TOKEN, folded, stem
from transcribe.draft.quotes import quotes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcribe.draft.checks.said import Said

_REACH = 6  # words between a subject and its verb
_SKIPPED = frozenset(
    """have has had is are was were be been being am will would can could should may might must shall do does did not never also just
    then really only always still even ever now later both all soon probably maybe ve s m re d ll who that which has quite
    sort kind of basically actually himself herself themselves got get gets getting being to going about told-off once again first
    definitely clearly suddenly often usually sometimes once twice""".split()
)
_BE = frozenset(
    ("is", "are", "was", "were", "be", "been", "being", "got", "get", "gets", "getting", "m", "re")
)
_OWN_VERBS = frozenset(
    ("have", "has", "had", "is", "are", "was", "were", "got", "did", "do", "does", "gets", "get")
)
_FELT = frozenset(
    """worried scared concerned tired upset excited relieved pleased interested involved supposed allowed called named
    used based located registered engaged settled bored stressed annoyed frightened ashamed embarrassed prepared determined""".split()
)
_ALIKE = {
    stem(word): line.split()[0]
    for line in """say tell explain mention report state add inform advise|ring call phone telephone|think believe reckon
        |want wish|get receive|put place|start begin|remember recall""".split("|")
    for word in line.split()
}
_NO_VERB = frozenset(
    """the a an and or but in on at of for with from by as because so if when while where there here it this these those his her their
    my our your very too out up down off over under after before until till than like into onto no yes okay not
    i he she they we you me him us them what how why some any one two three four five old own""".split()
)
_PARTICIPLE = re.compile(
    r"\w+(?:ed|en|wn)|(?:hit|cut|put|hurt|told|taken|found|sent|kept|held|left|met|caught|paid|made|said|heard|taught|brought|bought|lost|shot|stabbed|seen|sold|let|done|beaten|fought|stuck|led)"
)
_SEVERAL = frozenset(("Police", "Parents", "Family", "People", "Everyone", "Someone"))
_OBJECT = re.compile(
    r"\b(?:to|with|from|for|of|about|at|on|near|owed|owes)(?: (?:his|her|their|my|our|the|a|an))? $"
)
_AGENT = re.compile(r" by (?:(?!that |who |when |because )\w+ ){0,3}$")
_CONTRACTED = re.compile(r"'(?:ll|ve|d|m|re|s)\b")


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody doing something, or having it done to them."""

    who: Mention
    name: str  # the one name of whoever it is; a pronoun as it stands
    root: str  # of the verb
    passive: bool | None  # None: it cannot be told
    quoted: bool  # within somebody's own words
    shown: str  # as it stands in the text


def acts(text: str, said: Said) -> tuple[Act, ...]:
    """Who does what in `text`, in order."""
    source = folded(text)
    people = list(said.cast.mentions(text))
    found = [
        Act(one, _name(one, said), "say", False, False, text[one.start : one.end])  # noqa: FBT003
        for one in people
        if source[: one.start].endswith("according to ")
    ]
    found += [
        Act(one, _name(one, said), "ring", False, False, text[one.start : one.end])  # noqa: FBT003
        for one in people
        if source[: one.start].endswith(("call from ", "phone call from "))
    ]
    spans = [(one.start, one.end) for one in quotes(text, said.cast)]
    for at, one in enumerate(people):
        if _OBJECT.search(source[: one.start]):
            continue
        act = _act(text, source, one, said, spans)
        if act is None:
            continue
        found += [act, *_by(act, source, people[at + 1 :], said)]
        found += [_also(act, each, said) for each in _with(source, people[:at], one)]
    return tuple(found)


def _act(
    text: str, source: str, one: Mention, said: Said, spans: Sequence[tuple[int, int]]
) -> Act | None:
    skipped: list[str] = []
    rest = _CONTRACTED.sub(lambda hit: " " + hit.group()[1:], source[one.end :])
    until = re.search(r"[.;:!?\"]|, (?!who |also |then )", rest)
    tokens = list(TOKEN.finditer(rest[: until.start()] if until else rest))[: _REACH + 1]
    for token in tokens:
        word = token.group()
        if word in _SKIPPED or word.endswith(("n't", "ly")):
            skipped.append(word)
            continue
        if word in _NO_VERB:
            if not skipped or skipped[-1] not in _OWN_VERBS:
                return None
            word, skipped = skipped[-1], skipped[:-1]
        passive = _passive(word, skipped)
        by = _agent(source, one)
        quoted = any(start <= one.start < end for start, end in spans)
        shown = (
            f"{text[one.start : one.end]} … {word}"
            if skipped
            else f"{text[one.start : one.end]} {word}"
        )
        return None if by else Act(one, _name(one, said), alike(word), passive, quoted, shown)
    return None


def alike(word: str) -> str:
    """A word's root, the same for words that mean the same."""
    root = stem(word)
    return _ALIKE.get(root, root)


def _passive(word: str, skipped: Sequence[str]) -> bool | None:
    auxiliary = _last_real(skipped)
    if word in _FELT or auxiliary == "s":  # "is" and "has" look the same
        return None
    return auxiliary in _BE and _PARTICIPLE.fullmatch(word) is not None


def _last_real(skipped: Sequence[str]) -> str:
    """The last auxiliary before a verb."""
    return next(
        (
            word
            for word in reversed(skipped)
            if not word.endswith("ly")
            and word
            not in {
                "not",
                "never",
                "also",
                "just",
                "then",
                "really",
                "still",
                "even",
                "always",
                "only",
                "all",
                "both",
            }
        ),
        "",
    )


def _agent(source: str, one: Mention) -> bool:
    return _AGENT.search(source[: one.start]) is not None


def _with(source: str, before: Sequence[Mention], one: Mention) -> Iterator[Mention]:
    """Who stands beside a subject: "Kwame and his mum said"."""
    if before and re.fullmatch(
        r"(?:'s)? and (?:his |her |the |a |my |also )?", source[before[-1].end : one.start]
    ):
        yield before[-1]


def _by(act: Act, source: str, after: Sequence[Mention], said: Said) -> Iterator[Act]:
    """Who did what somebody had done to them: "was stopped by two officers"."""
    agents = [one for one in after[:3] if _AGENT.search(source[act.who.end : one.start])]
    if act.passive and agents:  # "by the older boys": the last of them
        one = agents[-1]
        yield Act(one, _name(one, said), act.root, False, act.quoted, act.shown)  # noqa: FBT003


def _also(act: Act, one: Mention, said: Said) -> Act:
    return Act(one, _name(one, said), act.root, act.passive, act.quoted, act.shown)


def _name(one: Mention, said: Said) -> str:
    return name_of(one, said.cast) if one.kind in {Kind.YOUNG, Kind.OTHER} else one.word


def can_be(one: Act, other: Act, said: Said) -> bool:
    """Whether the doers of two acts may be the same person."""
    if other.quoted and not one.quoted:
        return True  # "I" in somebody's words is "he" in a report of them
    kinds = {one.who.kind, other.who.kind}
    if Kind.YOU in kinds:
        return True
    if Kind.SELF in kinds:
        together = "we" in {one.who.word, other.who.word} and Kind.YOUNG in kinds
        return kinds == {Kind.SELF} or together or said.speaker in {one.name, other.name}
    if Kind.PRONOUN in kinds:
        return _pronoun_fits(one.who, other.who, said)
    return one.name == other.name


def _pronoun_fits(one: Mention, other: Mention, said: Said) -> bool:
    if one.kind is other.kind:
        return one.word == other.word
    pronoun, named = (one, other) if one.kind is Kind.PRONOUN else (other, one)
    if pronoun.word == "they":
        return named.kind is Kind.OTHER
    several = named.word.islower() and named.word.endswith("s")  # a role: names have a capital
    name = name_of(named, said.cast)
    if several or name in _SEVERAL or name == said.speaker in said.cast.practitioners:
        return False
    return named.gender in {None, pronoun.word}
