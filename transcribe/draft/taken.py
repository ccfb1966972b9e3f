"""What a reader is told of names, and words for harm, that may have been said otherwise than written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.checks.harm import found
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transcribe.model import Word

TAKEN, PERHAPS, HARM = "name_taken", "name_perhaps", "harm_perhaps"


def name_checks(words: Iterable[Word], text: str) -> tuple[Check, ...]:
    """What to look at in a sentence, with how it reads otherwise.

    Args:
        words: that were heard in it and are, or may be, names.
        text: the sentence as it is filed. A name that is no longer in it is not asked about.
    """
    return tuple(dict.fromkeys(check for word in words for check in _checks(word, text)))


def _checks(word: Word, text: str) -> Iterator[Check]:
    written = word.text.strip(" .,;:?!…\"'“”‘’()").removesuffix("'s").removesuffix("’s")
    other = word.heard or word.perhaps or ""
    other = other.removesuffix("'s").removesuffix("’s")
    there = re.compile(rf"(?<!\w){re.escape(written)}(?!\w)")
    places = there.findall(text)
    if not places:
        return
    code, message = TAKEN, f"“{other}” was heard, and taken for the name “{written}”."
    if word.heard is None and found(other):
        code, message = HARM, f"“{written}” was heard, and is unclear. It may be “{other}”."
    elif word.heard is None:
        code, message = PERHAPS, f"“{written}” was heard. It may be the name “{other}”."
    # Of two that are written alike nobody can tell here which one was heard so.
    only = " or " not in other and len(places) == 1
    instead = there.sub(lambda _: other, text) if only else None
    yield Check(code, "look", f"{message} Listen, and change it if it is wrong.", instead=instead)
