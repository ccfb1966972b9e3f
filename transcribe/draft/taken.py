"""What a reader is told of names, and words for harm, that may have been said otherwise than written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.checks.harm import found
from transcribe.draft.checks.negation import denies
from transcribe.draft.wording import plain
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcribe.model import Word

TAKEN, PERHAPS, HARM = "name_taken", "name_perhaps", "harm_perhaps"


def name_checks(words: Iterable[Word], text: str) -> tuple[Check, ...]:
    """What to look at in a sentence, with how it reads otherwise.

    Args:
        words: that were heard in it and are, or may be, names.
        text: the sentence as it is filed. A name that is no longer in it is not asked about.
    """
    together = (check for group in _groups(words, text) for check in _checks(group, text))
    return tuple(dict.fromkeys(together))


def _groups(words: Iterable[Word], text: str) -> Iterator[list[Word]]:
    """The words one by one, but together those that stand for one name."""
    group: list[Word] = []
    for word in words:
        one = group and word.heard is None and word.perhaps and word.perhaps == group[-1].perhaps
        if group and not (one and _stands(_written([*group, word])).search(text)):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _written(group: Sequence[Word]) -> str:
    said = " ".join(word.text.strip() for word in group)
    return said.strip(" .,;:?!…\"'“”‘’()").removesuffix("'s").removesuffix("’s")


def _stands(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(written)}(?!\w)")


def _checks(group: Sequence[Word], text: str) -> Iterator[Check]:
    written, word = _written(group), group[0]
    other = word.heard or word.perhaps or ""
    other = other.removesuffix("'s").removesuffix("’s")
    there = _stands(written)
    places = there.findall(text)
    if not places:
        return
    code, message = TAKEN, f"“{other}” was heard, and taken for the name “{written}”."
    # A term is listed in small letters; what has a capital is a name that only looks like one.
    if word.heard is None and other.islower() and found(other):
        code, message = HARM, f"“{written}” was heard, and is unclear. It may be “{other}”."
    elif word.heard is None:
        code, message = PERHAPS, f"“{written}” was heard. It may be the name “{other}”."
    # Of two that are written alike nobody can tell here which one was heard so.
    only = " or " not in other and len(places) == 1
    instead = there.sub(lambda _: other, text) if only else None
    if instead is not None and _grave(code, written, text, instead):
        instead = None
    yield Check(code, "look", f"{message} Listen, and change it if it is wrong.", instead=instead)


def _grave(code: str, written: str, text: str, instead: str) -> bool:
    """Whether one click would take harm or a denial out: that is for somebody to write."""
    if code != PERHAPS:
        return False
    said = plain(written)
    fewer = len(found(instead)) < len(found(text))
    return fewer or bool(found(said)) or any(map(denies, said.split()))
