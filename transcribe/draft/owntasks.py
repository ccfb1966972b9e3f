"""Tasks among a worker's own matters: leave to book, a course, a referral to occupational health.

There most of what is ahead is no task ("I'll be fine", "I'd like you to hear me say it"), so only
what promises or asks for something to be done is one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from transcribe.draft.actions import Voices, actions

if TYPE_CHECKING:
    from datetime import datetime

    from transcribe.draft.cast import Cast
    from transcribe.draft.reading import Reading
    from transcribe.model import Action

_TASK = re.compile(
    r"(?:\b(?:i|we)(?:'ll| will|'m going to| am going to|'re going to| need to| have to|'ve got to)|\byou(?:'ll)? need to|\byou have to"
    r"|\b(?:can|could|will|would) you|\bplease|\b(?:i'd like|i want|i need) you to|\bmake sure you)(?: please| also| just| then)* "
    r"(?:book|send|refer|speak to|talk to|ask|sort|arrange|move|chase|email|ring|call|phone|write|complete|fill|find|organi[sz]e|request|sign"
    r"|swap|square|set up|look into|find out|cancel|check|raise|update|order|apply|cover|approve|finish|bring|do (?!(?:my|your|our) best|it\b|that\b)"
    r"|take (?!(?:it|care|that on|what)\b)|put (?!(?:it|that|up)\b(?! through\b))|get (?!(?:there|through|by|over|used|on|better|some sleep)\b))"
)


def own_tasks(
    reading: Reading, cast: Cast, voices: Voices, recorded_at: datetime
) -> tuple[Action, ...]:
    """The tasks in a sentence of the worker's own matters, each marked as private.

    Args:
        reading: the sentence.
        cast: the people of the note.
        voices: who speaks and who listens.
        recorded_at: when it was said, naive London time.
    """
    if not _TASK.search(reading.bare):
        return ()
    found = actions(reading, cast, voices, recorded_at)
    return tuple(replace(one, private=True) for one in found)
