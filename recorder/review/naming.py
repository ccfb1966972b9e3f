"""Whether a text could name somebody or somewhere that the young person is not to be shown.

A capital is all there is to go by. Where every word has one, at the start of a sentence, it says
nothing, and only a word that is surely nobody's name may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STARTS = re.compile(r"(?:^|[.!?:]\s+|[\"“‘]\s*)$")
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)
# Capital for the pronoun, or at the start of a sentence, and surely nobody's name.
_PLAIN = frozenset(
    "i i'm i'd i'll i've a about after again also an and as at because before both but by can "
    "could did do does every everyone first for from going had has have he he's he'll her here "
    "him his how if in is it it's its just last later like me most my next no not now on once one "
    "our ours out over said saw she she's she'll so some something soon that that's the their "
    "them then there they they'll they're this those to today together tomorrow tonight until "
    "was we we'll we're we've went were what when where which while who why will with yes "
    "yesterday you you'll your actions".split()
)
# How titles of pictures begin, beside those. What people are called as well is left out (Rose, Sky,
# River, Brown). Further on in a title a capital may be part of a name (Green Street, Rainbow House).
_DRAWN = frozenset(
    "abstract alone anger angry animal animals anxious art baby ball balloon balloons beach bed "
    "bedroom best big bike bird birds birthday black blue body boat book books boxing brain broken "
    "brother bus butterfly cake calm car cars cartoon cat cats circle circles city cloud "
    "clouds colour coloured colourful colouring colours comic computer cooking cousin cry crying "
    "cycle dad daddy dance dancing dark darkness day design dinner dinosaur dog dogs doodle dragon "
    "draw drawing drawings drawn dream dreams emotion emotions empty eye eyes face faces family "
    "favourite fear feeling feelings film fire fish flag flat flower flowers food football friend "
    "friends friendship future game games gaming garden ghost girl good graffiti gran grandad "
    "grandma grandpa grass green guitar hand hands happiness happy hat head headphones heart hearts "
    "holiday home house houses hurt ideas inside island journey jump kitchen lake landscape leaf "
    "leaves letter light lines little living lonely lost love lunch mask maze me memories memory "
    "mind monster monsters moon mountain mountains mum mummy music nan night nobody nothing orange "
    "outline outside page paint painting painting paper park past patterns peace people phone "
    "picture pictures pink pizza place plan plane plans play player playing playground portrait "
    "pet pets purple rage rainbow red road robot room running sad sadness safe safety scary school "
    "scribble sea self shadow shapes ship shoes sister sketch sleep sleeping smile snow song "
    "spider spiral square squares street strong sun sunflower sunset sunshine superhero swimming "
    "tattoo tea teacher tears thinking thoughts timeline train trainers tree trees triangle tv "
    "untitled volcano walk walking wall water wave waves weather white window winter wish wishes "
    "words work world worries worry writing yellow zombie".split()
)


# Months that people are called by, too; where no date can stand they are names.
_CALLED = frozenset("april may june august".split())
_DATED = re.compile(
    r"(?:\d|\b(?:in|by|on|of|since|until|till|from|last|next|this|early|late|mid|end|and|to|or))\W*$",
    re.IGNORECASE,
)
_A_DAY = re.compile(r"\s+(?:the\s+)?\d|\s+(?:half|holidays?|bank)\b", re.IGNORECASE)
# Ordinary words that people are called by; what follows here cannot follow the word.
_EITHER = frozenset("will said my an can so do as every like may april june august".split())
_THEN = re.compile(
    r"(?:['’]s)?\s+(?:was|is|said|says|has|had|did|does|told|came|went|wants|asked|gave|took|rang|and)\b"
)
_AFTER_CALLED = re.compile(
    r"\b(?:called|named|nicknamed|known as|name is|name was)\s+[\"“‘']?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """Whose names may be shown."""

    names: frozenset[str]  # parts of names, case folded
    others: frozenset[str]  # parts of the names of people around them who are not cleared
    both: frozenset[str] = frozenset()  # what one who is cleared and one who is not are called

    @classmethod
    def of(cls, cleared: Collection[str], others: Collection[str]) -> Cleared:
        """Those of whole names."""
        names, rest = _parts(cleared), _parts(others)
        return cls(names, rest - names, rest & names)

    def unknown_in(self, text: str) -> bool:
        """Whether a word could be the name of somebody or somewhere not cleared."""
        return bool(self.named_in(text))

    def named_in(self, text: str) -> tuple[str, ...]:
        """What could be such a name, each once, words that stand together as one."""
        return tuple(dict.fromkeys(self._runs(text, _PLAIN)))

    def unknown_in_title(self, title: str) -> bool:
        """Likewise of a picture's title, which may begin with a word for what is drawn.

        That is no name, unless somebody around the young person is called so.
        """
        return any(self._runs(title, (_PLAIN | _DRAWN) - self.others))

    def _runs(self, text: str, ordinary: frozenset[str]) -> Iterator[str]:
        """Stretches of words that could be names."""
        start = end = -1
        for match in _WORD.finditer(text):
            if not self._could_be(text, match, ordinary):
                continue
            if start >= 0 and text[end : match.start()].strip():
                yield _bare(text[start:end])
                start = -1
            start, end = (match.start() if start < 0 else start), match.end()
        if start >= 0:
            yield _bare(text[start:end])

    def _could_be(self, text: str, match: re.Match[str], ordinary: frozenset[str]) -> bool:
        """Whether a word could be a name, beside those that are `ordinary` as a sentence starts."""
        word, before = _bare(match.group()), text[: match.start()]
        folded = word.casefold().replace("’", "'")
        starts = _STARTS.search(before) is not None
        if folded in self.names:
            return folded in self.both
        if not word[0].isupper():
            known = folded in self.others and folded not in _PLAIN
            return known or _AFTER_CALLED.search(before) is not None
        if folded == "i" or folded.startswith("i'"):
            return False
        if folded in self.others and not (starts and folded in _PLAIN):
            return True
        names_somebody = folded in _EITHER and _THEN.match(text[match.end() :]) is not None
        if folded in _CALENDAR:
            dated = _DATED.search(before) or _A_DAY.match(text[match.end() :])
            return folded in _CALLED and not dated and (not starts or names_somebody)
        return names_somebody if starts and folded in ordinary else True


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _parts(names: Collection[str]) -> frozenset[str]:
    return frozenset(part.casefold() for name in names for part in name.split())
