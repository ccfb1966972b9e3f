"""What people put right in transcripts, read from the store for whoever needs the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recorder.codec import decode_correction, decode_transcript
from store.numbered import Numbered
from store.store import Store
from transcribe.corrected import Change, Correction, changes, corrected, put_right, stands_on
from transcribe.model import Check, Draft, Statement, Transcript
from transcribe.naming import as_named

CODE = "corrected"
"""Of the check on a statement whose words were put right after it was filed."""

MOST = 100
"""Words that `corrections_of` gives at most."""


def heard(store: Store, recording_id: str) -> Transcript | None:
    """What was said in a recording as people left it; None until it was written down.

    TamperedError, ErasedError.
    """
    found = both(store, recording_id)
    return found[1] if found else None


def both(store: Store, recording_id: str) -> tuple[Transcript, Transcript] | None:
    """What was said as the machine wrote it, and as people left it: segment by segment. As `heard`."""
    payload = store.recordings.transcript(recording_id)
    if payload is None:
        return None
    first, made = decode_transcript(payload), made_in(store, recording_id)
    return first, as_named(corrected(first, made), made)


def made_in(store: Store, recording_id: str) -> list[Correction]:
    """All corrections of a recording's words, oldest first; TamperedError."""
    return [_correction(each) for each in store.corrections.of(recording_id)]


def changes_in(store: Store, recording_ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """What of each recording's words was put right, for those of which any was."""
    found: dict[str, tuple[Change, ...]] = {}
    for recording_id in recording_ids:
        made = made_in(store, recording_id)
        payload = store.recordings.transcript(recording_id) if made else None
        if payload is not None:
            found[recording_id] = changes(decode_transcript(payload), made)
    return found


def corrections_of(store: Store, case_id: str) -> Sequence[str]:
    """The words that people put in place of misheard ones in a case's recordings, newest first.

    Each once, and of no recording that somebody took their agreement back from. They are content: for the speech engine's ear, never for a log.
    """
    words: dict[str, None] = {}
    for recording_id in store.corrections.recordings_of(case_id):
        payload = store.recordings.transcript(recording_id)
        made = made_in(store, recording_id)
        found = () if payload is None else put_right(decode_transcript(payload), made)
        newest = sorted(found, key=lambda word: word.at, reverse=True)
        words |= dict.fromkeys(word.text.strip(".,;:!?") for word in newest)
    return [word for word in words if word][:MOST]


def looked_at_again(store: Store, draft: Draft, recording_ids: Sequence[str]) -> Draft:
    """The draft with a check on every statement whose words somebody put right in the recording."""
    found = changes_in(store, recording_ids)
    if not found:
        return draft
    names = {
        change.words.by: store.people.get(change.words.by).name
        for each in found.values()
        for change in each
    }
    return replace(
        draft, statements=tuple(_flagged(each, found, names) for each in draft.statements)
    )


def _flagged(
    statement: Statement, found: Mapping[str, Sequence[Change]], names: Mapping[str, str]
) -> Statement:
    standing = [stands_on(statement, recording, each) for recording, each in found.items()]
    change = next((each for each in standing if each is not None), None)
    if change is None or any(each.code == CODE for each in statement.checks):
        return statement
    message = f"The words this stands on were put right by {names[change.words.by]}: look again."
    return replace(statement, checks=(*statement.checks, Check(CODE, "look", message)))


def _correction(entry: Numbered) -> Correction:
    return replace(decode_correction(entry.payload), by=entry.actor_id, at=entry.created_at)
