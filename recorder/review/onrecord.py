"""What goes on no young person's record: the worker's own, whoever writes it and by whatever way."""

from __future__ import annotations

from recorder.errors import StateError
from recorder.supervising import is_supervision
from store.notes import Note
from store.store import Store
from templates import staff_only
from transcribe.model import Draft

ON_RECORD = "this note is on a young person's record, where nothing of the worker's own may stand"


def is_on_record(note: Note, *, own: bool) -> bool:
    """Whether a note lies, or is to lie, on a young person's record; `own`: it is a supervision."""
    return note.case_id is not None or not own


def require_off_record(store: Store, note: Note, before: Draft, after: Draft) -> None:
    """StateError if `after` has more under the headings of the worker's own than their record may.

    What stood there in `before` stops no other change: it can be read, and taken out.
    """
    private = staff_only()
    there = {(each.id, each.section) for each in before.statements}
    come = {(each.id, each.section) for each in after.statements if each.section in private}
    if come - there and is_on_record(note, own=is_supervision(store, note)):
        raise StateError(ON_RECORD)
