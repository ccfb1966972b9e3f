"""Whom a recording says it is about, and who says they speak, in its opening words.

"Case note for Jo." "Amara here, this is for Kai, it's Tuesday." A name counts where the words before
it say that the recording is about it, never because it is mentioned. What comes of it is for a
person to confirm: where it is not plain whom somebody means, nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transcribe import subject_cues as cues
from transcribe.draft.cast import ORDINARY_WORDS
from transcribe.draft.corrections import without_hesitations
from transcribe.draft.wording import plain
from transcribe.sounds import apart

_OPENING = 45  # words in which somebody says what they are recording
_AT_ONCE = 14  # words in which "visit to" or "call with" still says it, and not just tells of it


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be meant."""

    id: str
    name: str  # what stands in it in quotes or brackets is another name they go by
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who was named, and how."""

    id: str
    words: str  # as they were heard
    apart: float  # from how the name is spelled, by sound; 0 is the same


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # without what stands around it
    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words after which comes whom it is about."""

    start: int
    end: int
    strong: bool


def subjects(text: str, cases: Sequence[Known], staff: Sequence[Known] = ()) -> tuple[Heard, ...]:
    """Which of `cases` the recording says it is about; all of them that share the name.

    Args:
        text: what was heard, from the beginning.
        cases: the young people who may be meant.
        staff: the team; "supervision with" one of them is about nobody.
    """
    start = _start(text)
    own = _possessed(start, cases)
    if own is not None:
        return own
    for cue in _places(start):
        at = _name_at(start, cue.end)
        found = _named(start, at, cases)
        supervised = start[cue.start : cue.end].lower().startswith("supervision")
        if supervised and _matching(start, at, staff):
            return ()
        if found:
            return _listed(start, at, found, cases)
        if _is_name(start, at):
            return ()  # of somebody else, or of a friend of theirs
    return ()


def speakers(text: str, staff: Sequence[Known]) -> tuple[Heard, ...]:
    """Who of the team says that they are speaking."""
    start = _start(text)
    low = plain(start)
    places = [found.end() for found in cues.SELF.finditer(low)] + [0]
    for at in places:
        found = _matching(start, at, staff)
        if found and not low[_after_name(start, at, found) :].startswith("'s"):
            if at:
                return found
            rest = low[_after_name(start, at, found) :]
            first = (cues.HERE, cues.NAMED_FIRST, cues.NAMED_AND_DATED)
            if any(cue.match(rest) for cue in first):
                return found
    for here in cues.HERE.finditer(low):
        words = [word for word in _words(start) if word.end <= here.start()][-2:]
        for word in words:
            if found := _matching(start, word.start, staff):
                return found
    return ()


def _start(text: str) -> str:
    said = " ".join(text.split()[:_OPENING])
    return without_hesitations(said) if said else said


def _places(text: str) -> Iterator[_Cue]:
    """The places after which whom it is about may stand, in order, without what is denied."""
    low = plain(text)
    weak_until = next((w.end for n, w in enumerate(_words(text), 1) if n == _AT_ONCE), len(text))
    found = [_Cue(one.start(), one.end(), strong=True) for one in cues.STRONG.finditer(low)]
    found += [
        _Cue(one.start(), one.end(), strong=False)
        for one in cues.WEAK.finditer(low)
        if one.end() <= weak_until
    ]
    if opens := cues.OPENS.match(low):
        found.append(_Cue(0, opens.end(), strong=False))
    for cue in sorted(found, key=lambda each: (each.end, each.start)):
        if not _denied(low, cue):
            yield cue


def _denied(low: str, cue: _Cue) -> bool:
    if low[cue.start :].startswith("but "):
        return False
    breaks = [one.end() for one in cues.CLAUSE.finditer(low) if one.end() <= cue.start]
    return cues.NOT_THIS.search(low, max(breaks, default=0), cue.start) is not None


def _name_at(text: str, after: int) -> int:
    found = cues.FILLER.match(plain(text), after)
    return found.end() if found else after


def _is_name(text: str, at: int) -> bool:
    """Whether a word has the capital of a name, and is none that has one anyway."""
    word = next((each for each in _words(text) if each.start >= at), None)
    if word is None or word.start != at or not word.text[:1].isupper():
        return False
    ordinary = re.fullmatch(
        rf"{cues.WHEN}|i|i'm|i've|mum|dad|evolve|hi|okay|ok|so|the|we|he|she|they|this|it",
        word.plain,
    )
    return ordinary is None


def _named(text: str, at: int, known: Sequence[Known]) -> tuple[Heard, ...]:
    """Who is named at a place, unless it is somebody of theirs who is meant."""
    found = _matching(text, at, known)
    if found and cues.PEERS.match(plain(text), _after_name(text, at, found)):
        return ()
    return found


def _listed(
    text: str, at: int, found: tuple[Heard, ...], cases: Sequence[Known]
) -> tuple[Heard, ...]:
    """The names that follow the first, put in its place or beside it."""
    end = _after_name(text, at, found)
    low = plain(text)
    instead = cues.INSTEAD.match(low, end)
    if instead and (_is_name(text, instead.end()) or _named(text, instead.end(), cases)):
        return _named(text, instead.end(), cases)
    beside = cues.AND.match(low, end)
    more = _named(text, beside.end(), cases) if beside else ()
    known = {each.id for each in found}
    return (*found, *(each for each in more if each.id not in known))


def _possessed(text: str, cases: Sequence[Known]) -> tuple[Heard, ...] | None:
    """Whose note it is, said at the very beginning: "Kai's case note"; None for any other start."""
    low = plain(text)
    lead = cues.LEAD.match(low)
    at = lead.end() if lead else 0
    found = _matching(text, at, cases)
    if not found:
        return None
    end = _after_name(text, at, found)
    if cues.OWN.match(low, end):
        return found
    if cues.GREETED.match(low[:at]):  # "Hi Kai, note that": spoken to, or speaking
        return None
    first = cues.NAMED_FIRST.match(low, end)
    noted = first is not None and "note" in first.group()
    return found if noted or cues.NAMED_AND_DATED.match(low, end) else None


def _matching(text: str, at: int, known: Sequence[Known]) -> tuple[Heard, ...]:
    """Everybody whose name stands at a place, by sound; those it fits best."""
    words = [word for word in _words(text) if word.start >= at][:3]
    if not words or words[0].start != at or _is_ordinary(text, words[0]):
        return ()
    heard: dict[str, Heard] = {}
    whole: set[str] = set()
    for one in known:
        for names in _spellings(one):
            fit = _fits(text, words, names)
            if fit is not None and (one.id not in heard or fit.apart < heard[one.id].apart):
                heard[one.id] = Heard(one.id, fit.words, fit.apart)
                whole |= {one.id} if fit.count > 1 else set()
    wanted = [each for each in heard.values() if not whole or each.id in whole]
    least = min((each.apart for each in wanted), default=0)
    best = [each for each in wanted if each.apart == least]
    return tuple(best)


@dataclass(frozen=True, slots=True)
class _Fit:
    words: str
    apart: float
    count: int  # of words that belong to the name


def _fits(text: str, words: Sequence[_Word], names: Sequence[str]) -> _Fit | None:
    """How a name of one or more words fits what was heard; a surname that was said has to fit."""
    first = apart(_bare(words[0].plain), names[0])
    if first is None:
        return None
    surname = _surname(text, words)
    if surname is None or not names[1:]:
        return _Fit(words[0].text, first, 1)
    fits = [found for name in names[1:] if (found := apart(surname.plain, name)) is not None]
    return _Fit(text[words[0].start : surname.end], first, 2) if fits else None


def _surname(text: str, words: Sequence[_Word]) -> _Word | None:
    """The word after a first name, if it looks like their surname."""
    if len(words) < 2 or text[words[0].end : words[1].start] != " " or "'" in words[0].plain:  # noqa: PLR2004 - a first name and another
        return None
    name = words[1].text[:1].isupper() and _is_name(text, words[1].start)
    spoken = words[1].plain in {"case", "note", "session", "here", "speaking", "visit"}
    return (
        _Word(words[1].text, _bare(words[1].plain), words[1].start, words[1].end)
        if name and not spoken
        else None
    )


def _after_name(text: str, at: int, found: Iterable[Heard]) -> int:
    longest = max((len(each.words) for each in found), default=0)
    end = at + longest
    return end - 2 if text[at:end].lower().replace("’", "'").endswith("'s") else end


def _is_ordinary(text: str, word: _Word) -> bool:
    """Whether it is no name here: "will" and "may" without a capital, "June the fifth"."""
    if word.plain in ORDINARY_WORDS and not word.text[:1].isupper():
        return True
    if not re.fullmatch(cues.MONTHS, _bare(word.plain)):
        return False
    return word.plain.endswith("'s") or cues.DATED.match(plain(text), word.end) is not None


@lru_cache(maxsize=4096)
def _spellings(one: Known) -> tuple[tuple[str, ...], ...]:
    """What somebody may be called: first name and what follows it, and each name they go by."""
    bare = cues.IN_NAME.sub(" ", one.name)
    names = tuple(bare.split())
    inside = [match.group(1) for match in cues.IN_NAME.finditer(one.name)]
    others = [tuple(name.split()) for name in (*inside, *one.known_as) if name.strip()]
    own = [names] if names else []
    return (*own, *((*other, *names[1:]) for other in others))


def _words(text: str) -> list[_Word]:
    low = plain(text)
    found = re.finditer(r"[^\W_]+(?:['-][^\W_]+)*", low)
    return [_Word(text[m.start() : m.end()], m.group(), m.start(), m.end()) for m in found]


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")
