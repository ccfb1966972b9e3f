"""Drawings and photos beside a supervision: looked at, sent, spoken of, put in order, taken out."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from recorder.drawings import Said
from recorder.errors import StateError, UnknownError
from recorder.media.picture import MAX_BYTES
from recorder.review.web.facts import day_from
from recorder.review.web.problems import told
from recorder.review.web.sent_whole import Sent, sent
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text, whole
from recorder.review.web.uploads import uploading
from store.uploads import Upload
from transcribe.model import Drawing

router = APIRouter()

_TOO_LARGE = "this picture is larger than 64 MB: save it at a smaller size, and send that"
_NONE = "choose a picture, or take a photo"
_LATER = "the picture came, but it could not be put into the gallery at once"
_SEVERAL = "several pictures came at once, and what you typed can be said of one alone"
_CAME = "The picture came and is kept here. Say what it shows, and put it into the gallery."


@router.get("/notes/{note_id}/drawings")
def drawings_page(found: AnyStaff, note_id: str) -> Response:
    """All of them, and the form for one more."""
    return _show(found, note_id)


@router.post("/send/drawings/{note_id}")
async def send(request: Request, found: AnyStaff, note_id: str) -> Response:
    """A picture from a phone's camera or a file, with what is said of it; without scripts as with."""
    mine = await run_in_threadpool(uploading, found)

    def begin(fields: Mapping[str, str], _name: str, filename: str) -> Upload:
        note = found.desk.drawings.open(note_id, whole(fields.get("number", "")) or 0)
        return mine.begin_beside(note, filename)

    came = await sent(request, found, mine, begin, MAX_BYTES, _TOO_LARGE)
    return await run_in_threadpool(_sent, found, note_id, came)


def _sent(found: Visitor, note_id: str, came: Sent) -> Response:
    fields = {name: came.fields.get(f"text-{name}", "") for name in _FIELDS}
    alone = came.files[0].recording if len(came.files) == 1 else None
    if alone is None:
        return _not_hung(found, note_id, came, fields)
    recording, at = alone.id, whole(came.fields.get("number", "")) or 0
    try:
        found.desk.drawings.hang(note_id, at, recording, _said(fields))
    except StateError as error:  # the picture is kept: nobody has to send it twice
        return _one(found, note_id, recording, 422, fields=fields, came=_CAME, **told(error))
    return go(f"/notes/{note_id}/drawings#drawing-{recording}")


def _not_hung(found: Visitor, note_id: str, came: Sent, fields: Mapping[str, str]) -> Response:
    """Nothing was put into the gallery: why, and what was kept all the same."""
    kept = len(came.taken)
    default = StateError(_SEVERAL if kept > 1 else _LATER) if kept else StateError(_NONE)
    problem = came.problem or default
    wrong = problem.field if isinstance(problem, StateError) else ""
    at = wrong or ("" if kept else "file")
    values = {"problem": problem.sentence, "wrong": at, "fields": fields, "kept": kept}
    return _show(found, note_id, 422, **values)


@router.get("/notes/{note_id}/drawings/{recording_id}")
def drawing_page(found: AnyStaff, note_id: str, recording_id: str) -> Response:
    """One of them, large."""
    return _one(found, note_id, recording_id)


@router.post("/notes/{note_id}/drawings/{recording_id}")
def say(found: AnyStaff, note_id: str, recording_id: str, form: Form) -> Response:
    """Something else is said of it; or it is put into the gallery, where it is not there yet."""
    fields = {name: text(form, f"text-{name}") for name in _FIELDS}
    room = found.desk.drawings
    there = {each.drawing.recording for each in room.of(note_id).shown}
    change = room.say if recording_id in there else room.hang
    try:
        change(note_id, number(form), recording_id, _said(fields))
    except StateError as error:
        return _one(found, note_id, recording_id, 422, fields=fields, **told(error))
    return go(f"/notes/{note_id}/drawings#drawing-{recording_id}")


@router.post("/notes/{note_id}/drawings/{recording_id}/move")
def move(found: AnyStaff, note_id: str, recording_id: str, form: Form) -> Response:
    """A place earlier or later."""
    up = text(form, "by") == "up"
    try:
        found.desk.drawings.shift(note_id, number(form), recording_id, up=up)
    except StateError as error:
        return _show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}/drawings#drawing-{recording_id}")


@router.post("/notes/{note_id}/drawings/{recording_id}/remove")
def remove(found: AnyStaff, note_id: str, recording_id: str, form: Form) -> Response:
    """Out of the gallery, with a reason."""
    why = text(form, "text-why")
    try:
        found.desk.drawings.take_out(note_id, number(form), recording_id, why)
    except StateError as error:
        return _one(found, note_id, recording_id, 422, why=why, **told(error))
    return go(f"/notes/{note_id}/drawings")


_FIELDS = ("caption", "what", "maker", "on", "member")


def _said(fields: Mapping[str, str]) -> Said:
    """What was typed; StateError for a day that is none."""
    return Said(
        caption=fields["caption"],
        photo=fields["what"] == "photo",
        made_by=fields["maker"],
        made_on=day_from(fields["on"].strip(), "on"),
        member=fields["member"] or None,
    )


def _typed(drawing: Drawing | None) -> dict[str, str]:
    """The fields as they stand; empty for a picture of which nobody has said anything."""
    if drawing is None:
        return dict.fromkeys(_FIELDS, "")
    return {
        "caption": drawing.caption,
        "what": "photo" if drawing.photo else "drawing",
        "maker": drawing.made_by,
        "on": "" if drawing.made_on is None else f"{drawing.made_on:%-d/%-m/%Y}",
        "member": drawing.member or "",
    }


def _show(found: Visitor, note_id: str, status: int = 200, **more: object) -> Response:
    wall = found.desk.drawings.of(note_id)
    contact = found.desk.draft_at(note_id, wall.note.number).contact.date
    fields = _typed(None) | {"on": "" if contact is None else f"{contact:%-d/%-m/%Y}"}
    small = found.desk.gallery.small(wall.waiting)
    return found.page("drawings", status, **{"wall": wall, "fields": fields, "small": small} | more)


def _one(
    found: Visitor, note_id: str, recording_id: str, status: int = 200, **more: object
) -> Response:
    """One picture; UnknownError for what is neither in the gallery nor could be."""
    wall = found.desk.drawings.of(note_id)
    shown = {each.drawing.recording: each for each in wall.shown}.get(recording_id)
    if shown is None and recording_id not in {each.id for each in wall.waiting}:
        raise UnknownError
    values: dict[str, object] = {
        "wall": wall,
        "shown": shown,
        "recording_id": recording_id,
        "fields": _typed(None if shown is None else shown.drawing),
    }
    return found.page("drawing", status, **values | more)
