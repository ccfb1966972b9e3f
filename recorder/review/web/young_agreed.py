"""What a young person agreed to, and changing their mind."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web import young
from recorder.review.web.session import Form, Visitor, YoungPerson, go

router = APIRouter()


@router.get("/summary/agreed")
def agreed(request: Request, found: YoungPerson) -> Response:
    """All that they agreed to, what is shared, and what stays."""
    return _show(request, found)


@router.post("/summary/agreed/{recording_id}/back")
def take_back(request: Request, found: YoungPerson, recording_id: str, _form: Form) -> Response:
    """It is used no more, at once."""
    try:
        found.desk.their_agreements.take_back(recording_id)
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        return _show(request, found, 409, problem=problem)
    return go(f"/summary/agreed#agreed-{recording_id}")


def _show(request: Request, found: Visitor, status: int = 200, **more: object) -> Response:
    room = found.desk.their_agreements
    values = {"agreed": room.all(), "sharing": room.sharing()}
    return young.page(request, found, "young_agreed", status, **values | more)
