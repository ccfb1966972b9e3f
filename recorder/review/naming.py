"""Whether a text could name somebody or somewhere that the young person is not to be shown.

A capital is all there is to go by. Where every word has one, at the start of a sentence, it says
nothing, and only a word that is surely nobody's name may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class Cleared:
    """Whose names may be shown."""

    names: frozenset[str]  # parts of names, case folded
    others: frozenset[str]  # parts of the names of people around them who are not cleared

    @classmethod
    def of(cls, cleared: Collection[str], others: Collection[str]) -> Cleared:
        """Those of whole names."""
        names = _parts(cleared)
        return cls(names, _parts(others) - names)

    def unknown_in(self, text: str) -> bool:
        """Whether a capitalised word could be the name of somebody or somewhere not cleared."""
        return self._unknown(text, _PLAIN)

    def unknown_in_title(self, title: str) -> bool:
        """Likewise of a picture's title, which may begin with a word for what is drawn.

        That is no name, unless somebody around the young person is called so.
        """
        return self._unknown(title, (_PLAIN | _DRAWN) - self.others)

    def _unknown(self, text: str, ordinary: frozenset[str]) -> bool:
        """Whether there is one beside those that are `ordinary` at the start of a sentence."""
        for match in _WORD.finditer(text):
            word = re.sub(r"['’]s$", "", match.group())
            folded = word.casefold().replace("’", "'")
            if not word[0].isupper() or folded in self.names or folded in _CALENDAR:
                continue
            starts = _STARTS.search(text[: match.start()]) is not None
            if folded.startswith("i'") or folded == "i" or (starts and folded in ordinary):
                continue
            return True
        return False


def _parts(names: Collection[str]) -> frozenset[str]:
    return frozenset(part.casefold() for name in names for part in name.split())
