"""The young person's pages: what they were shown, and their own words about it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web.session import Form, Visitor, YoungPerson, go, text
from templates import note_type

router = APIRouter()

_KIND = "young_person_summary"


@router.get("/summary")
def newest(found: YoungPerson) -> Response:
    """The newest summary."""
    return _show(found, None)


@router.get("/summary/{note_id}")
def one(found: YoungPerson, note_id: str) -> Response:
    """One summary."""
    return _show(found, note_id)


@router.get("/summary/{note_id}/pictures/{recording_id}")
def picture(found: YoungPerson, note_id: str, recording_id: str) -> Response:
    """A picture that they were shown."""
    jpeg = found.desk.picture_shared_with_me(note_id, recording_id)
    return Response(jpeg, media_type="image/jpeg")


@router.post("/summary/{note_id}/reply")
def reply(found: YoungPerson, note_id: str, form: Form) -> Response:
    """Keep their words beside it, as they wrote them."""
    words = text(form, "text-reply")
    try:
        found.desk.reply(note_id, words)
    except StateError as error:
        return _show(found, note_id, 422, problem=error.sentence, typed=words)
    return go(f"/summary/{note_id}#said")


def _show(found: Visitor, note_id: str | None, status: int = 200, **problem: object) -> Response:
    shared = found.desk.shared_with_me(note_id)
    if not shared:
        return found.page("summary", status, summary=None)
    ids = [each.note_id for each in shared]
    place = 0 if note_id is None else ids.index(note_id)
    summary = shared[place]
    parts = [
        (section.heading, [line for line in summary.lines if line.section in section.draws_on])
        for section in note_type(_KIND).sections
    ]
    return found.page(
        "summary",
        status,
        summary=summary,
        parts=[(heading, lines) for heading, lines in parts if lines],
        newer=ids[place - 1] if place else None,
        older=ids[place + 1] if place + 1 < len(ids) else None,
        **problem,
    )
