"""Approved and not yet exported notes, gathered from the store for a pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from recorder.clock import local
from recorder.codec import decode_draft
from recorder.errors import MediaError
from recorder.export.model import Answered, Approved, Pack, PictureFile, Refused, Reply
from recorder.export.pack import write_pack
from recorder.home import Home
from recorder.pictures import shown
from recorder.review.states import State
from recorder.review.theirs import Theirs, beside
from store.cases import Case
from store.derived import COPY, STRAIGHTENED
from store.errors import TamperedError
from store.notes import Entry, Note
from store.records import WITHDRAWN, Recording
from templates import note_type, note_type_keys
from transcribe.model import Described, Draft

_DAMAGED = (
    "part of its record does not open as it was written, so nobody can say what it was: keep this"
    " home as it is, and restore a backup beside it"
)
_NO_TYPE = (
    "the file of its note type is not here any more, so nobody can say what Mosaic calls it: put"
    " the file back into the 'note_types' folder, then export again"
)
_FALLBACK_CAPTION = "Picture kept with this note"


def waiting(home: Home, *, restricted: bool = False) -> tuple[list[Approved], tuple[Refused, ...]]:
    """Approved versions that have not left the house, oldest contact first; what cannot, and why.

    Of restricted cases, or of all others: whoever files a pack may not know of those.
    """
    shut = home.store.circles.restricted()
    fresh = [n for n in _fresh(home) if (n.case_id in shut) is restricted]
    found: list[Approved] = []
    refused: list[Refused] = []
    for note in fresh:
        if note.kind not in note_type_keys():
            refused.append(Refused(note.id, note.number, (_NO_TYPE,)))
            continue
        try:
            found.append(_approved(home, note))
        except TamperedError:
            refused.append(Refused(note.id, note.number, (_DAMAGED,)))
        except MediaError as error:  # a picture of it cannot be shown
            refused.append(Refused(note.id, note.number, (error.sentence,)))
    return found, tuple(refused)


def held_back(home: Home) -> int:
    """How many approved notes of restricted cases have not left the house."""
    shut = home.store.circles.restricted()
    return sum(note.case_id in shut for note in _fresh(home))


def _fresh(home: Home) -> list[Note]:
    notes = home.store.notes.all(State.APPROVED.value)
    return [n for n in notes if n.number not in home.store.notes.exported_versions(n.id)]


def export(home: Home, to: Path, actor: str, *, restricted: bool = False) -> Pack | None:
    """Write a pack of what waits and remember what went; None when nothing waits.

    For one process at a time: whoever gathers meanwhile finds the same notes waiting.
    """
    notes, refused = waiting(home, restricted=restricted)
    if not notes and not refused:
        return None
    pack = write_pack(notes, to)
    pack = replace(pack, refused=pack.refused + refused)
    for written in pack.written:
        home.store.notes.exported(written.note_id, written.version, actor)
    return pack


def _approved(home: Home, note: Note) -> Approved:
    if note.case_id is None:
        raise LookupError(f"note {note.id} was approved without a case")
    case = home.store.cases.get(note.case_id)
    draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
    worker = home.store.people.get(note.practitioner_id)
    approval = _approval(home, note)
    kind = note_type(note.kind)
    contact_date = draft.contact.date or local(note.contact_at, home.settings.timezone).date()
    return Approved(
        note_id=note.id,
        version=note.number,
        kind=note.kind,
        person_id=case.details.mosaic_id,
        person_name=case.details.name,
        case_ref=case.details.ref,
        title=f"{kind.title}, {contact_date:%-d %B %Y}",
        note_type=kind.mosaic_code,
        contact_date=contact_date,
        significant_event=False,
        worker_username=worker.username or worker.handle,
        worker_name=worker.name,
        approved_by=home.store.people.get(approval.actor_id).name,
        approved_at=datetime.fromtimestamp(approval.created_at / 1000, UTC),
        draft=draft,
        replies=_replies(home, note, draft, case),
        pictures=_pictures(home, note, draft),
    )


def _approval(home: Home, note: Note) -> Entry:
    found = [entry for entry in home.store.notes.decisions(note.id) if entry.kind == "approved"]
    if not found or found[-1].number != note.number:
        raise LookupError(f"note {note.id} has no approval of version {note.number}")
    return found[-1]


def _replies(home: Home, note: Note, draft: Draft, case: Case) -> tuple[Reply, ...]:
    """What they say, but for what they took back."""
    found = beside(home.store, note, draft)
    return tuple(_reply(home, each, case) for each in found if each.said.taken_back is None)


def _reply(home: Home, theirs: Theirs, case: Case) -> Reply:
    said, zone = theirs.said, home.settings.timezone
    return Reply(
        text=said.saying.words,
        at=local(said.at, zone),
        name=case.details.name,
        kind=said.saying.kind,
        about=theirs.about,
        statement=theirs.statement,
        answers=tuple(
            Answered(
                each.words,
                local(each.at, zone),
                home.store.people.get(each.actor_id).name,
                each.outcome,
            )
            for each in said.answers
        ),
    )


def _pictures(home: Home, note: Note, draft: Draft) -> tuple[PictureFile, ...]:
    found = home.store.recordings.of_note(note.id)
    kept = [r for r in found if r.kind == "picture" and r.reason != WITHDRAWN]
    return tuple(_picture(home, each, draft) for each in kept)


def _picture(home: Home, recording: Recording, draft: Draft) -> PictureFile:
    captions = [
        statement.text
        for statement in draft.statements
        if any(source.recording == recording.id for source in statement.sources)
    ]
    described = draft.described(recording.id)
    jpeg = shown(home.store, recording, STRAIGHTENED if described.straightened else COPY)
    said = caption(described)
    return PictureFile(recording.id, jpeg, said or (captions[0] if captions else _FALLBACK_CAPTION))


def caption(described: Described) -> str:
    """What stands under a picture, in the words of those who said it; empty when nobody did."""
    words = f"In their own words: “{described.caption}”." if described.caption else ""
    drawn = f"Drawn by {described.drawn_by}." if described.drawn_by else ""
    title = described.title if described.title.endswith((".", "!", "?")) else f"{described.title}."
    return " ".join(each for each in (title if described.title else "", words, drawn) if each)
