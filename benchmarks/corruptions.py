"""Sentences made false by rule: what the checks on sentences must catch."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from transcribe.draft.cast import Kind
from transcribe.draft.checks import harm
from transcribe.draft.checks.said import Said
from transcribe.draft.quotes import quotes

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_UNITS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ORDINALS = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
_STRANGERS = ("Darren", "Monique", "Yusuf", "Kelly", "Mr Hartnell", "Reece", "Shanice", "Tariq")
_ROLES = {"mum": "dad", "dad": "nan", "nan": "auntie", "auntie": "mum", "sister": "brother"}
_ROLES |= {"brother": "cousin", "cousin": "uncle", "uncle": "sister", "police": "school"}
_ROLES |= {"mother": "father", "father": "grandmother", "grandmother": "aunt", "aunt": "mother"}
_ROLES |= {"school": "police", "teacher": "social worker", "social worker": "teacher"}
_SUBJECTS = {"he": "she", "she": "he", "i": "he", "they": "he", "we": "they"}
_HARMS = (
    "and he had a knife on him", "and she talked about suicide", "and he was carrying a shank",
    "and he has been going country", "and she is pregnant", "after he was stabbed",
    "and he hit her", "and she has been cutting herself", "and there was a gun in the room",
    "and he was smoking weed", "and he has a burner phone", "because he was raped",
    "and he went missing again", "and she made a disclosure", "and he died",
    "and he was in a trap house", "and they made him plug it", "and he took an overdose",
    "and he punched him in the face", "and she sent nudes", "and he was arrested",
)  # fmt: skip
_TIMES = (
    (re.compile(r"\bhalf (?:past )?(\w+)\b"), "half"),
    (re.compile(r"\bquarter (to|past) (\w+)\b"), "quarter"),
    (re.compile(r"\b(\w+) o'clock\b"), "o'clock"),
)
_AUXILIARY = re.compile(
    r"\b(was|is|has|had|were|are|will|would|can|could)\b(?! not\b| never\b|n't\b|[,.])",
    re.IGNORECASE,
)
_DENIALS = (
    (re.compile(r"\b(is|was|has|had|did|does|do|were|are|would|could|have|should)n't\b"), r"\1"),
    (re.compile(r"\bwon't\b"), "will"),
    (re.compile(r"\bcan't\b"), "can"),
    (re.compile(r" (?:not|never)\b(?! only| sure)"), ""),
    (re.compile(r"\bnobody\b"), "somebody"),
    (re.compile(r"\bNobody\b"), "Somebody"),
    (re.compile(r"\bnothing\b"), "something"),
)
_WORDS_OUT = frozenset(
    "i the a an and to of in it is my me you he she they we for on at that".split()
)


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A sentence and what it was made into."""

    kind: str
    text: str
    said: Said


Rule = Callable[[str, Said, random.Random], str | None]


def corrupted(text: str, said: Said, chance: random.Random) -> list[Corrupted]:
    """`text` made false in every way that it can be, one at a time."""
    made = [(kind, rule(text, said, chance)) for kind, rule in RULES.items()]
    return [Corrupted(kind, new, said) for kind, new in made if new is not None and new != text]


def _name(text: str, said: Said, chance: random.Random) -> str | None:
    people = [one.name for one in said.cast.people if one.name.split()[0] in text]
    if people:
        old = chance.choice(people)
        shown = old if old in text else old.split()[0]
        others = [p.name for p in said.cast.people if p.name.split()[0] not in text]
        new = chance.choice([*(o for o in others if _kind(o) != _kind(old)), *_STRANGERS])
        return re.sub(rf"\b{re.escape(shown)}\b", new, text, count=1)
    return None


def _kind(name: str) -> str:
    return name.lower().removesuffix("s").split()[-1]


def _role(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    for old, new in _ROLES.items():
        found = re.search(rf"\b{old}\b", text, re.IGNORECASE)
        if found and not re.search(rf"\b{new}\b", text, re.IGNORECASE):
            made = new.capitalize() if found.group()[0].isupper() else new
            return text[: found.start()] + made + text[found.end() :]
    return None


def _drop_not(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    fits = [(rule, new) for rule, new in _DENIALS if rule.search(text)]
    if not fits:
        return None
    rule, new = chance.choice(fits)
    return rule.sub(new, text, count=1)


def _insert_not(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    found = list(_AUXILIARY.finditer(text))
    if not found:
        return None
    one = chance.choice(found)
    return f"{text[: one.end()]} not{text[one.end() :]}"


def _number(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    found = [
        hit
        for hit in re.finditer(rf"\b(?:{'|'.join(_UNITS)}|\d+)\b(?! (?:past|to|o'clock))", text)
        if not re.search(
            r"(?:half|quarter to|quarter past|past|at|till|until|about) $", text[: hit.start()]
        )
    ]
    if not found:
        return None
    one = chance.choice(found)
    old = one.group()
    new = str(int(old) + chance.randint(1, 4)) if old.isdigit() else _other(old, _UNITS, chance)
    return text[: one.start()] + new + text[one.end() :]


def _other(old: str, names: tuple[str, ...], chance: random.Random) -> str:
    return chance.choice([name for name in names if name.lower() != old.lower()])


def _swap(names: tuple[str, ...]) -> Rule:
    def rule(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
        found = list(
            re.finditer(rf"\b(?:{'|'.join(names)})\b(?! (?:time|one|night|thing|week|year))", text)
        )
        if not found:
            return None
        one = chance.choice(found)
        return text[: one.start()] + _other(one.group(), names, chance) + text[one.end() :]

    return rule


def _time(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    for rule, kind in _TIMES:
        found = rule.search(text)
        if found is None or found[found.re.groups] not in _UNITS:
            continue
        hour = found[found.re.groups]
        old, new = found.group(), found.group().replace(hour, _other(hour, _UNITS, chance))
        if kind == "quarter" and chance.random() < 0.5:  # noqa: PLR2004 - one way or the other
            new = old.replace(found[1], "past" if found[1] == "to" else "to")
        return text.replace(old, new, 1)
    return None


def _subject(text: str, said: Said, chance: random.Random) -> str | None:
    """The first subject made somebody else."""
    found = re.match(r"(?:So |And |But |Then )?(I|He|She|They|We|he|she|I)(?=[ '])", text)
    if found is None:
        return None
    old = found[1]
    pronoun = _SUBJECTS[old.lower()]
    choices = [pronoun.capitalize() if old[0].isupper() else pronoun]
    if old.lower() in {"i", "we"}:
        if re.match(r"'", text[found.end(1) :]):
            return None
        choices += ["Mum", "The teacher"]
    choices += [each for each in ("His dad", "The police") if old.lower() == "she"]
    new = chance.choice(choices)
    made = text[: found.start(1)] + new + text[found.end(1) :]
    return made if said.speaker is None or new != said.speaker else None


def _exchange(text: str, said: Said, chance: random.Random) -> str | None:  # noqa: ARG001 - a Rule
    """Two people put in each other's place."""
    people = [one for one in said.cast.mentions(text) if one.kind in {Kind.YOUNG, Kind.OTHER}]
    if len(people) < 2 or people[0].word == people[1].word:  # noqa: PLR2004 - it takes two
        return None
    one, two = people[:2]
    first, second = text[one.start : one.end], text[two.start : two.end]
    if (
        re.search(r"\b(?:and|or|,)\W*$", text[one.end : two.start])
        or not text[one.end : two.start].strip()
    ):
        return None  # "Kwame and Jermaine" is "Jermaine and Kwame"
    return text[: one.start] + second + text[one.end : two.start] + first + text[two.end :]


def _harm(text: str, said: Said, chance: random.Random) -> str | None:
    there = {one.harm for one in harm.found(said.text)}
    fits = [each for each in _HARMS if not {one.harm for one in harm.found(each)} & there]
    return f"{text.rstrip('.?! ')}, {chance.choice(fits)}." if fits else None


def _quote(text: str, said: Said, chance: random.Random) -> str | None:
    found = quotes(text, said.cast)
    if not found:
        return None
    one = found[0]
    words = [w for w in re.finditer(r"[A-Za-z']+", one.text) if w.group().lower() not in _WORDS_OUT]
    if not words:
        return None
    word = chance.choice(words)
    new = chance.choice(
        [w for w in ("always", "money", "angry", "outside", "helped") if w != word.group()]
    )
    start, end = one.start + word.start(), one.start + word.end()
    return text[:start] + new + text[end:]


RULES: dict[str, Rule] = {
    "name": _name,
    "role": _role,
    "not dropped": _drop_not,
    "not inserted": _insert_not,
    "number": _number,
    "weekday": _swap(_WEEKDAYS),
    "date": _swap(_ORDINALS),
    "month": _swap(_MONTHS),
    "time": _time,
    "subject": _subject,
    "exchanged": _exchange,
    "harm": _harm,
    "quote": _quote,
}
