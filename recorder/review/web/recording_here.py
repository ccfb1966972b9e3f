"""The page where a voice note is recorded, a drawing photographed, a file sent."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.consent import HOW
from recorder.review.uploading import VOICE
from recorder.review.web.notes import choices
from recorder.review.web.session import AnyStaff, Form, Visitor, go
from recorder.review.web.uploads import uploading
from store.errors import StoreError
from store.uploads import OPEN, TAKEN, Upload
from templates import note_type, recorded_keys

router = APIRouter()


@router.get("/record")
def record_page(found: AnyStaff) -> Response:
    """The forms, and what broke off."""
    return _show(found)


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


def on_their_way(found: Visitor) -> Sequence[Upload]:
    """What this person has begun to send and has not seen to the end."""
    return [each for each in found.site.store.uploads.of(found.person.id) if each.state != TAKEN]


def broken_off(found: Visitor) -> int:
    """How many of them wait for somebody: nothing goes on with them by itself just now."""
    return sum(each.state == OPEN for each in on_their_way(found))


def _show(found: Visitor, status: int = 200, **problem: object) -> Response:
    kinds = {key: note_type(key).title for key in recorded_keys()}
    return found.page(
        "record",
        status,
        choices=choices(found, found.person.id),
        kinds=kinds,
        how=HOW,
        uploads=on_their_way(found),
        voice=VOICE,
        days=found.site.uploads.days,
        **problem,
    )
