"""Whose words are in a note. Who may approve it hangs on this."""

from __future__ import annotations

from collections.abc import Iterator

from recorder.codec import decode_draft
from recorder.correcting import made_in
from store.notes import Note
from store.records import ERASED
from store.store import Store

FILED = "filed"
"""The decision to file what was said in a recording again."""
FILED_FOR = "filed_for"
"""The decision whose supervision it is; its words are the id of who had it until then."""


def authors(store: Store, note: Note) -> list[str | None]:
    """Who wrote any of a note or of what went into it, by id; None stands for the machine.

    Whoever put words right in a recording before they were filed has written, too; so have those
    who recorded a supervision, or filed it for somebody else. TamperedError, ErasedError.
    """
    versions = store.notes.versions(note.id, note.number)
    earlier = decode_draft(versions[-1].payload).earlier
    found: list[str | None] = []
    for each in earlier:
        found.append(store.notes.get(each.note).practitioner_id)
        versions += store.notes.versions(each.note, each.number)
    found += [version.author_id for version in versions]
    filed = [version.created_at for version in versions if version.author_id is None]
    for note_id in {note.id, *(each.note for each in earlier)}:
        for entry in store.notes.decisions(note_id):
            if entry.kind == FILED:
                filed.append(entry.created_at)
            elif entry.kind == FILED_FOR:
                found += [entry.actor_id, entry.payload.decode()]
    return [*found, *_put_right(store, note, max(filed, default=0))]


def _put_right(store: Store, note: Note, until: int) -> Iterator[str]:
    """Who put words right in a note's recordings, until a moment (ms)."""
    for recording in store.recordings.of_note(note.id):
        made = made_in(store, recording.id) if recording.state != ERASED else ()
        yield from (each.by for each in made if each.text is not None and each.at <= until)
