"""Which heard words no name is ever written over, however probable it is: somebody listens.

Without one of them a record says another thing than was said: that there was no knife, that he did
touch her, that it was another day, or that somebody else was there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from templates.lists import harms
from transcribe import harmful
from transcribe.draft.checks.harm import found
from transcribe.draft.checks.negation import denies
from transcribe.draft.numbers import NUMBER, ORDINAL
from transcribe.draft.wording import plain
from transcribe.model import Word
from transcribe.names import ORDINARY

_AROUND = 8  # words on either side: as far as a phrase for harm reaches
_MARKS = " .,;:?!…\"'“”‘’()[]-"
_COUNTED = re.compile(rf".*\d.*|{NUMBER}s?|{ORDINAL}s?")
_DENIED = re.compile(
    r"\w{2,}nae|(?:is|are|was|were|do|does|did|have|has|had|ca|could|wo|would|should|must|need|might)nt"
)
"""Denials as they are said in the north, or written without their apostrophe."""
_SAID = frozenset(
    """
    yes yeah yep yup aye nah naw nope ain't aint innit dunno nowt nought nary dinna if unless except only until before after almost nearly
    he him his himself she her hers herself they them their theirs themselves we us our ourselves
    i me my mine myself you your yours yourself who whom whose somebody someone anybody anyone
    everybody everyone he's she's they're we're you're it's who's he'd she'd they'd we'd you'd
    he'll she'll they'll we'll you'll they've we've you've
    mam mama mummy daddy papa ma pa son daughter husband wife partner boyfriend girlfriend ex baby
    twin niece nephew stepbrother stepsister stepfather stepmother godmother godfather guardian parent
    grandfather grandmother grandpa child children kid boy girl man woman men women foster
    teacher worker police officer lawyer solicitor judge
    hundred thousand million dozen once twice half quarter couple double zero pound quid pence grand
    today tonight tomorrow yesterday morning afternoon evening night noon midday midnight day week
    weekend month year hour minute fortnight o'clock am pm ago
    spring summer autumn winter christmas easter eid diwali ramadan birthday
    mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
    """.split()
)
"""Who is meant, how many, when, and whether: in small letters."""
_SHORTEST, _SHORTEST_STEM = 3, 4  # letters of a word that is part of a phrase for harm
_EMPTY = frozenset(("the", "and", "for"))  # stand in such phrases and mean nothing by themselves


def guarded(texts: Sequence[str], start: int, end: int) -> bool:
    """Whether one of some words of a clip is never written over.

    Args:
        texts: the words of the clip, in order, with the marks around them.
        start: which is the first of those that may stand for a name.
        end: and which the one after the last.
    """
    said = [plain(text).strip(_MARKS) for text in texts[start:end]]
    return any(map(_kept, said)) or _of_harm(texts, start, end)


def nearly_harm(words: Sequence[Word]) -> bool:
    """Whether some words may be one for serious harm: that is asked about, and no name.

    What nobody writes sounds nearly like one, or what people write was hardly heard.
    """
    said = [plain(word.text).strip(_MARKS) for word in words]
    near = any(harmful.near(each) for each in (*said, "".join(said)) if each)
    return near or any(map(harmful.hidden, words))


def _kept(word: str) -> bool:
    bare = word.removesuffix("'s")
    known = {word, bare, bare.removesuffix("s") if len(bare) > _SHORTEST else bare}
    if not known.isdisjoint(_SAID) or not known.isdisjoint(ORDINARY):
        return True
    parts = (word, *word.split("-"))
    return any(
        denies(part) or _DENIED.fullmatch(part) or _COUNTED.fullmatch(part) is not None
        for part in parts
    ) or any(word.startswith(stem) if starred else word == stem for stem, starred in _parts())


def _of_harm(texts: Sequence[str], start: int, end: int) -> bool:
    """Whether a word or phrase for serious harm holds one of the words."""
    first = max(start - _AROUND, 0)
    before = " ".join(texts[first:start])
    said = " ".join(texts[start:end])
    begin = len(before) + bool(before)
    text = " ".join(texts[first : end + _AROUND])
    return any(each.start < begin + len(said) and each.end > begin for each in found(text))


@cache
def _parts() -> frozenset[tuple[str, bool]]:
    """The words of every phrase for harm, each with whether any ending may follow."""
    entries = (
        entry.split(" -")[0]
        for harm in harms()
        for group in (harm.general, *harm.kinds, harm.perhaps)
        for entry in group
    )
    words = {word for entry in entries for word in entry.split()} - _EMPTY
    stems = ((word.removesuffix("*"), word.endswith("*")) for word in words)
    return frozenset(
        (stem, starred)
        for stem, starred in stems
        if len(stem) >= (_SHORTEST_STEM if starred else _SHORTEST)
    )
