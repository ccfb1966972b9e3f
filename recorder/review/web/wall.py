"""Celebrating success: stories of a young person, and the wall of a team."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.successes import MAX_STORY
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, text

router = APIRouter()


@router.get("/wall")
def wall_page(found: AnyStaff) -> Response:
    """What stands on it, and what waits for this person to read."""
    room = found.desk.successes
    return found.page("wall", here="/wall", stories=room.wall(), waiting=room.waiting())


@router.get("/cases/{case_id}/stories")
def stories_page(found: AnyStaff, case_id: str) -> Response:
    """Stories of one young person, and a box to write another in."""
    return _list(found, case_id)


@router.post("/cases/{case_id}/stories")
def ask(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Ask the young person about one."""
    words, room = text(form, "text-story"), found.desk.successes
    try:
        room.ask(case_id, words)
    except StateError as error:
        traces = room.look(case_id, words[:MAX_STORY]) if error.field else ()
        more = {"typed": words, "traces": traces, **told(error)}
        return _list(found, case_id, 422 if error.field else 409, **more)
    return go(f"/cases/{case_id}/stories")


@router.get("/stories/{story_id}")
def story_page(found: AnyStaff, story_id: str) -> Response:
    """One story, for somebody who did not write it to let stand."""
    return _one(found, story_id)


@router.post("/stories/{story_id}/approve")
def approve(found: AnyStaff, story_id: str, _form: Form) -> Response:
    """Let it stand on the wall."""
    try:
        found.desk.successes.approve(story_id)
    except StateError as error:
        return _one(found, story_id, 409, **told(error))
    return go("/wall")


@router.post("/stories/{story_id}/down")
def take_down(found: AnyStaff, story_id: str, _form: Form) -> Response:
    """Tell it no more."""
    try:
        found.desk.successes.take_down(story_id)
    except StateError as error:
        return _one(found, story_id, 409, **told(error))
    return go(f"/stories/{story_id}")


def _list(found: Visitor, case_id: str, status: int = 200, **more: object) -> Response:
    of = found.desk.successes.of(case_id)
    return found.page("stories", status, here="/cases", of=of, most=MAX_STORY, **more)


def _one(found: Visitor, story_id: str, status: int = 200, **more: object) -> Response:
    return found.page(
        "story", status, here="/wall", told=found.desk.successes.one(story_id), **more
    )
