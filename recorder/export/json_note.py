"""The JSON of one note, for a council's loader. `schema/note.schema.json` is made from here.

The text fields hold exactly what was approved; `mosaic.note` is the same note as plain text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recorder.export.body import body
from recorder.export.errors import ExportRefused
from recorder.export.model import Approved, Reply
from recorder.export.text import local
from transcribe.model import Action, Origin, Source, Statement

FORMAT = 2
"""Raised when a reader of the old format would misread the new one."""

Count = Annotated[int, Meta(ge=0)]
Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Moment = Annotated[dt.datetime, Meta(tz=True)]
MosaicNote = Annotated[str, Meta(pattern="^[0-9]{1,12}$")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Unknown fields are errors: a loader must not lose what it does not know."""


PersonId = Annotated[str, Meta(pattern="^[0-9]{1,9}$")]
NoteType = Annotated[str, Meta(min_length=1, max_length=16)]
Title = Annotated[str, Meta(min_length=1, max_length=100)]
Username = Annotated[str, Meta(min_length=1, max_length=30)]


class MosaicFields(_Part, frozen=True):
    """Mosaic's own columns, in its lengths."""

    person_id: PersonId
    note_type: NoteType
    title: Title
    effective_date: dt.date
    note: Annotated[str, Meta(min_length=1)]
    significant_event: bool
    created_by: Username
    entry: Literal["note", "appendment"]  # an appendment is added to its note, and replaces nothing
    appends_to: MosaicNote | None  # that note's id in Mosaic, where it is known


class ContactPart(_Part, frozen=True):
    """The facts of the contact; null means that it was not said."""

    date: dt.date
    start_time: Clock | None
    end_time: Clock | None
    method: str | None
    place: str | None
    present: tuple[str, ...]
    seen: bool | None
    seen_alone: bool | None


class SourcePart(_Part, frozen=True):
    """What a statement stands on; times in milliseconds from the start of the recording."""

    recording: str | None
    start_ms: Count | None
    end_ms: Count | None
    typed_by: str | None


class AnswerPart(_Part, frozen=True):
    """What somebody on the staff answered the young person."""

    text: str
    at: Moment
    name: str
    outcome: Annotated[
        str, Meta(pattern="^(|changed|beside|appended)$")
    ]  # what came of it, if that was said


class ReplyPart(_Part, frozen=True):
    """What the young person says of the note, in their words; `statement` names the sentence it is about.

    null: it is about all of it, or that sentence is not in this version; `about` has its words then.
    """

    text: str
    at: Moment
    name: str
    kind: Annotated[str, Meta(pattern="^(right|not right|add|keep back)$")]
    statement: str | None
    about: str | None
    answers: tuple[AnswerPart, ...]


class StatementPart(_Part, frozen=True):
    """One sentence, with whose words it is and who put it into the note."""

    id: str
    section: str
    text: str
    origin: Origin
    speaker: str | None
    sources: tuple[SourcePart, ...]
    disagreements: tuple[ReplyPart, ...]  # how the young person sees it; in `replies`, too


class ActionPart(_Part, frozen=True):
    """Something somebody is to do."""

    what: str
    who: str | None
    due: dt.date | None
    sources: tuple[SourcePart, ...]


class PicturePart(_Part, frozen=True):
    """A picture that the note's document shows."""

    recording: str
    caption: str
    sha256: Sha256  # of the JPEG


class ApprovalPart(_Part, frozen=True):
    """Who approved this exact version."""

    by: str
    at: Moment


class NoteFile(_Part, frozen=True):
    """One approved note."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)]
    note_id: str
    version: Annotated[int, Meta(ge=1)]
    kind: str
    case: str
    person: str
    worker: str
    approved: ApprovalPart
    mosaic: MosaicFields
    contact: ContactPart
    statements: tuple[StatementPart, ...]
    actions: tuple[ActionPart, ...]
    quotes: tuple[str, ...]
    replies: tuple[ReplyPart, ...]
    pictures: tuple[PicturePart, ...]


def json_bytes(note: Approved) -> bytes:
    """The JSON file of a note that `validate` accepted: UTF-8, indented, one line end last.

    Raises:
        ExportRefused: the note passed every rule and still does not fit the documented format.
    """
    written = msgspec.json.format(msgspec.json.encode(_file(note)), indent=2) + b"\n"
    try:
        msgspec.json.decode(written, type=NoteFile)  # nothing leaves that our own schema refuses
    except msgspec.ValidationError as error:  # it names a field and a type, never a value
        reason = "The note does not fit the documented format: return it for correction."
        raise ExportRefused(note.note_id, note.version, (reason,)) from error
    return written


def _file(note: Approved) -> NoteFile:
    draft = note.draft
    return NoteFile(
        format=FORMAT,
        note_id=note.note_id,
        version=note.version,
        kind=note.kind,
        case=note.case_ref,
        person=note.person_name,
        worker=note.worker_name,
        approved=ApprovalPart(by=note.approved_by, at=local(note.approved_at)),
        mosaic=_mosaic(note),
        contact=_contact(note),
        statements=tuple(_statement(note, statement) for statement in draft.statements),
        actions=tuple(_action(action) for action in draft.actions),
        quotes=draft.quotes,
        replies=tuple(map(_reply, note.replies)),
        pictures=tuple(
            PicturePart(p.recording_id, p.caption, hashlib.sha256(p.jpeg).hexdigest())
            for p in note.pictures
        ),
    )


def _day(note: Approved) -> dt.date:
    if note.contact_date is None:
        raise ValueError("a note without a contact date is refused before it is written")
    return note.contact_date


def _mosaic(note: Approved) -> MosaicFields:
    return MosaicFields(
        person_id=note.person_id,
        note_type=note.note_type,
        title=note.title,
        effective_date=_day(note),
        note=body(note),
        significant_event=note.significant_event,
        created_by=note.worker_username,
        entry="appendment" if note.appendment else "note",
        appends_to=(note.appendment.to or None) if note.appendment else None,
    )


def _contact(note: Approved) -> ContactPart:
    said = note.draft.contact
    return ContactPart(
        date=_day(note),
        start_time=said.start_time,
        end_time=said.end_time,
        method=said.method,
        place=said.place,
        present=said.present,
        seen=said.seen,
        seen_alone=said.seen_alone,
    )


def _reply(reply: Reply) -> ReplyPart:
    return ReplyPart(
        text=reply.text,
        at=local(reply.at),
        name=reply.name,
        kind=reply.kind,
        statement=reply.statement or None,
        about=reply.about or None,
        answers=tuple(
            AnswerPart(text=each.text, at=local(each.at), name=each.name, outcome=each.outcome)
            for each in reply.answers
        ),
    )


def _statement(note: Approved, statement: Statement) -> StatementPart:
    return StatementPart(
        id=statement.id,
        section=statement.section,
        text=statement.text,
        origin=statement.origin,
        speaker=statement.speaker,
        sources=tuple(_source(source) for source in statement.sources),
        disagreements=tuple(
            _reply(each)
            for each in note.replies
            if each.disagrees and each.statement == statement.id
        ),
    )


def _action(action: Action) -> ActionPart:
    sources = tuple(_source(source) for source in action.sources)
    return ActionPart(what=action.what, who=action.who, due=action.due, sources=sources)


def _source(source: Source) -> SourcePart:
    return SourcePart(
        recording=source.recording,
        start_ms=source.start_ms,
        end_ms=source.end_ms,
        typed_by=source.typed_by,
    )
