"""What a reader must look at before trusting a statement. Deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcribe.draft.dates import dates
from transcribe.model import Check

if TYPE_CHECKING:
    from datetime import date

    from transcribe.model import Utterance

UNCLEAR_BELOW = 0.5
"""Mean word probability under which a sentence was hardly heard."""


def checks(utterance: Utterance, recorded: date) -> tuple[Check, ...]:
    """The checks on one sentence that was heard or typed."""
    found = []
    if utterance.probability is not None and utterance.probability < UNCLEAR_BELOW:
        found.append(
            Check("unclear", "look", "This was hard to hear. Listen to it before you rely on it.")
        )
    if not all(one.agrees for one in dates(utterance.text, recorded, "future")):
        found.append(
            Check(
                "weekday",
                "look",
                "The day of the week and the date do not match. Check which is right.",
            )
        )
    return tuple(found)
