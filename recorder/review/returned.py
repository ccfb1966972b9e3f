"""Why a note was sent back, and what of it is still to be dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from recorder.codec import decode_returned, encode_returned
from recorder.errors import StateError, UnknownError
from recorder.review.revise import clean
from recorder.rulings import Mark, Returned
from store.notes import Entry
from transcribe.model import Draft

RETURNED, _APPROVED = "returned", "approved"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last return of a note still asks for."""

    by: str  # the name of who sent it back
    reason: str  # of the note as a whole; may be empty
    marks: Mapping[str, Mark]  # by statement id: those of sentences that are as they were
    dealt_with: int  # marks of sentences that were changed or taken out since


def asked(decisions: Sequence[Entry], draft: Draft, name_of: Callable[[str], str]) -> Asked | None:
    """What the newest return asks for; None where there was none, or it was approved since."""
    ruled = [each for each in decisions if each.kind in (RETURNED, _APPROVED)]
    if not ruled or ruled[-1].kind != RETURNED:
        return None
    found = decode_returned(ruled[-1].payload)
    now = {each.id: each.text.split() for each in draft.statements}
    marks = {m.statement: m for m in found.marks if now.get(m.statement) == m.said.split()}
    return Asked(name_of(ruled[-1].actor_id), found.reason, marks, len(found.marks) - len(marks))


def sentence_of(payload: bytes) -> str:
    """Why a note was sent back, in one line of a list."""
    found = decode_returned(payload)
    marked = len(found.marks)
    if not marked:
        return found.reason
    what = "One sentence is marked." if marked == 1 else f"{marked} sentences are marked."
    return f"{found.reason} {what}".strip()


def payload_of(draft: Draft, reason: str, marks: Mapping[str, str]) -> bytes:
    """What is kept of a return; sentences without a reason are not marked.

    StateError where nothing is said at all, or too much; UnknownError for a sentence that is none.
    """
    said = {each.id: each.text for each in draft.statements}
    if marks.keys() - said.keys():
        raise UnknownError
    made = tuple(
        Mark(key, said[key], clean(why, f"mark-{key}")) for key, why in marks.items() if why.strip()
    )
    if not made and not reason.strip():
        raise StateError(
            "say what needs changing: of a sentence, or of the note as a whole", field="reason"
        )
    return encode_returned(Returned(clean(reason, "reason") if reason.strip() else "", made))
