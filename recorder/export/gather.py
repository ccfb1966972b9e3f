"""What has still to leave of approved notes, gathered from the store: whole notes, and what is added to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from recorder.clock import local
from recorder.codec import decode_draft
from recorder.errors import MediaError
from recorder.export import passing
from recorder.export.appending import changes
from recorder.export.body import body
from recorder.export.codes import codes
from recorder.export.errors import ExportRefused
from recorder.export.model import (
    Answered,
    Appendment,
    Approved,
    Change,
    PictureFile,
    Refused,
    Reply,
)
from recorder.export.passing import Way, marks_of
from recorder.home import Home
from recorder.pictures import shown
from recorder.review.states import State
from recorder.review.theirs import Theirs, beside
from store.derived import COPY, STRAIGHTENED
from store.errors import TamperedError
from store.notes import Entry, Note
from store.outward import APPENDED, LEFT, Passing
from store.records import Recording
from store.store import Store
from templates import note_type, note_type_keys
from transcribe.model import Described, Draft

PACK, SCREEN = "pack", "screen"
"""Ways in which something leaves."""

_DAMAGED = (
    "part of its record does not open as it was written, so nobody can say what it was: keep this"
    " home as it is, and restore a backup beside it"
)
_NO_TYPE = (
    "the file of its note type is not here any more, so nobody can say what Mosaic calls it: put"
    " the file back into the 'note_types' folder, then export again"
)
_BEGUN = (
    "{who} has begun to paste it into Mosaic, so a file of it would put it there twice: enter the"
    " Mosaic note id on its page under 'To Mosaic', or say there that it was not pasted"
)
_FALLBACK_CAPTION = "Picture kept with this note"


def waiting(home: Home, *, restricted: bool = False) -> tuple[list[Approved], tuple[Refused, ...]]:
    """What has not left the house of approved notes, oldest contact first; what cannot, and why.

    A note that has not left is whole; of one that has, what is new, as an appendment. Of restricted
    cases, or of all others: whoever files a pack may not know of those.
    """
    shut = home.store.circles.restricted()
    found: list[Approved] = []
    refused: list[Refused] = []
    words = home.store.notes.last_words()
    for note in home.store.notes.unsent(State.APPROVED.value):
        if (note.case_id in shut) is not restricted:
            continue
        try:
            whole = passing.way(home.store, note.id)  # none of its entries is missing or damaged
            if not may_wait(note, whole, words):
                continue
            if each := due(home.store, home.settings.timezone, note, whole):
                require_untouched(home.store, note, whole)
                found.append(replace(each, entries=whole.entries))
        except ExportRefused as error:
            refused.append(Refused(note.id, note.number, error.reasons))
        except TamperedError:
            refused.append(Refused(note.id, note.number, (_DAMAGED,)))
        except MediaError as error:  # a picture of it cannot be shown
            refused.append(Refused(note.id, note.number, (error.sentence,)))
    return found, tuple(refused)


def held_back(home: Home) -> int:
    """How many approved notes of restricted cases have something that has not left the house."""
    shut = home.store.circles.restricted()
    zone = home.settings.timezone
    words = home.store.notes.last_words()
    unsent = home.store.notes.unsent(State.APPROVED.value)
    mine = (note for note in unsent if note.case_id in shut)
    return sum(_has_something(home.store, zone, note, words) for note in mine)


def _has_something(store: Store, zone: str, note: Note, words: Mapping[str, int]) -> bool:
    with suppress(TamperedError, MediaError, ExportRefused):
        way = passing.way(store, note.id)
        return may_wait(note, way, words) and due(store, zone, note, way) is not None
    return True


def may_wait(note: Note, way: Way, words: Mapping[str, int]) -> bool:
    """Whether something of a note may have to leave; `words` as `Notes.last_words`."""
    if not way.version or note.number > way.version:
        return True
    return words.get(note.id, 0) > way.heard_at


def require_untouched(store: Store, note: Note, way: Way) -> None:
    """ExportRefused while somebody pastes the note: it would stand in Mosaic twice."""
    if way.begun is not None:
        who = store.people.get(way.begun.actor_id).name
        raise ExportRefused(note.id, note.number, (_BEGUN.format(who=who),))


def due(
    store: Store, zone: str, note: Note, way: Way, only: Collection[str] | None = None
) -> Approved | None:
    """What has still to leave of an approved note, whole or as an appendment; None for nothing.

    `only`: marks of what the young person says that may be in an appendment; by default all.
    ExportRefused, TamperedError, MediaError.
    """
    if note.kind not in note_type_keys():
        raise ExportRefused(note.id, note.number, (_NO_TYPE,))
    worker = store.people.get(note.practitioner_id)
    if missing := tuple(codes().missing(note.kind, worker.handle)):
        raise ExportRefused(note.id, note.number, missing)
    now = _approved(store, zone, note)
    return _appended(store, zone, note, now, way, only) if way.version else now


def entry_of(gone: Approved, by: str) -> tuple[str, Passing]:
    """What is kept of something that leaves."""
    text = body(gone) if gone.appendment else ""
    kind = APPENDED if gone.appendment else LEFT
    return kind, Passing(gone.version, text=text, said=gone.marks, by=by)


def _appended(
    store: Store, zone: str, note: Note, now: Approved, way: Way, only: Collection[str] | None
) -> Approved | None:
    """What is new since it left."""
    theirs = beside(store, note, now.draft)
    fresh_words = [each for each in theirs if each.said.taken_back is None and _is_new(each, way)]
    if only is not None:
        fresh_words = [each for each in fresh_words if set(marks_of(each)) & set(only)]
    replies = tuple(_since(store, zone, each, now, way) for each in fresh_words)
    marks = tuple(m for each in fresh_words for m in marks_of(each) if not way.has(m))
    found = _changed(store, zone, note, now, way) if note.number > way.version else ()
    if not replies and not found:
        return None
    since = store.notes.versions(note.id, note.number)[way.version :] if found else []
    by = dict.fromkeys(each.author_id for each in since if each.author_id)
    pictures = tuple(p for p in now.pictures if _came_since(store, p.recording_id, way))
    return replace(
        now,
        title=f"Appendment: {now.title}",
        replies=replies,
        marks=marks,
        pictures=pictures,
        appendment=Appendment(
            number=way.appended + 1,
            to=way.there,
            version=way.version,
            left_at=_moment(way.first_at),
            changed_by=tuple(store.people.get(each).name for each in by),
            changed_at=_moment(since[-1].created_at) if since else None,
            changes=found,
        ),
    )


def _changed(store: Store, zone: str, note: Note, now: Approved, way: Way) -> tuple[Change, ...]:
    old = decode_draft(store.notes.version(note.id, way.version).payload)
    day = old.contact.date or local(note.contact_at, zone).date()
    was = replace(now, draft=old, contact_date=day, significant_event=_is_significant(old))
    return changes(was, now)


def _is_significant(draft: Draft) -> bool:
    """As a person said; where nobody did, it is not."""
    return draft.contact.significant is True


def _is_new(theirs: Theirs, way: Way) -> bool:
    return not all(way.has(mark) for mark in marks_of(theirs))


def _since(store: Store, zone: str, theirs: Theirs, now: Approved, way: Way) -> Reply:
    """What they say, or, where that went along before, the answers since."""
    whole = replace(_reply(store, zone, theirs, now.person_name), statement="")
    words, *answers = marks_of(theirs)
    if not way.has(words):
        return whole
    new = zip(whole.answers, answers, strict=True)
    return replace(whole, text="", gone=True, answers=tuple(a for a, m in new if not way.has(m)))


def _came_since(store: Store, recording_id: str, way: Way) -> bool:
    return store.recordings.get(recording_id).received_at > way.left_at


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _approved(store: Store, zone: str, note: Note) -> Approved:
    if note.case_id is None:
        raise LookupError(f"note {note.id} was approved without a case")
    case = store.cases.get(note.case_id)
    draft = decode_draft(store.notes.version(note.id, note.number).payload)
    worker = store.people.get(note.practitioner_id)
    approval = _approval(store, note)
    kind = note_type(note.kind)
    theirs = [each for each in beside(store, note, draft) if each.said.taken_back is None]
    contact_date = draft.contact.date or local(note.contact_at, zone).date()
    return Approved(
        note_id=note.id,
        version=note.number,
        kind=note.kind,
        person_id=case.details.mosaic_id,
        person_name=case.details.name,
        case_ref=case.details.ref,
        title=f"{kind.title}, {contact_date:%-d %B %Y}",
        note_type=codes().note_types[note.kind],
        contact_date=contact_date,
        significant_event=_is_significant(draft),
        worker_username=codes().username(worker.handle),
        worker_name=worker.name,
        approved_by=store.people.get(approval.actor_id).name,
        approved_at=datetime.fromtimestamp(approval.created_at / 1000, UTC),
        draft=draft,
        replies=_replies(store, zone, theirs, case.details.name),
        pictures=_pictures(store, note, draft),
        marks=tuple(mark for each in theirs for mark in marks_of(each)),
    )


def _approval(store: Store, note: Note) -> Entry:
    found = [entry for entry in store.notes.decisions(note.id) if entry.kind == "approved"]
    if not found or found[-1].number != note.number:
        raise LookupError(f"note {note.id} has no approval of version {note.number}")
    return found[-1]


def _replies(store: Store, zone: str, theirs: Iterable[Theirs], name: str) -> tuple[Reply, ...]:
    """What they say, but for what they took back."""
    return tuple(_reply(store, zone, each, name) for each in theirs)


def _reply(store: Store, zone: str, theirs: Theirs, name: str) -> Reply:
    said = theirs.said
    return Reply(
        text=said.saying.words,
        at=local(said.at, zone),
        name=name,
        kind=said.saying.kind,
        about=theirs.about,
        statement=theirs.statement,
        answers=tuple(
            Answered(
                each.words,
                local(each.at, zone),
                store.people.get(each.actor_id).name,
                each.outcome,
            )
            for each in said.answers
        ),
    )


def _pictures(store: Store, note: Note, draft: Draft) -> tuple[PictureFile, ...]:
    found = store.recordings.of_note(note.id)
    kept = [r for r in found if r.kind == "picture" and r.is_there]
    return tuple(_picture(store, each, draft) for each in kept)


def _picture(store: Store, recording: Recording, draft: Draft) -> PictureFile:
    captions = [
        statement.text
        for statement in draft.statements
        if any(source.recording == recording.id for source in statement.sources)
    ]
    described = draft.described(recording.id)
    jpeg = shown(store, recording, STRAIGHTENED if described.straightened else COPY)
    said = caption(described)
    return PictureFile(recording.id, jpeg, said or (captions[0] if captions else _FALLBACK_CAPTION))


def caption(described: Described) -> str:
    """What stands under a picture, in the words of those who said it; empty when nobody did."""
    words = f"In their own words: “{described.caption}”." if described.caption else ""
    drawn = f"Drawn by {described.drawn_by}." if described.drawn_by else ""
    title = described.title if described.title.endswith((".", "!", "?")) else f"{described.title}."
    return " ".join(each for each in (title if described.title else "", words, drawn) if each)
