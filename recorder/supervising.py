"""Supervision lies in the worker's own record, wherever its recording came in.

What is said there of the worker must be out of reach of whoever may see a young person's case. Only
what was made for one young person out of it lies in a case.
"""

from __future__ import annotations

import logging

from recorder.around import SUPERVISION
from store.audit import SYSTEM
from store.errors import StoreError
from store.notes import Note, is_own
from store.store import Store

log = logging.getLogger(__name__)

ONE_MEMBERS = "of_group"
"""The decision that a note was made for one young person, out of one about several."""

SIGNED, DISAGREED = "signed", "disagreed"
"""The decisions of the two: that this version stands, and that the worker sees it otherwise."""


def is_supervision(store: Store, note: Note) -> bool:
    """Whether a note is a supervision's own, and not one young person's that was made out of it."""
    if note.kind != SUPERVISION:
        return False
    return all(entry.kind != ONE_MEMBERS for entry in store.notes.decisions(note.id))


def signed_by(store: Store, note: Note) -> frozenset[str]:
    """Who signed the version of a supervision that stands."""
    entries = store.notes.decisions(note.id)
    found = (e.actor_id for e in entries if e.kind == SIGNED and e.number == note.number)
    return frozenset(found)


def file_away(store: Store, note_id: str) -> None:
    """Put the note of a supervision into its practitioner's own record, if it is not there."""
    note = store.notes.get(note_id)
    if note.kind != SUPERVISION or is_own(note):
        return
    try:
        store.assigning.file(note, store.own_records.of(note.practitioner_id), SYSTEM)
    except StoreError as error:  # `file_all` tries again
        reason = type(error).__name__
        log.error("supervision not filed", extra={"note": note.id, "reason": reason})  # noqa: TRY400 - a traceback may show paths


def file_all(store: Store) -> None:
    """Put every supervision that lies elsewhere where it belongs; one that fails keeps no other."""
    for note in store.own_records.astray(SUPERVISION, ONE_MEMBERS):
        file_away(store, note.id)
