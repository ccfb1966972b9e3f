"""Supervision lies in the worker's own record, wherever its recording came in.

What is said there of the worker must be out of reach of whoever may see a young person's case. Only
what was made for one young person out of it lies in a case.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

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
    return note.kind == SUPERVISION and not is_part(store, note)


def is_part(store: Store, note: Note) -> bool:
    """Whether a note was made for one young person, out of one about several."""
    return any(entry.kind == ONE_MEMBERS for entry in store.notes.decisions(note.id))


def signed_by(store: Store, note: Note) -> frozenset[str]:
    """Who signed the version of a supervision that stands."""
    entries = store.notes.decisions(note.id)
    found = (e.actor_id for e in entries if e.kind == SIGNED and e.number == note.number)
    return frozenset(found)


def file_away(store: Store, note_id: str) -> bool:
    """Put the note of a supervision into its practitioner's own record; False if that failed."""
    try:
        note = store.notes.get(note_id)
        if note.kind == SUPERVISION and not is_own(note):
            store.assigning.file(note, store.own_records.of(note.practitioner_id), SYSTEM)
    except StoreError as error:  # `file_all` tries again
        reason = type(error).__name__
        log.error("supervision not filed", extra={"note": note_id, "reason": reason})  # noqa: TRY400 - a traceback may show paths
        return False
    return True


def file_all(store: Store, workers: Collection[str] | None = None) -> list[str]:
    """Put every supervision that lies elsewhere where it belongs, or those of some workers (ids).

    One that fails keeps no other; the ids of those.
    """
    return [
        note.id
        for note in store.own_records.astray(SUPERVISION, ONE_MEMBERS)
        if (workers is None or note.practitioner_id in workers) and not file_away(store, note.id)
    ]
