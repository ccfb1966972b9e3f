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
from itertools import chain, islice

from transcribe.guarded import guarded, nearly_harm
from transcribe.lexicon import ordinary
from transcribe.model import Word
from transcribe.names import ORDINARY, Likely, bare, of_people
from transcribe.sounds import within

VERSION = 9
"""Of these rules and the lists that they read: the same names are taken under the same one."""

# Chosen by measurement: see docs/ACCURACY.md. Shares of sounds that differ, probabilities of words
# as they stand, and how much less probable, as a natural logarithm, a name may be than they are.
_SHARE, _SHARE_OF_NAMES, _CERTAIN, _UNCERTAIN = 0.4, 0.7, 0.9, 0.6
_TAKEN, _TAKEN_STRANGE, _TAKEN_OF_SEVERAL = 0.0, -6.5, -4.0
_ASKED, _ASKED_STRANGE, _ASKED_OF_SEVERAL, _ASKED_OF_NAMES = -6.0, -9.0, -4.0, -9.5
_ABOUT = 6.0  # by how much less probable than the likeliest is told of as well
_SURE = 0.5  # from which probability on the model is sure of a word that people write
_LONGEST = 3  # words that a name can be heard as
_SHORT = 3  # letters of a name that is never heard as several words
_MOST = 12  # questions about one clip, and as many again: each takes time
_ARTICLES = frozenset(("a", "an", "the"))  # "a keem" is Akeem: nothing is lost with one
_BROKEN = re.compile(r"[.?!…,;:]")


@dataclass(frozen=True, slots=True)
class Rival:
    """A name that some words may stand for."""

    start: int  # index of the first word
    end: int  # and of the one after the last
    name: str
    share: float  # of its sounds that are not theirs
    names: bool = False  # the word is another name of the case


@dataclass(frozen=True, slots=True)
class _Answer:
    of: Rival
    margin: float
    taken: bool  # the name is written; otherwise it is asked about


Weigh = Callable[[Sequence[Word], Sequence[Rival]], Sequence[float]]
"""The words of a clip and what to ask of them, to by how much each name is more probable than the
words, as a natural logarithm."""


@dataclass(frozen=True, slots=True)
class Known:
    """Words that are not only somebody's name."""

    common: Callable[[str], bool]  # whether many people write a word in these capitals
    terms: frozenset[str] = frozenset()  # that are expected, in small letters: never written over

    def writes(self, word: str) -> bool:
        """Whether people write a word, in these capitals."""
        return word.casefold() in self.terms or self.common(word)


def likely(
    words: Sequence[Word],
    names: Sequence[str],
    weigh: Weigh,
    known: Known,
    *,
    exchanged: bool = True,
) -> tuple[Likely, ...]:
    """The words of a clip that are likely one of some names, by the model's own word.

    Args:
        words: in order.
        names: of the people whom the case knows, or of places and whatever else the team names.
        weigh: asks the model.
        known: what may as well be another word, or another person's name.
        exchanged: whether one of `names` may stand for another.
    """
    asked = rivals(words, names, exchanged=exchanged)
    if not asked:
        return ()
    margins = list(weigh(words, asked))
    again = _again(words, asked, margins, known)
    return decided(words, (*asked, *again), (*margins, *weigh(words, again)), known)


def rivals(
    words: Sequence[Word], names: Sequence[str], *, exchanged: bool = True
) -> tuple[Rival, ...]:
    """What to ask about a clip first: each pair of words and name where it stands first."""
    own = of_people(names)
    letters = [bare(word.text) for word in words]
    first: dict[tuple[str, str], Rival] = {}
    others = _exchanged(words, letters, own) if exchanged else ()
    for one in chain(_unlike(words, letters, own), others):
        first.setdefault((_said(letters, one), one.name), one)
    likeliest = sorted(first.values(), key=lambda one: one.share)
    return tuple(islice((one for one in likeliest if _free(words, one)), _MOST))


def decided(
    words: Sequence[Word], asked: Sequence[Rival], margins: Sequence[float], known: Known
) -> tuple[Likely, ...]:
    """The names that the model nearly or wholly believes in, in order, none over another."""
    found = [
        _Answer(one, margin, margin >= _enough(words, one, known))
        for margin, one in zip(margins, asked, strict=True)
        if margin >= _asked(words, one, known)
    ]
    letters = [bare(word.text) for word in words]
    sure = {(_said(letters, each.of), each.of.name) for each in found if each.taken}
    found = [
        replace(each, taken=True)
        if (_said(letters, each.of), each.of.name) in sure
        and _nobodys(words, each.of, known)
        and not _kept(words, each.of, known)
        else each
        for each in found
    ]
    free, kept = [True] * len(words), []
    # What is taken comes first: a question about more words must not hide it.
    for each in sorted(found, key=lambda each: (not each.taken, -each.margin)):
        one = each.of
        if all(free[one.start : one.end]):
            free[one.start : one.end] = [False] * (one.end - one.start)
            name = one.name if each.taken else _offered(found, each)
            kept.append(Likely(one.start, one.end, name, each.taken))
    return tuple(sorted(kept, key=lambda one: one.start))


def _offered(found: Sequence[_Answer], asked: _Answer) -> str:
    """Every name that stands in the same place and is nearly as probable."""
    place = (asked.of.start, asked.of.end)
    about = {
        each.of.name
        for each in found
        if (each.of.start, each.of.end) == place and each.margin >= asked.margin - _ABOUT
    }
    return " or ".join(sorted(about))


def _asked(words: Sequence[Word], one: Rival, known: Known) -> float:
    """From which margin on somebody is to listen; what is taken for a name says so by itself."""
    if one.names:
        return _ASKED_OF_NAMES
    if one.end - one.start > 1:
        return _ASKED_OF_SEVERAL
    return _ASKED_STRANGE if _strange(words[one.start], known) else _ASKED


def _enough(words: Sequence[Word], one: Rival, known: Known) -> float:
    """From which margin on words are taken for a name; never those of another one's.

    Nor words that a record must not lose, nor what may be the name of somebody else, nor what
    people write if the model was sure of it. What it was not sure of has to be less probable.
    """
    if one.names or _kept(words, one, known):
        return math.inf
    replaced = words[one.start : one.end]
    if _nobodys(words, one, known):
        return _TAKEN_STRANGE if len(replaced) == 1 else _TAKEN_OF_SEVERAL
    written = [word for word in replaced if not _strange(word, known) and not _article(word)]
    doubted = bool(written) and all(
        word.probability < _SURE and word.text.strip().islower() for word in written
    )
    return _TAKEN if doubted else math.inf


def _nobodys(words: Sequence[Word], one: Rival, known: Known) -> bool:
    """Whether nobody writes these words, but for an article before them."""
    replaced = words[one.start : one.end]
    strange = [_strange(word, known) for word in replaced]
    return (
        not one.names
        and any(strange)
        and all(each or _article(word) for each, word in zip(strange, replaced, strict=True))
    )


def _strange(word: Word, known: Known) -> bool:
    """Whether a word is one that nobody writes, nor anybody's name."""
    letters = bare(word.text)
    small = letters.casefold()
    return bool(letters) and not (known.writes(letters) or known.writes(small) or ordinary(small))


def _article(word: Word) -> bool:
    return bare(word.text).casefold() in _ARTICLES


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
    spellings = dict.fromkeys(("".join(heard), " ".join(heard)))
    for name in own:
        if len(heard) == 1 or len(name) > _SHORT:
            shares = (within(one, name, _SHARE) for one in spellings)
            share = min((each for each in shares if each is not None), default=None)
            if share is not None:
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
                share = within(said, name, _SHARE_OF_NAMES)
                if name.casefold() != said and share is not None:
                    yield Rival(place, place + 1, name, share, names=True)


def _free(words: Sequence[Word], one: Rival) -> bool:
    """Whether a name may be asked about: what may be harm is asked about as that, and not hidden."""
    return one.names or not nearly_harm(words[one.start : one.end])


def _kept(words: Sequence[Word], one: Rival, known: Known) -> bool:
    """Whether words are never written over, however probable a name is."""
    expected = any(bare(word.text).casefold() in known.terms for word in words[one.start : one.end])
    return expected or guarded(_texts(words), one.start, one.end) or not _free(words, one)


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def _said(letters: Sequence[str], one: Rival) -> str:
    return " ".join(letters[one.start : one.end]).casefold()


def _again(
    words: Sequence[Word], asked: Sequence[Rival], margins: Sequence[float], known: Known
) -> tuple[Rival, ...]:
    """The same words further on: each time they may be another name, or none."""
    letters = [bare(word.text) for word in words]
    likeliest = sorted(
        (-margin, place)
        for place, (one, margin) in enumerate(zip(asked, margins, strict=True))
        if margin >= _asked(words, one, known)
    )
    found = (other for _, place in likeliest for other in _further(letters, asked[place]))
    return tuple(islice((one for one in found if _free(words, one)), _MOST))


def _further(letters: Sequence[str], one: Rival) -> Iterator[Rival]:
    size, said = one.end - one.start, _said(letters, one)
    for start in range(one.end, len(letters) - size + 1):
        if " ".join(letters[start : start + size]).casefold() == said:
            yield replace(one, start=start, end=start + size)
