"""The people of a text, each under one name: "mum", "Denise" and "his mother" are one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.checks.stems import folded
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from transcribe.draft.checks.said import Said

_SAME = """mum mom mother mam mummy|dad father daddy|nan nana gran grandma granny nanny grandmother|grandad granddad grandfather
|auntie aunty aunt|stepmum stepmother|stepdad stepfather|boy lad|man guy bloke|girl lass|woman lady|older elder|friend mate|carer foster carer|brother sibling|sister sibling
|police officer sergeant detective constable the met|teacher tutor staff member of staff head of year headteacher school college
|someone somebody people everyone they|doctor gp|solicitor lawyer|parents mum dad|social worker|keyworker key worker|manager lead"""
_PHRASES = (
    "foster carer",
    "the met",
    "member of staff",
    "head of year",
    "social worker",
    "key worker",
)
_THIRD = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "they"),
}
_FIRST = frozenset(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"))
_TOGETHER = frozenset(("we", "us", "our", "ours", "ourselves"))
_SECOND = frozenset(("you", "your", "yours", "yourself"))
_PRONOUN = re.compile(rf"(?<![\w'-])(?:{'|'.join([*_THIRD, *_FIRST, *_SECOND])})(?![\w-])")
_LOOSE = frozenset(
    ("Someone", "People", "Lead", "Partner", "Security", "Driver", "Family", "Older")
)

_SERVICES = frozenset(
    """Police School College Gp Camhs Housing Reception Duty Probation Ambulance Hospital Security Family Parents Grandparents
    People Everyone""".split()
)


@dataclass(frozen=True)
class Persons:
    """Who is in a text."""

    named: Counter[str]  # by the one name each has
    genders: dict[str, str | None]  # "he", "she" or "they" by name, where known
    third: Counter[str]  # "he", "she" and "they" in every form
    kin: frozenset[tuple[str, str]]  # of mums, uncles and so on: the one name, and "he" or "she"
    selves: int  # I, me, we, us ...
    order: tuple[str, ...]  # the names as they come
    together: bool  # we, us, our: perhaps the worker and the young person

    def gender_of(self, name: str) -> str | None:
        """The pronoun for somebody, if known."""
        return self.genders.get(name)

    def pronouns(self, gender: str | None) -> int:
        """How many pronouns there are that may stand for somebody of that gender."""
        return self.third.total() if gender is None else self.third[gender] + self.third["they"]


def persons(text: str, said: Said) -> Persons:
    """Who is in `text`, as the people of the case know them."""
    return _persons(text, said.cast)


@lru_cache(maxsize=32)
def _persons(text: str, cast: Cast) -> Persons:
    known = {person.name for person in cast.people}
    named: list[str] = []
    kin: set[tuple[str, str]] = set()
    genders: dict[str, str | None] = {}
    for one in cast.mentions(text):
        if one.kind in {Kind.YOUNG, Kind.OTHER}:
            name = name_of(one, cast)
            named.append(name)
            if one.gender and one.word not in known:
                kin.add((name, one.gender))
            genders.setdefault(name, "they" if _several(one.word, name) else one.gender)
    pronouns = [found.group() for found in _PRONOUN.finditer(folded(text))]
    return Persons(
        named=Counter(name for name in named if name not in _LOOSE),
        genders=genders,
        third=Counter(_THIRD[each] for each in pronouns if each in _THIRD),
        kin=frozenset(kin),
        selves=sum(each in _FIRST for each in pronouns),
        order=tuple(named),
        together=any(each in _TOGETHER for each in pronouns),
    )


def _several(word: str, name: str) -> bool:
    """Whether it is more than one person, or a service: neither he nor she."""
    return name in _SERVICES or (word.islower() and _singular(word) != word)


def name_of(one: Mention, cast: Cast) -> str:
    """The one name of whom a mention stands for."""
    known = {person.name for person in cast.people}
    if one.word in known:
        return one.word
    role = _singular(one.word)
    found = cast.name_of(role)
    if found in known:
        return found
    titled = [name for name in known if plain(name).startswith(f"{role} ")]  # "Uncle Seyi"
    if len(titled) == 1:
        return titled[0]
    group = next((line for line in _groups() if role in line), (role,))
    named = (cast.name_of(each) for each in group)
    return next((name for name in named if name in known), group[0].capitalize())


def pronoun_class(word: str) -> str | None:
    """One word for all its forms: "he" for him and his, "i" for our; None for no pronoun."""
    if word in _FIRST:
        return "i"
    return "you" if word in _SECOND else _THIRD.get(word)


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(_words(line) for line in _SAME.replace("\n", "").split("|"))


def _words(line: str) -> tuple[str, ...]:
    phrases = [each for each in _PHRASES if each in line]
    for each in phrases:
        line = line.replace(each, "")
    return (*line.split(), *phrases)


def _singular(word: str) -> str:
    return (
        word.removesuffix("s")
        if word.endswith("s") and not word.endswith("ss") and word != "parents"
        else word
    )
