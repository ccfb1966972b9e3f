"""What a language model may do to a sentence: leave out fillers, and end a run-on where a clause does.

Not a word may come in, and none of substance may go, change, or stand elsewhere. That is less than a
model could do. It is what can be told for certain without understanding the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from transcribe.draft.checks import against
from transcribe.draft.checks.stems import folded, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcribe.draft.checks import Said

FORM, WORDS, BREAKS, CHECKS, SAME = "form", "words", "breaks", "checks", "same"
"""Why a wording is not taken."""

_ALLOWED = re.compile(r"[a-z0-9 .,;:?!'()£%&/-]+")  # of a folded text
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*(?:st|nd|rd|th|am|pm)?|[a-z0-9]+(?:'[a-z]+)*|[£%&/]")
_WHOLE = {"can't": ("can", "not"), "won't": ("will", "not"), "cannot": ("can", "not")}
_ENDINGS = {"n't": "not", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am"}

_FILLERS = frozenset("um umm uh er erm hmm mm ah basically anyway".split())
_ASIDES = tuple(
    tuple(each.split())
    for each in ("you know", "i mean", "as i say", "as i said", "like i said", "to be honest")
)
_OPENERS = frozenset(("so", "and", "well", "right", "okay", "ok"))
_REPEATED = frozenset("the a an i he she they we it and to was is in of with at".split())
_JOINING = frozenset(("and", "so", "but", "then"))
_SUBJECTS = frozenset(("i", "he", "she", "they", "we", "it", "there"))
_CLAUSE = 4  # words that a sentence has at least

_SCOPE = frozenset(
    """not no never nobody nothing none neither nor nowhere without hardly barely if unless whether when while because since until
    after before although though like as who which that where what how why say says said saying tell tells told telling
    ask asks asked asking explain explains explained mention mentions mentioned report reports reported reckon reckons reckoned
    think thinks thought believe believes believed feel feels felt know knows knew hear heard see saw seen seem seems seemed
    suppose supposes supposed claim claims claimed deny denies denied admit admits admitted agree agrees agreed promise promised
    refuse refuses refused hope hopes hoped worry worries worried want wants wanted wish wishes wished plan plans planned
    maybe perhaps probably possibly apparently allegedly might may could would should must can will shall going will goes try tries tried
    describe described disclose disclosed according remember remembers remembered decide decided suggest suggested warn warned
    threaten threatened pretend pretended imagine imagined guess guessed sure unsure only either or than""".split()
)
_TOLD = frozenset(
    stem(each)
    for each in """accuse allege answer argue assume assure blame boast brag call chat claim comment complain confess confide confirm
    convince cry describe deny disclose doubt dream expect express fear find gather hint imply indicate inform insist intend joke
    learn lie message mean note notice offer order phone point post predict pretend promise question quote read realise recall
    record refer reply report request reveal ring row scream share shout sign speak state swear talk text think understand urge
    whisper witness wonder write yell afraid alarmed anxious aware certain concerned convinced frightened nervous scared worried""".split()
)
"""Words that may speak of all that follows: a sentence with one, in any form, is never cut in two."""

_NONE, _PAUSE, _STOP, _ASKED = range(4)


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    shown: str  # with its capitals
    gap: str  # what stands between it and the word before

    @property
    def before(self) -> int:
        """The sort of break in front of it."""
        return _break(self.gap)


def refused(text: str, said: Said) -> str | None:
    """Why `text` cannot stand in place of what was said; None if it can."""
    plain = folded(text)
    if any(_ALLOWED.fullmatch(each) is None for each in (plain, folded(said.text))):
        return FORM
    here, there = _words(text), _words(said.text)
    if not (here and there) or not text[0].isalnum() or not _ends_alike(text, said.text):
        return BREAKS
    pairs = _aligned(here, there)
    if pairs is None:
        return WORDS
    if not _broken_alike(here, there, pairs):
        return BREAKS
    if against(text, said):
        return CHECKS
    return SAME if text == said.text else None


def _words(text: str) -> list[_Word]:
    """The words of a text, "didn't" as two."""
    found: list[_Word] = []
    plain, end = folded(text), 0
    for token in _TOKEN.finditer(plain):
        gap, shown = plain[end : token.start()], text[token.start() : token.end()]
        for n, each in enumerate(_expanded(token.group())):
            found.append(_Word(each, shown, " " if n else re.sub(r"\s+", " ", gap)))
        end = token.end()
    return found


def _expanded(word: str) -> tuple[str, ...]:
    if word in _WHOLE:
        return _WHOLE[word]
    for ending, full in _ENDINGS.items():
        if word.endswith(ending) and word != ending:
            return (word.removesuffix(ending), full)
    return (word,)


def _break(between: str) -> int:
    if "?" in between:
        return _ASKED
    if re.search(r"[.!]", between):
        return _STOP
    return _PAUSE if between.strip() else _NONE


def _ends_alike(text: str, said: str) -> bool:
    """Whether two texts end the same; a full stop may be put to what has none."""
    tail, was = (re.split(r"[a-z0-9%]", folded(each).rstrip())[-1] for each in (text, said))
    return tail == was or (tail == "." and was in {"", ","})


# --- the same words, in the same order ---


def _aligned(here: Sequence[_Word], there: Sequence[_Word]) -> list[int] | None:
    """For each word that is here, its place in what was said; None if it is not all there."""
    places: list[int] = []
    at = 0
    for n, one in enumerate(here):
        while at < len(there) and not _matches(one, there[at], first=_opens(here, n)):
            gone = _may_go(there, at)
            if not gone:
                return None
            at += gone
        if at == len(there):
            return None
        places.append(at)
        at += 1
    while at < len(there):
        gone = _may_go(there, at)
        if not gone:
            return None
        at += gone
    return places


def _opens(words: Sequence[_Word], at: int) -> bool:
    return at == 0 or words[at].before >= _STOP


def _matches(one: _Word, other: _Word, *, first: bool) -> bool:
    """Whether two words are the same; capitals differ at the head of a sentence only."""
    if one.word != other.word:
        return False
    alike = one.shown[:1] == other.shown[:1] or len(one.shown) != len(other.shown)
    return alike or first or other.before >= _STOP


def _may_go(there: Sequence[_Word], at: int) -> int:
    """How many words from `at` on say nothing, and may be left out."""
    word = there[at].word
    if word in _FILLERS or _is_repeated(there, at) or _leads(there, at) or _is_joint(there, at):
        return 1
    for aside in _ASIDES:
        end = at + len(aside)
        if tuple(each.word for each in there[at:end]) == aside and _set_off(there, at, end):
            return len(aside)
    return 0


def _is_repeated(there: Sequence[_Word], at: int) -> bool:
    """Whether it is the second of "he he"."""
    return at > 0 and there[at - 1].word == there[at].word and there[at].word in _REPEATED


def _leads(there: Sequence[_Word], at: int) -> bool:
    """Whether it opens the sentence, with nothing but its like before it: no "right arm", no "so many"."""
    back = at
    while back > 0 and there[back].before < _STOP:
        back -= 1
    if not all(each.word in _OPENERS | _FILLERS for each in there[back : at + 1]):
        return False
    if there[at].word == "and" or at + 1 == len(there):
        return at + 1 < len(there)
    after = there[at + 1]
    opened = after.word in _SUBJECTS | _OPENERS | _FILLERS or after.shown[:1].isupper()
    return opened or after.before != _NONE


def _is_joint(there: Sequence[_Word], at: int) -> bool:
    """Whether it is the "and" of "and he ...": gone if a sentence ends there, see `_may_break`."""
    return there[at].word == "and" and _subject_at(there, at + 1)


def _subject_at(there: Sequence[_Word], at: int) -> bool:
    return at < len(there) and there[at].word in _SUBJECTS


def _set_off(there: Sequence[_Word], at: int, end: int) -> bool:
    """Whether a break or an end stands on either side."""
    opened = at == 0 or there[at].before != _NONE
    return opened and (end == len(there) or there[end].before != _NONE)


# --- the same breaks, but where a clause begins ---


def _broken_alike(here: Sequence[_Word], there: Sequence[_Word], places: Sequence[int]) -> bool:
    """Whether each break is the one that was; but one may go with fillers, or come where a clause begins."""
    scoped = any(each.word in _SCOPE or stem(each.word) in _TOLD for each in there)
    for n in range(1, len(here)):
        spaces, new = there[places[n - 1] + 1 : places[n] + 1], here[n]
        old = max(each.before for each in spaces)
        kept = new.before == old and any(each.gap == new.gap for each in spaces)
        gone = len(spaces) > 1 and new.gap == " " and old == _PAUSE
        harder = new.gap in {", ", ". "} and new.before > old
        cut = harder and not scoped and _may_break(there, spaces[:-1], places[n])
        if not (kept or gone or cut):
            return False
    return not _joins_lost(here, there, places) and _long_enough(here, there, places)


def _may_break(there: Sequence[_Word], gone: Sequence[_Word], at: int) -> bool:
    """Whether a clause begins here: "and he ...", with its "and" or without."""
    after = there[at - 1].word in _JOINING  # "and then he": it begins with the "and"
    joined = there[at].word in _JOINING and _subject_at(there, at + 1) and not after
    return joined or (_subject_at(there, at) and any(each.word == "and" for each in gone))


def _joins_lost(here: Sequence[_Word], there: Sequence[_Word], places: Sequence[int]) -> bool:
    """Whether an "and" within a sentence went, and no sentence ends in its place."""
    for n in range(1, len(here)):
        gone = range(places[n - 1] + 1, places[n])
        joins = [at for at in gone if there[at].word == "and" and not _leads(there, at)]
        lost = [at for at in joins if not _is_repeated(there, at)]
        if lost and here[n].before != _STOP:
            return True
    tail = there[places[-1] + 1 :] if places else there
    return any(each.word == "and" for each in tail)


def _long_enough(here: Sequence[_Word], there: Sequence[_Word], places: Sequence[int]) -> bool:
    """Whether each sentence that was cut off is one."""
    starts = [0, *(n for n in range(1, len(here)) if here[n].before >= _STOP), len(here)]
    cut = {n for n in starts[1:-1] if there[places[n]].before < _STOP}
    return all(
        end - start >= _CLAUSE for start, end in pairwise(starts) if start in cut or end in cut
    )
