"""The drafter, with what this machine lacks for it told as any other fault of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.errors import ModelError
from transcribe.draft import draft
from transcribe.draft.embedding import FilingModelError, embed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from templates import NoteType
    from transcribe.model import Draft, Person, Utterance

_MISSING = (
    "The model that files sentences under headings is missing or damaged, so no note was drafted. "
    "What was said is kept safe. Install Recorder again with 'make setup'."
)


def filed(
    utterances: Sequence[Utterance],
    note_type: NoteType,
    people: Sequence[Person],
    recorded_at: datetime,
) -> Draft:
    """`transcribe.draft.draft`; ModelError where its weights are missing or changed."""
    try:
        return draft(utterances, note_type, people, recorded_at)
    except FilingModelError as error:
        raise ModelError(_MISSING) from error


def try_out() -> None:
    """File nothing, with the real weights; ModelError where they are missing or changed."""
    try:
        embed(["A sentence."])
    except FilingModelError as error:
        raise ModelError(_MISSING) from error
