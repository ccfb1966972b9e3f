"""The page where a voice note is recorded, a drawing photographed, a file sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.consent import HOW
from recorder.review.uploading import FILE, PHOTO, VOICE
from recorder.review.web.notes import choices
from recorder.review.web.security import MAX_SENT
from recorder.review.web.sent_whole import Sent, sent
from recorder.review.web.session import AnyStaff, Form, Visitor, go
from recorder.review.web.uploads import asked_by, uploading
from store.errors import StoreError
from store.notes import Note
from store.uploads import TAKEN, Upload
from templates import note_type, recorded_keys

router = APIRouter()

_LARGE = "this file is larger than is taken in one go: put it into the synced folder"


@router.get("/record")
def record_page(found: AnyStaff, onto: str = "") -> Response:
    """The forms, and what broke off; `onto`: the note that more is recorded into."""
    try:
        note = _note(found, onto)
    except StateError as error:
        return _show(found, 409, problem=error.sentence)
    return _show(found, onto=note)


@router.post("/record/{upload_id}/finish")
def finish(found: AnyStaff, upload_id: str, _form: Form) -> Response:
    """Make a recording of what came before it broke off."""
    try:
        uploading(found).finish(upload_id)
    except StateError as error:
        return _show(found, 409, problem=error.sentence)
    except StoreError:
        return go("/record")  # every byte is here, and it is taken in later by itself
    return go("/record")


@router.post("/record/{upload_id}/remove")
def remove(found: AnyStaff, upload_id: str, _form: Form) -> Response:
    """Drop what came of it."""
    uploading(found).remove(upload_id)
    return go("/record")


@router.post("/send/recording")
async def send(request: Request, found: AnyStaff) -> Response:
    """Files from a form alone: what scripts send in pieces comes here in one go."""
    mine = await run_in_threadpool(uploading, found)

    def begin(fields: Mapping[str, str], name: str, filename: str) -> Upload:
        kind = PHOTO if name == PHOTO else FILE
        said = asked_by(found, {**fields, "kind": kind, "filename": filename, "modified": ""}, None)
        return mine.begin(said, recorded_keys())

    came = await sent(request, found, mine, begin, min(MAX_SENT, found.site.uploads.most), _LARGE)
    return await run_in_threadpool(_sent, found, came)


def _sent(found: Visitor, came: Sent) -> Response:
    if came.problem is None and came.files:
        return go("/work")
    problem = "choose a photo or file first" if came.problem is None else came.problem.sentence
    try:
        note = _note(found, came.fields.get("onto", ""))
    except StateError:  # which is the problem
        note = None
    values = {"problem": problem, "said": came.fields, "files": came.files}
    return _show(found, 422, onto=note, **values)


def _note(found: Visitor, onto: str) -> Note | None:
    """The note that more is recorded into; StateError, UnknownError."""
    return found.desk.contacts.goes_on(onto) if onto else None


def on_their_way(found: Visitor) -> Sequence[Upload]:
    """What this person has begun to send and has not seen to the end."""
    return [each for each in found.site.store.uploads.of(found.person.id) if each.state != TAKEN]


def _show(
    found: Visitor, status: int = 200, onto: Note | None = None, **problem: object
) -> Response:
    kinds = {key: note_type(key).title for key in recorded_keys()}
    known: dict[str, object] = {"said": {}}
    about = [] if onto is None or onto.case_id is None else [onto.case_id]
    return found.page(
        "record",
        status,
        onto=onto,
        about=found.desk.young_people.of(about),
        choices=choices(found, found.person.id),
        kinds=kinds,
        how=HOW,
        uploads=on_their_way(found),
        voice=VOICE,
        days=found.site.uploads.days,
        **known | problem,
    )
