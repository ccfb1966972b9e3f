"""What a young person asks the worker to do, in their own comment on a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.wording import plain, words
from transcribe.model import Action

if TYPE_CHECKING:
    from transcribe.draft.reading import Reading

_REQUEST = re.compile(
    r"\b(?:please )?(?:can|could|would|will) (?:you|u|we)(?: please| also| just)*\s+"
    r"|(?P<verb>(?:^|, |\bso |\band |\bplease )(?:just )?(?:put|leave|change|take|remove|delete|add|keep|write|tell)"
    r"(?= (?:it|that|this|the|my|in|out|them|down|me|him|her)\b))"
    r"|(?P<stop>(?:^|, |\bso |\band )(?:please )?don't (?=(?:put|show|tell|share|send|write|give|read|let|use|print)\b))"
    r"|\bi(?:'d like| want| need) you to |\bplease\s+(?=\w)"
)
_REASON = re.compile(r",? (?:because|cos|'cause|since)\b")
_POINTERS = frozenset(
    ("it", "that", "this", "in", "out", "them", "down", "the", "bit", "put", "leave")
)


def requests(reading: Reading, worker: str) -> tuple[Action, ...]:
    """The request in one sentence of a young person's, for `worker`; none if there is none."""
    text = reading.text.rstrip(" .!?")
    source = plain(text)
    found = _REQUEST.search(source)
    if found is None:
        return ()
    kept = found["verb"] or found["stop"]
    start = found.end() - len(kept.lstrip(", ")) if kept else found.end()
    reason = _REASON.search(source, start)
    what = text[start : reason.start() if reason else len(text)].strip(" ,")
    what = re.sub(r"^(?:so|and|please|just) ", "", what)
    if all(word in _POINTERS for word in words(plain(what))):
        what = text  # "I want to do hair and beauty next year, put that in"
    return (Action(what[:1].upper() + what[1:], worker, None, (reading.utterance.source,)),)
