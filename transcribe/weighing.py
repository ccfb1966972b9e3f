"""Which name was said: what sounds a little like one is put to the speech model once more.

With a case's names as hints a model still writes a common word for a name that it does not know
("Wait" for Thwaite), and one person's name for another's. Its search has then lost the right one,
but asked how probable each is in its place it tells them apart. Here is what it is asked, and what
its answer is worth; `transcribe.scoring` asks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from transcribe.model import Word
from transcribe.names import ORDINARY, Likely, bare, of_people
from transcribe.sounds import difference

# Chosen by measurement: see docs/ACCURACY.md. Shares of sounds that differ, probabilities of words
# as they stand, and how much less probable, as a natural logarithm, a name may be than they are.
_SHARE, _SHARE_OF_NAMES, _CERTAIN, _UNCERTAIN = 0.4, 0.7, 0.9, 0.6
_TAKEN, _TAKEN_STRANGE, _TAKEN_OF_SEVERAL = -2.0, -6.5, -4.0
_ASKED, _ASKED_STRANGE, _ASKED_OF_NAMES, _ABOUT = -6.0, -9.0, -9.5, 6.0
_LONGEST = 3  # words that a name can be heard as
_SHORT = 3  # letters of a name that is never heard as several words
_MOST = 12  # questions about one clip: each takes time
_BROKEN = re.compile(r"[.?!…,;:]")


@dataclass(frozen=True, slots=True)
class Rival:
    """A name that some words may stand for."""

    start: int  # index of the first word
    end: int  # and of the one after the last
    name: str
    share: float  # of its sounds that are not theirs
    names: bool = False  # the word is another name of the case


Weigh = Callable[[Sequence[Word], Sequence[Rival]], Sequence[float]]
"""The words of a clip and what to ask of them, to by how much each name is more probable than the
words, as a natural logarithm."""
Common = Callable[[str], bool]
"""Whether many people write a word in these capitals."""


def likely(
    words: Sequence[Word], names: Sequence[str], weigh: Weigh, common: Common
) -> tuple[Likely, ...]:
    """The words of a clip that are likely a name of the case, by the model's own word.

    Args:
        words: in order.
        names: of the people whom the case knows.
        weigh: asks the model.
        common: what may as well be another word, or another person's name.
    """
    asked = rivals(words, names)
    if not asked:
        return ()
    margins = list(weigh(words, asked))
    again = [
        other
        for one, margin in zip(asked, margins, strict=True)
        if margin >= min(_asked(words, one, common), _enough(words, one, common))
        for other in _again(words, one)
    ]
    margins += weigh(words, again)
    return decided(words, (*asked, *again), margins, common)


def rivals(words: Sequence[Word], names: Sequence[str]) -> tuple[Rival, ...]:
    """What to ask about a clip first: each pair of words and name where it stands first."""
    own = of_people(names)
    letters = [bare(word.text) for word in words]
    first: dict[tuple[str, str], Rival] = {}
    for one in chain(_unlike(words, letters, own), _exchanged(words, letters, own)):
        first.setdefault((_said(letters, one), one.name), one)
    return tuple(sorted(first.values(), key=lambda one: one.share)[:_MOST])


def decided(
    words: Sequence[Word], asked: Sequence[Rival], margins: Sequence[float], common: Common
) -> tuple[Likely, ...]:
    """The names that the model nearly or wholly believes in, in order, none over another."""
    letters = [bare(word.text) for word in words]
    free, kept = [True] * len(words), []
    sure: set[tuple[str, str]] = set()  # what stands for whom elsewhere in the clip
    for margin, one in sorted(zip(margins, asked, strict=True), key=lambda each: -each[0]):
        said = (_said(letters, one), one.name)
        asks = margin >= _asked(words, one, common)
        taken = margin >= _enough(words, one, common) or (asks and said in sure)
        if (taken or asks) and all(free[one.start : one.end]):
            free[one.start : one.end] = [False] * (one.end - one.start)
            sure |= {said} if taken else set()
            about = [
                other.name
                for other, its in zip(asked, margins, strict=True)
                if (other.start, other.end) == (one.start, one.end)
                and its >= max(_asked(words, other, common), margin - _ABOUT)
            ]
            name = one.name if taken else " or ".join(sorted(set(about)))
            kept.append(Likely(one.start, one.end, name, taken))
    return tuple(sorted(kept, key=lambda one: one.start))


def _asked(words: Sequence[Word], one: Rival, common: Common) -> float:
    """From which margin on somebody is to listen; what is taken for a name says so by itself."""
    if one.end - one.start > 1:  # a reader could not tell which of the words is meant
        return math.inf
    if one.names:
        return _ASKED_OF_NAMES
    return _ASKED if common(bare(words[one.start].text)) else _ASKED_STRANGE


def _enough(words: Sequence[Word], one: Rival, common: Common) -> float:
    """From which margin on words are taken for a name; never those of another one's."""
    if one.names:
        return math.inf
    if one.end - one.start > 1:
        return _TAKEN_OF_SEVERAL
    return _TAKEN if common(bare(words[one.start].text)) else _TAKEN_STRANGE


def _unlike(words: Sequence[Word], letters: Sequence[str], own: Sequence[str]) -> Iterator[Rival]:
    """Words that are no name of the case and sound somewhat like one."""
    known = {name.casefold() for name in own} | ORDINARY
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            heard = letters[start:end]
            if not heard[-1] or heard[-1].casefold() in known:
                break
            if any(word.probability <= _CERTAIN for word in words[start:end]):
                yield from _alike(heard, start, end, own)
            if _BROKEN.search(words[end - 1].text):
                break


def _alike(heard: Sequence[str], start: int, end: int, own: Sequence[str]) -> Iterator[Rival]:
    for name in own:
        if len(heard) == 1 or len(name) > _SHORT:
            spellings = ("".join(heard), " ".join(heard))
            shares = (difference(one, name, begins=False) for one in spellings)
            share = min((each for each in shares if each is not None), default=1)
            if share <= _SHARE:
                yield Rival(start, end, name, share)


def _exchanged(
    words: Sequence[Word], letters: Sequence[str], own: Sequence[str]
) -> Iterator[Rival]:
    """Names of the case that the model does not wholly believe in, each against all others."""
    known = {name.casefold() for name in own}
    for place, word in enumerate(words):
        said = letters[place].casefold()
        if said in known and word.probability < _UNCERTAIN:
            for name in own:
                share = difference(said, name, begins=False)
                if name.casefold() != said and share is not None and share <= _SHARE_OF_NAMES:
                    yield Rival(place, place + 1, name, share, names=True)


def _said(letters: Sequence[str], one: Rival) -> str:
    return " ".join(letters[one.start : one.end]).casefold()


def _again(words: Sequence[Word], one: Rival) -> Iterator[Rival]:
    """The same words further on: each time they may be another name, or none."""
    letters = [bare(word.text) for word in words]
    size, said = one.end - one.start, _said(letters, one)
    for start in range(one.end, len(letters) - size + 1):
        if " ".join(letters[start : start + size]).casefold() == said:
            yield replace(one, start=start, end=start + size)
