"""Whether a note fits Mosaic. What does not fit is refused with the reason, never cut or altered.

The lengths are those of Mosaic's own columns; text is counted in UTF-16 units (see `text.length`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from recorder.export.codes import NOTE_TYPE_LENGTH, USERNAME_LENGTH
from recorder.export.errors import ExportRefused
from recorder.export.model import Answered, Approved, Change, PictureFile
from recorder.export.names import LONGEST_ENDING, LONGEST_NAME, safe_id, stem
from recorder.export.pictures import jpeg_size
from recorder.export.text import forbidden, length, local
from templates import note_type_keys, staff_only

TITLE_LENGTH = 100
PERSON_LENGTH = 9
PERSON_ID = re.compile(r"[0-9]{1,9}")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def validate(note: Approved, today: dt.date | None = None) -> None:
    """Refuse a note that Mosaic would not take as it is.

    Args:
        note: the approved note.
        today: the latest contact date allowed; by default today in the UK.

    Raises:
        ExportRefused: with every reason, in plain sentences that hold no content.
    """
    today = today or local(dt.datetime.now(dt.UTC)).date()
    checks = (
        _codes(note),
        _title(note),
        _dates(note, today),
        _approval(note),
        _content(note),
        _characters(note),
        _pictures(note.pictures),
        _file_name(note),
    )
    reasons = tuple(reason for check in checks for reason in check)
    if reasons:
        raise ExportRefused(note.note_id, note.version, reasons)


def _codes(note: Approved) -> Iterator[str]:
    yield from _short("note type code", note.note_type, NOTE_TYPE_LENGTH)
    yield from _short("worker's Mosaic username", note.worker_username, USERNAME_LENGTH)
    if not note.person_id:
        yield "The case has no Mosaic person id: add it to the case."
    elif not PERSON_ID.fullmatch(note.person_id) or not int(note.person_id):
        yield "The Mosaic person id must be a number of at most 9 digits: correct it in the case."
    if note.kind not in note_type_keys():
        yield "The kind of note is not one that this installation knows."
    if note.draft.kind != note.kind:
        yield "The kind of the note and the kind of its text differ: return it for correction."


def _title(note: Approved) -> Iterator[str]:
    yield from _short("title", note.title, TITLE_LENGTH)


def _short(what: str, value: str, longest: int) -> Iterator[str]:
    if not value.strip():
        yield f"The {what} is missing: add it."
    elif length(value) > longest:
        yield (f"The {what} has {length(value)} characters and Mosaic takes {longest}: shorten it.")


def _dates(note: Approved, today: dt.date) -> Iterator[str]:
    if note.contact_date is None:
        yield "The contact date is missing: add the day of the contact."
        return
    if note.contact_date > today:
        yield "The contact date is in the future: correct it."
    if note.draft.contact.date not in {None, note.contact_date}:
        yield "The contact date and the date in the note's text differ: correct one of them."
    contact = note.draft.contact
    times = (contact.start_time, contact.end_time)
    if any(time is not None and not CLOCK.fullmatch(time) for time in times):
        yield "A time of the contact is not a time of day such as 15:45: correct it."


def _approval(note: Approved) -> Iterator[str]:
    if not note.approved_by.strip():
        yield "The name of the approver is missing."
    if not note.worker_name.strip():
        yield "The name of the worker is missing."
    if note.version < 1:
        yield "The version number is missing."
    answered = (each.at for each in _answers(note))
    moments = (note.approved_at, *(reply.at for reply in note.replies), *answered)
    if any(moment.utcoffset() is None for moment in moments):
        yield "A time has no time zone, so the hour is not certain."


def _changes(note: Approved) -> tuple[Change, ...]:
    return note.appendment.changes if note.appendment else ()


def _answers(note: Approved) -> list[Answered]:
    return [each for reply in note.replies for each in reply.answers]


def _content(note: Approved) -> Iterator[str]:
    draft = note.draft
    texts = [statement.text for statement in draft.statements]
    texts += [*draft.quotes, *(action.what for action in draft.actions)]
    if not any(text.strip() for text in texts):
        yield "The note has no text: write at least one sentence."
    checks = (check for statement in draft.statements for check in statement.checks)
    if any(check.blocks for check in checks):
        yield "A sentence is still marked as not safe to use: return the note for correction."
    for key, heading in staff_only().items():
        if any(statement.section == key for statement in draft.statements):
            yield (
                f"The note holds something under '{heading}', which belongs in the staff"
                " record and not on a young person's file: take it out."
            )


def _characters(note: Approved) -> Iterator[str]:
    for what, text, lines in _texts(note):
        if codes := forbidden(text, lines=lines):
            yield (
                f"The {what} holds characters that cannot be shown safely ({', '.join(codes)}):"
                " type it again without them."
            )


def _texts(note: Approved) -> Iterator[tuple[str, str, bool]]:
    """Every text that is written out, as (what it is, text, whether it may have lines)."""
    contact, draft = note.draft.contact, note.draft
    one_line = {
        "title": [note.title],
        "note type code": [note.note_type],
        "case reference": [note.case_ref],
        "name of the young person": [note.person_name, *(reply.name for reply in note.replies)],
        "name or username of the worker": [note.worker_name, note.worker_username],
        "name of who answered": [each.name for each in _answers(note)],
        "name of the approver": [note.approved_by],
        "list of those present": contact.present,
        "time, method or place of the contact": [
            contact.start_time or "",
            contact.end_time or "",
            contact.method or "",
            contact.place or "",
        ],
        "name of a speaker": [statement.speaker or "" for statement in draft.statements],
        "name beside an action": [action.who or "" for action in draft.actions],
    }
    several = {
        "text of a sentence": [statement.text for statement in draft.statements],
        "text of a quote": draft.quotes,
        "text of an action": [action.what for action in draft.actions],
        "young person's reply": [
            text for reply in note.replies for text in (reply.text, reply.about)
        ],
        "answer to the young person": [each.text for each in _answers(note)],
        "text of an appendment": [
            line for each in _changes(note) for line in (each.heading, *each.lines)
        ],
        "caption of a picture": [picture.caption for picture in note.pictures],
    }
    yield from ((what, "".join(texts), False) for what, texts in one_line.items())
    yield from ((what, "".join(texts), True) for what, texts in several.items())


def _pictures(pictures: tuple[PictureFile, ...]) -> Iterator[str]:
    if any(jpeg_size(picture.jpeg) is None for picture in pictures):
        yield "A picture is not a whole JPEG file: take it out or add it again."


def _file_name(note: Approved) -> Iterator[str]:
    if not safe_id(note.note_id):
        yield "The note id may hold only letters, digits and hyphens."
    elif len(stem(note)) > LONGEST_NAME - LONGEST_ENDING:
        yield (f"The file name would pass {LONGEST_NAME} characters: shorten the case reference.")
