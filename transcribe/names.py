"""Which heard words are the names of a case's people, misspelt.

A speech model that does not know a name writes one that it knows, or none at all: Hannah as "Hano",
Siobhan as "Shivon", Tomasz as "Thomas". Words that look like a name are compared by sound with the
few people whom the case knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from transcribe.lexicon import ordinary
from transcribe.model import Word
from transcribe.sounds import difference
from transcribe.vocabulary import RELATIONS, said_names

_LONGEST = 3  # words that a name can be heard as
# Shares of sounds that differ. A word that nobody writes may be further off than one that is a
# common word or name itself. Chosen by measurement: see benchmarks/names.py.
_NEAR, _NEARER, _TOO_SHORT = 0.25, 0.185, 3
_HALF = 0.5  # words that are less probable on average are as likely a name the model does not know
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDED = re.compile(r"[.?!…][\"'”’)\]]*$")
_BROKEN = re.compile(r"[.?!…,;:]")
_OF = re.compile(r"['’]s?$")
_OWNING = re.compile(r"['’]s?[\"”’)\]]*$")  # "Mari's Ana" is two people
ORDINARY = RELATIONS | frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december", "i", "i'm", "i've", "i'll", "i'd"),
        *("mr", "mrs", "miss", "ms", "mx", "dr", "doctor", "nurse", "sir", "rev", "pastor", "imam"),
        *("pc", "dc", "ds", "di", "sergeant", "constable", "inspector"),
    )
)
"""What is nobody's name, in small letters."""
_CORE = re.compile(r"[^\W\d_].*[^\W\d_]|[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Likely:
    """Words that are likely somebody's name."""

    start: int  # index of the first word
    end: int  # and of the one after the last
    name: str  # as it is to be written; "one or other" where that is open
    sure: bool  # no common word or name, or the same in sound
    heard: str | None = None  # without hints, where they put the name in; empty for no word


def likely_names(
    words: Sequence[str],
    names: Sequence[str],
    glossary: Sequence[str],
    common: Callable[[str], bool],
    probable: Sequence[float] = (),
) -> Iterator[Likely]:
    """The words that sound like one of `names` and are spelt otherwise; in order, none twice.

    Args:
        words: of one stretch of speech, in order, with the marks around them.
        names: of the people whom the case knows.
        glossary: local terms, which are nobody's name.
        common: whether many people write a word in these capitals.
        probable: how probable each of `words` is, 0 to 1; none given, they all are.
    """
    search = _search(names, glossary, common)
    sure = probable or [1.0] * len(words)
    place = 0
    while place < len(words):
        found = search.at(words, sure, place)
        if found is not None:
            yield found
        place = place + 1 if found is None else found.end


def written(words: Sequence[Word], likely: Sequence[Likely]) -> list[Word]:
    """`words` with each likely name as it is to be written, or beside the words that it may be.

    A name that was heard as several words takes the place of the first; the others have no text.
    """
    made = list(words)
    for one in likely:
        if one.heard is not None:
            doubted = 0.0 if not one.heard else words[one.start].probability
            made[one.start] = replace(
                words[one.start], heard=one.heard or None, probability=doubted
            )
        elif one.sure:
            made[one.start] = renamed(words[one.start : one.end], one.name)
            for place in range(one.start + 1, one.end):
                made[place] = replace(words[place], text="")
        else:
            for place in range(one.start, one.end):
                made[place] = replace(words[place], perhaps=one.name)
    return made


def renamed(words: Sequence[Word], name: str) -> Word:
    """One word, with the marks around `words` and the time of all of them."""
    heard = " ".join(word.text for word in words)
    core = _CORE.search(heard)
    if core is None:  # whoever took them for a name found letters
        raise ValueError("a name without letters")
    of = _OF.search(core.group())
    text = heard[: core.start()] + name + (of.group() if of else "") + heard[core.end() :]
    sure = min(word.probability for word in words)
    return Word(words[0].start_ms, words[-1].end_ms, text, sure, core.group())


def bare(word: str) -> str:
    """The letters of a word without the marks around them or an 's; empty for two words in one."""
    found = _LETTERS.findall(word)
    return _OF.sub("", found[0]) if len(found) == 1 else ""


def of_people(names: Sequence[str]) -> tuple[str, ...]:
    """The single words of `names` that are names: no titles, no initials, no "auntie"."""
    return tuple(dict.fromkeys(word for name in said_names(names) for word in _of_person(name)))


def of_terms(terms: Sequence[str]) -> tuple[str, ...]:
    """The `terms` of one word that a model may write as something else: "Roehampton", "SENCo".

    Not those that people write, nor those in capitals, which are short and like many a name.
    """
    strange = (
        term
        for term in terms
        if _LETTERS.fullmatch(term) and not (term.isupper() or term.islower())
    )
    return tuple(dict.fromkeys(term for term in strange if not ordinary(term.casefold())))


def _of_person(name: str) -> list[str]:
    words = [_OF.sub("", word) for word in _LETTERS.findall(name)]
    words = [word for word in words if len(word) > 1 and word.casefold() not in ORDINARY]
    # "Dean from the flats": only what is written as a name is one, if anything is.
    return [word for word in words if not word.islower()] or words


@dataclass(frozen=True, slots=True)
class _Heard:
    """Words that look like one name."""

    letters: str  # of each word, with a space between
    count: int  # of the words
    ordinary: bool  # each of them is one that many people write
    doubtful: bool  # the model itself hardly believes them

    @property
    def spellings(self) -> tuple[str, ...]:
        """As one word, and as the words it was heard as: "th" is one sound only within one."""
        joined = self.letters.replace(" ", "")
        return (joined,) if self.count == 1 else (joined, self.letters)

    def bound(self, name: str) -> float:
        """The share of sounds up to which they may be `name`."""
        if min(len(self.spellings[0]), len(name)) <= _TOO_SHORT:
            return 0
        if self.count == 1:
            return _NEARER if self.ordinary else _NEAR
        if self.ordinary:
            return _NEARER if self.doubtful else 0
        return _NEAR if self.doubtful else _NEARER

    def sure(self, share: float) -> bool:
        """Whether words so far from a name are taken for it, and not only asked about."""
        return share == 0 or not self.ordinary or (self.doubtful and self.count > 1)


@dataclass(frozen=True, slots=True)
class _Search:
    names: tuple[str, ...]  # single words
    known: frozenset[str]  # small letters: nothing is looked for behind these
    common: Callable[[str], bool]

    def at(self, words: Sequence[str], probable: Sequence[float], start: int) -> Likely | None:
        """The name that the words from `start` on are most like."""
        best: tuple[float, Likely] | None = None
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            doubtful = sum(probable[start:end]) < _HALF * (end - start)
            heard = self._heard(words, start, end, doubtful=doubtful)
            share, names = self._nearest(heard) if heard is not None else (1, [])
            if heard is None or not names or (best is not None and best[0] <= share):
                continue
            sure = len(names) == 1 and heard.sure(share)
            best = (share, Likely(start, end, " or ".join(sorted(names)), sure))
        return None if best is None else best[1]

    def _heard(
        self, words: Sequence[str], start: int, end: int, *, doubtful: bool
    ) -> _Heard | None:
        letters = [bare(word) for word in words[start:end]]
        if not all(letters) or any(word.casefold() in self.known for word in letters):
            return None
        if any(_BROKEN.search(word) or _OWNING.search(word) for word in words[start : end - 1]):
            return None
        begins = start == 0 or _ENDED.search(words[start - 1]) is not None
        if begins and self.common(letters[0].lower()):
            return None  # it has a capital because a sentence begins
        ordinary = all(self.common(word) for word in letters)
        capital = [word[0].isupper() for word in letters]
        if not (all(capital) if ordinary else capital[0]):
            return None
        return _Heard(" ".join(letters), len(letters), ordinary, doubtful)

    def _nearest(self, heard: _Heard) -> tuple[float, list[str]]:
        """How far the nearest names are and which; more than one only if they are as near."""
        shares = [
            (share, name)
            for name in self.names
            if (share := _apart(heard.spellings, name)) <= heard.bound(name)
        ]
        least = min((share for share, _ in shares), default=1)
        return least, [name for share, name in shares if share == least]


def _apart(spellings: Sequence[str], name: str) -> float:
    shares = (difference(spelling, name) for spelling in spellings)
    return min((share for share in shares if share is not None), default=1)


def _search(
    names: Sequence[str], glossary: Sequence[str], common: Callable[[str], bool]
) -> _Search:
    own = of_people(names)
    terms = (word for term in glossary for word in _LETTERS.findall(term))
    return _Search(own, frozenset(word.casefold() for word in (*terms, *own)) | ORDINARY, common)
