"""Which names the hints put in: what the model hears without any sounds otherwise.

Told to expect a name a speech model writes it where something else was said that is only somewhat
like it. A name that is right, and that the model does not know, is written without hints as it
sounds: Siobhan as "Shivon". So a name that was hardly heard is heard once more without them, and
where that is unlike it, what was heard so stands beside the name, and somebody listens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from transcribe.model import Word
from transcribe.names import Likely, bare, of_people
from transcribe.sounds import within

# Chosen by measurement: see docs/ACCURACY.md. Words that the model is told before the name, first
# many, for it to follow on, and if that is unlike then few, for it not to go on from its own words.
_TOLD = (8, 3)
_HARDLY = 0.3  # probability under which a name is heard once more
_UNLIKE = 0.3  # share of sounds that differ, above which it is another word
_LATEST = 1  # word after the first with which a name may begin
_LONGEST = 4  # words that a name can be heard as: "Olu Wash A Un"
_MOST = 12  # names of one clip: each takes time
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OF = re.compile(r"['’]s\b")
_MARKS = " .,;:?!…-"
_ENDED = re.compile(r"(?<=\w\w)[.?!,;:…]+(?=\s|$)")  # "C. Lee" is one name

Hear = Callable[[Sequence[Word], int, int], str]
"""The words of a clip, the place of one and how many before it the model is told, to what it then
hears from there on without hints."""


def put_in(
    words: Sequence[Word], names: Sequence[str], asked: Sequence[Likely], hear: Hear
) -> Iterator[Likely]:
    """The names in a clip that the model does not hear without hints, each with what it hears.

    Args:
        words: in order.
        names: of the people whom the case knows.
        asked: what is written or asked about there already.
        hear: asks the model.
    """
    own = {name.casefold(): name for name in of_people(names)}
    marked = {place for one in asked for place in range(one.start, one.end)}
    hardly = (
        (place, own[name])
        for place, word in enumerate(words)
        if word.probability < _HARDLY
        and place not in marked
        and (name := bare(word.text).casefold()) in own
    )
    for place, name in islice(hardly, _MOST):
        nearest = _nearest(words, place, name, hear)
        if nearest is not None:
            yield Likely(place, place + 1, name, sure=True, heard=nearest)


def _nearest(words: Sequence[Word], place: int, name: str, hear: Hear) -> str | None:
    """What is heard in place of a name; None if it is the name, as it may be written."""
    found = []
    for told in _TOLD:
        parts = list(_likened(hear(words, place, told), name))
        if min((share for _, share, _ in parts), default=1.0) <= _UNLIKE:
            return None
        # Of what is about as near the fewest words: more of them stand behind the name as well.
        found += [(round(share, 1), len(heard), heard) for at, share, heard in parts if at == 0]
    return min(found, default=(1.0, 0, ""))[2]


def _likened(heard: str, name: str) -> Iterator[tuple[int, float, str]]:
    """The first words, one or several: the place of the first, how unlike the name they sound, they."""
    said = _WORD.findall(_OF.sub("", _ENDED.split(heard.lstrip(_MARKS), maxsplit=1)[0]))
    for start in range(_LATEST + 1):
        for end in range(start + 1, min(start + _LONGEST, len(said)) + 1):
            part = said[start:end]
            shares = (within(one, name, 1.0) for one in ("".join(part), " ".join(part)))
            share = min((each for each in shares if each is not None), default=1.0)
            yield start, share, " ".join(part)
