"""The people of a note: who a name, a role or a pronoun stands for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from transcribe.draft.roles import FEMALE, MALE, NEUTRAL
from transcribe.draft.wording import either, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcribe.model import Person

_TITLES = {"mr": "he", "mrs": "she", "miss": "she", "ms": "she"}
_BEFORE_NAME = r"(?:mr|mrs|ms|miss|dr|pc|dc|ds|dci|sgt|sergeant|inspector|officer)\.?"
_GENDERS = {**dict.fromkeys(FEMALE, "she"), **dict.fromkeys(MALE, "he")}
_ROLE_WORDS = sorted((*FEMALE, *MALE, *NEUTRAL), key=len, reverse=True)
ORDINARY_WORDS = frozenset(
    (
        *(
            "will",
            "may",
            "mark",
            "grace",
            "hope",
            "faith",
            "joy",
            "summer",
            "april",
            "june",
            "rose",
        ),
        *(
            "ray",
            "bill",
            "rich",
            "drew",
            "chase",
            "art",
            "dean",
            "dawn",
            "eve",
            "pat",
            "sue",
            "rob",
        ),
        *("nick", "frank", "angel", "star", "sky", "king", "prince", "sunny", "guy", "ash", "flex"),
        *(
            "august",
            "miles",
            "wade",
            "reed",
            "page",
            "piper",
            "skip",
            "jay",
            "robin",
            "harry",
            "max",
        ),
    )
)
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_THEY = frozenset({"they", "them", "their", "theirs", "themselves", "themself"})
_OFTEN = 5  # times that one person is called "they"


_BEGINS, _ENDS = r"(?<![\w'-])", r"(?![\w-])"
_ROLES = "|".join(re.escape(role) + "s?" for role in _ROLE_WORDS)
# Whoever has no name; it is the same for all notes, and made once.
_UNNAMED = re.compile(
    rf"{_BEGINS}(?:(?P<titled>{_BEFORE_NAME} [a-z][a-z'-]+)|(?P<role>{_ROLES})"
    rf"|(?P<self>i|we)|(?P<you>you)|(?P<pronoun>he|she|they)){_ENDS}"
)


class Kind(Enum):
    """What sort of person a mention stands for."""

    YOUNG = "young"  # a young person the note is about
    OTHER = "other"  # family, peers, professionals, strangers
    SELF = "self"  # I, we: whoever speaks
    YOU = "you"  # whoever is spoken to
    PRONOUN = "pronoun"  # he, she, they: not yet resolved


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in a text. Offsets are into the text."""

    start: int
    end: int
    kind: Kind
    word: str  # the name as the case knows it, or the plain role or pronoun
    gender: str | None = None  # "he" or "she" where known
    whole: str | None = None  # "Kofi's mum", where "mum" alone would be somebody else's


@dataclass(frozen=True)
class Cast:
    """The people of one note."""

    people: tuple[Person, ...]
    aliases: tuple[tuple[str, str], ...] = ()  # role word -> name, learned from the note
    gender: str | None = (
        None  # the young person's pronoun, where the note shows it: he, she or they
    )

    @cached_property
    def young(self) -> tuple[str, ...]:
        """Names of the young people."""
        return self._named("young_person")

    @cached_property
    def practitioners(self) -> tuple[str, ...]:
        """Names of the workers."""
        return self._named("practitioner")

    @cached_property
    def supervisors(self) -> tuple[str, ...]:
        """Names of the supervisors."""
        return self._named("supervisor")

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """Peers and strangers: neither family nor carer nor professional, as far as is known."""
        close = {name for _, name in self.aliases}
        return frozenset(
            person.name
            for person in self.people
            if person.role in {"peer", "other"}
            and person.name not in close
            and not _is_family(person.name)
        )

    def _named(self, role: str) -> tuple[str, ...]:
        return tuple(person.name for person in self.people if person.role == role)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Plain spellings of every name -> the name. A first name stands for the whole."""
        spellings: dict[str, str] = {}
        for person in self.people:
            whole = plain(person.name)
            first = whole.split()[0] if whole.split() else whole
            titled = re.fullmatch(_BEFORE_NAME, first) is not None
            if not titled and "'s" not in whole and first not in _ROLE_WORDS:
                spellings.setdefault(first, person.name)
            spellings[whole] = person.name
        return spellings

    @cached_property
    def _named_by(self) -> re.Pattern[str]:
        names = sorted(filter(None, self._names), key=len, reverse=True)
        spelled = "|".join(map(re.escape, names)) or "(?!)"
        return re.compile(rf"{_BEGINS}(?:{spelled}){_ENDS}")

    @cached_property
    def _known(self) -> dict[str, tuple[Mention, ...]]:
        """What was found in each text: a sentence is asked about thirty times over."""
        return {}

    def mentions(self, text: str) -> Iterator[Mention]:
        """The people in a text, in order: names, roles and subject pronouns."""
        if text not in self._known:
            self._known[text] = tuple(self._mentions(text))
        return iter(self._known[text])

    def _mentions(self, text: str) -> Iterator[Mention]:
        before: Mention | None = None
        for found in either(self._named_by, _UNNAMED, plain(text)):
            # "will" is a name only with a capital.
            if found.group() in ORDINARY_WORDS and not text[found.start()].isupper():
                continue
            one = self._read(found)
            if before and found.re is _UNNAMED and plain(text[before.end : one.start]) == "'s ":
                one = self._of(before, one)
            yield one
            before = one

    def _of(self, owner: Mention, one: Mention) -> Mention:
        """Whose mum it is: a peer's is not the young person's."""
        whole = f"{owner.word}'s {one.word}"
        known = any(plain(person.name) == plain(whole) for person in self.people)
        peer = owner.kind is Kind.OTHER and owner.word in {each.name for each in self.people}
        return replace(one, whole=whole) if known or peer else one

    def _read(self, found: re.Match[str]) -> Mention:
        start, end, said = found.start(), found.end(), found.group()
        if found.re is self._named_by:
            name = self._names[said]
            kind = Kind.YOUNG if name in self.young else Kind.OTHER
            return Mention(start, end, kind, name, self._gender_of(name, kind))
        if found["titled"]:
            return Mention(start, end, Kind.OTHER, said.title(), _TITLES.get(said.split()[0]))
        if found["role"]:
            return Mention(start, end, Kind.OTHER, said, _GENDERS.get(said))
        kind = Kind.SELF if found["self"] else Kind.YOU if found["you"] else Kind.PRONOUN
        return Mention(start, end, kind, said)

    def _gender_of(self, name: str, kind: Kind) -> str | None:
        if kind is Kind.YOUNG:
            return self.gender
        for word in plain(name).split():
            known = _TITLES.get(word) or _GENDERS.get(word)
            if known:
                return known
        roles = (role for role, alias in self.aliases if alias == name)
        return next((_GENDERS[role] for role in roles if role in _GENDERS), None)

    def name_of(self, role: str) -> str:
        """The name behind a role word ("mum"), or the role word itself with a capital."""
        learned = dict(self.aliases)
        if role in learned:
            return learned[role]
        for person in self.people:
            spelled = plain(person.name)
            if spelled == role or spelled.endswith(f" {role}"):
                return person.name
        parents = self._named("parent")
        if role in {"mum", "mom", "mother", "dad", "father"} and len(parents) == 1:
            gender = self._gender_of(parents[0], Kind.OTHER)
            if gender in {None, _GENDERS[role]}:
                return parents[0]
        return role[:1].upper() + role[1:]

    def called(self, mention: Mention) -> str:
        """What a named or unnamed person is called in a record: "Denise", "Kofi's mum"."""
        if mention.whole or mention.word in {person.name for person in self.people}:
            return mention.whole or mention.word
        return self.name_of(mention.word)

    def canonical(self, name: str | None) -> str | None:
        """The case's spelling of a speaker's name ("RAVI" -> "Ravi")."""
        return None if name is None else self._names.get(plain(name), name)


def _is_family(name: str) -> bool:
    return any(
        word in _GENDERS or word in NEUTRAL or word in _TITLES for word in plain(name).split()
    )


def make_cast(people: Sequence[Person], texts: Iterable[str]) -> Cast:
    """The cast of a note, with what its own words say: who "mum" is, "he" or "she"."""
    sources = list(texts)
    cast = Cast(people=tuple(people))
    learned: dict[str, str] = {}
    for source in sources:
        for role, name in _introductions(cast, source):
            learned.setdefault(role, name)
    return replace(cast, aliases=tuple(learned.items()), gender=_gender(cast, sources))


def _introductions(cast: Cast, source: str) -> Iterator[tuple[str, str]]:
    """Pairs such as ("mum", "Denise") from "her mum Denise" or "Lynn, his social worker"."""
    found = list(cast.mentions(source))
    known = {person.name for person in cast.people} - set(cast.young)
    for one, two in pairwise(found):
        between = source[one.end : two.start]
        if _another(cast, one, two) or one.whole or two.whole:
            continue
        if one.word in _ROLE_WORDS and two.word in known and between in {" ", ", "}:
            yield one.word, two.word
        elif one.word in known and two.word in _ROLE_WORDS and _apposed(between):
            yield two.word, one.word


def _another(cast: Cast, one: Mention, two: Mention) -> bool:
    """Whether a role and a name side by side are two people: "mum, Mr Bell and Gina" is a list."""
    if one.gender and two.gender and one.gender != two.gender:
        return True
    role, name = (one, two) if one.word in _ROLE_WORDS else (two, one)
    return any(
        plain(person.name).endswith(f" {role.word}") and person.name != name.word
        for person in cast.people
    )


def _apposed(between: str) -> bool:
    return (
        re.fullmatch(r",? (?:who's |who is )?(?:his|her|their|the|a) (?:\w+ )?", between)
        is not None
    )


def _gender(cast: Cast, sources: Sequence[str]) -> str | None:
    """The commonest pronoun: the young person is whom a note speaks of most.

    "They" are mostly several; it is one person's where it is commoner than all others, and common or
    said beside the name: "Robin's got their blazer on".
    """
    if len(cast.young) != 1:
        return None
    name = re.escape(plain(cast.young[0]))
    beside = re.compile(rf"\b{name}(?:'s)?(?: (?!and\b)\w+){{0,2}} (his|her|their)\b")
    own = Counter(word for source in sources for word in beside.findall(plain(source)))
    counts: Counter[str] = Counter()
    for source in sources:
        for word in re.findall(r"\w+", plain(source)):
            counts["he"] += word in _HE
            counts["she"] += word in _SHE
            counts["they"] += word in _THEY
    most = counts["they"] > counts["he"] + counts["she"]
    if most and (counts["they"] >= _OFTEN or own["their"] > own["his"] + own["her"]):
        return "they"
    del counts["they"]
    if counts["he"] == counts["she"]:
        return None
    return counts.most_common(1)[0][0]
