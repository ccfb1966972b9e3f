"""What a sentence is set against."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from transcribe.draft.checks.stems import unaccented
from transcribe.model import Person

if TYPE_CHECKING:
    from datetime import date

    from transcribe.draft.cast import Cast

UNCLEAR_BELOW = 0.5
"""Mean word probability under which a sentence was hardly heard."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said where a sentence stands, and by whom."""

    text: str  # as it was heard or typed; of several sources, one after the other
    recorded: date  # the day on which it was said
    cast: Cast
    speaker: str | None = None  # "I" and "we"
    probability: float | None = None  # 0 to 1, mean over its words; None for text
    before: str = ""  # what was said just before, for whom "she" may mean

    def unaccented(self) -> Said:
        """The same without accents, which engines and people put and leave out as they like."""
        return replace(
            self,
            text=unaccented(self.text),
            before=unaccented(self.before),
            speaker=None if self.speaker is None else unaccented(self.speaker),
            cast=_bare(self.cast),
        )


@lru_cache(maxsize=8)
def _bare(cast: Cast) -> Cast:
    people = tuple(Person(unaccented(one.name), one.role) for one in cast.people)
    aliases = tuple((role, unaccented(name)) for role, name in cast.aliases)
    return replace(cast, people=people, aliases=aliases)
