"""From a transcript to a note: the note of its contact, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from recorder import correcting, filing, visits
from recorder.around import people_around
from recorder.clock import local, milliseconds
from recorder.codec import decode_draft, encode
from recorder.errors import TooLittleSpeech
from recorder.gaps import unheard, with_damage, with_gaps
from recorder.home import Home
from recorder.joining import began, joined
from recorder.languagemodel import language_model
from recorder.review.dividing import DIVIDED, MEMBERS, takes_more
from recorder.review.states import State
from recorder.visits import Visit
from recorder.whose import voices_named, with_doubts
from store.errors import ConflictError
from store.notes import Note, is_own
from store.records import Recording
from store.session import Connection
from store.store import Store
from templates import note_type
from transcribe.doubts import enough
from transcribe.draft import from_transcript
from transcribe.draft.llm import reworded
from transcribe.model import Contact, Draft, Origin, Source, Statement, Told, Transcript

MINUTE_MS = 60 * 1000
_CLOSED = {"submitted", DIVIDED, MEMBERS}  # decisions after which nothing is put into a note


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft and where it goes: on top of `onto`, or into a note of its own."""

    draft: Draft
    new: Note  # id and number are given when it is stored
    notes: int  # how many the case had when the note of the contact was looked for
    onto: Note | None = None


def compose(
    home: Home, recording: Recording, between: Callable[[], None] | None = None
) -> Composed:
    """The draft that `recording` leads to; `between` is called before each question to a model.

    Raises TooLittleSpeech where hardly a word was surely said, and nobody has put that right.
    """
    before = _count(home.store, recording)
    if recording.kind == "picture":
        made, at = _pictured(home, recording)
    else:
        made, at = _told(home, recording, between)
    found = _note_of_contact(home, recording, made, at)
    new = _new_note(recording, made.kind, at)
    if found is None:
        return Composed(made, new, before)
    onto, so_far = found
    if recording.kind == "picture":  # that it was taken then says nothing of who was seen where
        made = replace(made, contact=Contact(), told=())
    return Composed(joined(so_far, made), new, before, onto)


def keep(store: Store, connection: Connection, composed: Composed) -> str:
    """Store what was composed, within the caller's transaction; the note's id.

    Raises ConflictError if another recording of the case began a note meanwhile: it may be the one
    of this contact, so look again.
    """
    payload, case_id = encode(composed.draft), composed.new.case_id
    if composed.onto is not None:
        store.notes.add_version(connection, composed.onto, payload, None, composed.onto.state)
        return composed.onto.id
    if case_id is not None and store.grouping.notes(connection, case_id) != composed.notes:
        raise ConflictError(f"case {case_id} has another note now")
    return store.notes.create(connection, composed.new, payload, None)


def _count(store: Store, recording: Recording) -> int:
    if recording.case_id is None:
        return 0
    with store.database.read() as connection:
        return store.grouping.notes(connection, recording.case_id)


def _told(
    home: Home, recording: Recording, between: Callable[[], None] | None = None
) -> tuple[Draft, int]:
    settings = home.settings
    if not enough(_said(home.store, recording)):
        raise TooLittleSpeech
    kind = recording.note_kind or settings.default_kind
    made, at = told(home.store, recording, kind, settings.timezone)
    model = language_model(settings, between)
    if model is not None:
        people = people_around(home.store, recording)
        day = local(recording.recorded_at, settings.timezone).date()
        made = reworded(made, model, people, day, recording.id)
    return made, at


def told(store: Store, recording: Recording, kind: str, timezone: str) -> tuple[Draft, int]:
    """What was heard, under the headings of `kind`, and when the contact was (ms).

    TamperedError, ErasedError.
    """
    heard = _said(store, recording)
    made_at = local(recording.recorded_at, timezone)
    people = people_around(store, recording)
    whose = voices_named(heard, people)
    heard = whose.transcript
    made = filing.filed(
        from_transcript(recording.id, heard, None),
        note_type(kind),
        people,
        made_at,
    )
    made = with_doubts(made, whose)
    film = store.captures.film(recording.id)
    filed = with_damage(made.statements, recording.id, heard.damaged)
    filed = with_gaps(filed, film, heard.duration_ms)
    made = replace(made, statements=(*filed, *unheard(recording.id, heard.unheard)))
    at = milliseconds(began(made.contact, made_at), timezone)
    return replace(made, told=(Told(recording.id, at, made.contact),)), at


def _said(store: Store, recording: Recording) -> Transcript:
    """What was heard, as people left it."""
    heard = correcting.heard(store, recording.id)
    if heard is None:  # the state says it was transcribed
        raise LookupError(f"recording {recording.id} has no transcript")
    return heard


def _pictured(home: Home, recording: Recording) -> tuple[Draft, int]:
    """That there is a picture: nobody says what is on it."""
    taken = local(recording.recorded_at, home.settings.timezone)
    statement = Statement(
        id=f"p{recording.id[:8]}",
        section="what_happened",
        text=f"A picture was added, taken on {taken:%-d %B %Y} at {taken:%H:%M}.",
        origin=Origin.MACHINE,
        speaker=None,
        sources=(Source(recording=recording.id),),
    )
    kind, at = note_type(recording.note_kind or home.settings.default_kind), recording.recorded_at
    contact = Contact(date=taken.date())
    told = (Told(recording.id, at, contact),)
    return Draft(kind.key, contact, (statement,), template=kind.sha256, told=told), at


def _note_of_contact(
    home: Home, recording: Recording, made: Draft, at: int
) -> tuple[Note, Draft] | None:
    """The note it was recorded into, else the nearest of its contact not yet handed in; its words."""
    wished = _wished(home.store, recording)
    if wished is not None:
        return wished
    film = home.store.captures.film(recording.id)
    if any(part.capture.late_for is not None for part in film):
        return None  # it says of itself that the rest of its film is in another note
    own = visits.of_recording(recording, made.contact, at, _paths(home.store, recording))
    gap = home.settings.contact_gap_minutes * MINUTE_MS
    near = [
        (distance, note, so_far)
        for note, so_far, visit in _open_notes(home.store, recording, made.kind)
        if (distance := visits.apart(own, visit, gap)) is not None
    ]
    best = min(near, key=lambda each: (each[0], each[1].created_at), default=None)
    return None if best is None else best[1:]


def _wished(store: Store, recording: Recording) -> tuple[Note, Draft] | None:
    """The note that its maker recorded it into, while it may change and lies in the same record."""
    onto = store.recordings.details(recording.id).onto
    if not onto:
        return None
    note = store.notes.get(onto)
    same = (note.scope, note.practitioner_id) == (recording.scope, recording.practitioner_id)
    if not same or not takes_more(store, note):
        return None
    return note, decode_draft(store.notes.version(note.id, note.number).payload)


def _open_notes(
    store: Store, recording: Recording, kind: str
) -> Iterator[tuple[Note, Draft, Visit]]:
    """Notes that a recording may go into: its case's or own record's, and practitioner's, of its kind.

    What was once handed in to a supervisor is never changed by what comes later, nor is a note that
    was divided, or made by that: what comes later is about several young people again.
    """
    if recording.case_id is None and not is_own(recording):
        return
    by_note = store.grouping.within(recording.scope)
    for note in store.notes.all(State.DRAFT.value, scope=recording.scope):
        if note.practitioner_id != recording.practitioner_id:
            continue
        if note.kind != kind and not (recording.kind == "picture" and recording.note_kind is None):
            continue
        if any(entry.kind in _CLOSED for entry in store.notes.decisions(note.id)):
            continue
        so_far = decode_draft(store.notes.version(note.id, note.number).payload)
        of_note = by_note.get(note.id, [])
        paths = [path for each in of_note for path in _paths(store, each)]
        yield note, so_far, visits.of_note(note, so_far, of_note, paths)


def _paths(store: Store, recording: Recording) -> list[str]:
    return [path for path, _ in store.journal.sources(recording.id)]


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
