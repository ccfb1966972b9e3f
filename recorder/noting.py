"""From a transcript to a note: a new one for a voice, the visit's own for a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time

from recorder.clock import local, milliseconds
from recorder.codec import decode_draft, decode_transcript, encode
from recorder.gaps import with_gaps
from recorder.hearing import people_around
from recorder.home import Home
from recorder.review.states import State
from store.notes import Note
from store.records import Recording
from store.session import Connection
from store.store import Store
from templates import note_type
from transcribe.draft import draft, from_transcript
from transcribe.model import Contact, Draft, Origin, Source, Statement

VISIT_MS = 3 * 60 * 60 * 1000
"""A picture taken this near to a contact belongs to it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft and where it goes: on top of `onto`, or into a note of its own."""

    draft: Draft
    new: Note  # id and number are given when it is stored
    onto: Note | None = None


def compose(home: Home, recording: Recording) -> Composed:
    """The draft that `recording` leads to."""
    if recording.kind == "picture":
        return _with_picture(home, recording)
    payload = home.store.recordings.transcript(recording.id)
    if payload is None:  # the state says it was transcribed
        raise LookupError(f"recording {recording.id} has no transcript")
    made_at = local(recording.recorded_at, home.settings.timezone)
    heard = decode_transcript(payload)
    made = draft(
        from_transcript(recording.id, heard, None),
        note_type(recording.note_kind or home.settings.default_kind),
        people_around(home, recording),
        made_at,
    )
    film = home.store.captures.film(recording.id)
    made = replace(made, statements=with_gaps(made.statements, film, heard.duration_ms))
    moment = milliseconds(_contact_moment(made.contact, made_at), home.settings.timezone)
    return Composed(made, _new_note(recording, made.kind, moment))


def keep(store: Store, connection: Connection, composed: Composed) -> str:
    """Store what was composed, within the caller's transaction; the note's id."""
    payload = encode(composed.draft)
    if composed.onto is None:
        return store.notes.create(connection, composed.new, payload, None)
    store.notes.add_version(connection, composed.onto, payload, None, composed.onto.state)
    return composed.onto.id


def _with_picture(home: Home, recording: Recording) -> Composed:
    taken = local(recording.recorded_at, home.settings.timezone)
    statement = Statement(
        id=f"p{recording.id[:8]}",
        section="what_happened",
        text=f"A picture was added, taken on {taken:%-d %B %Y} at {taken:%H:%M}.",
        origin=Origin.MACHINE,
        speaker=None,
        sources=(Source(recording=recording.id),),
    )
    onto = _note_of_visit(home.store, recording)
    if onto is not None:
        before = decode_draft(home.store.notes.version(onto.id, onto.number).payload)
        after = replace(before, statements=(*before.statements, statement))
        return Composed(after, onto, onto)
    kind = note_type(recording.note_kind or home.settings.default_kind)
    alone = Draft(kind.key, Contact(date=taken.date()), (statement,), template=kind.sha256)
    return Composed(alone, _new_note(recording, kind.key, recording.recorded_at))


def _note_of_visit(store: Store, recording: Recording) -> Note | None:
    """The nearest note still being written of the same case and practitioner, if near enough."""
    near = [
        (abs(note.contact_at - recording.recorded_at), note)
        for note in store.notes.all(State.DRAFT.value, case_id=recording.case_id)
        if recording.case_id is not None and note.practitioner_id == recording.practitioner_id
    ]
    best = min(near, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] <= VISIT_MS else None


def _new_note(recording: Recording, kind: str, contact_at: int) -> Note:
    return Note(
        id="",
        scope=recording.scope,
        case_id=recording.case_id,
        practitioner_id=recording.practitioner_id,
        kind=kind,
        state=State.DRAFT.value,
        number=0,
        contact_at=contact_at,
        created_at=0,
    )


def _contact_moment(contact: Contact, recorded_at: datetime) -> datetime:
    """When the contact was: as said, else when the recording was made."""
    if contact.date is None:
        return recorded_at
    clock = time.fromisoformat(contact.start_time) if contact.start_time else recorded_at.time()
    return datetime.combine(contact.date, clock, recorded_at.tzinfo)
