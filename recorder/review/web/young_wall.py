"""What a team may tell of a young person: they read exactly that, and say yes, no, or not any more."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.web import young
from recorder.review.web.session import Form, Visitor, YoungPerson, go, text

router = APIRouter()


@router.get("/summary/wall")
def wall_page(request: Request, found: YoungPerson) -> Response:
    """What they are asked about, and what they said yes to."""
    return _show(request, found)


@router.post("/summary/wall/{story_id}")
def answer(request: Request, found: YoungPerson, story_id: str, form: Form) -> Response:
    """Yes, or no; a no holds at any time."""
    room = found.desk.own_stories
    change = {"yes": room.agree, "no": room.refuse}.get(text(form, "say"))
    if change is None:
        raise UnknownError
    try:
        change(story_id)
    except StateError:
        problem = young.tongue_of(request, found)("problem_told")
        return _show(request, found, 409, problem=problem)
    return go("/summary/wall")


def _show(request: Request, found: Visitor, status: int = 200, **more: object) -> Response:
    stories = found.desk.own_stories.all()
    return young.page(request, found, "young_wall", status, stories=stories, **more)
