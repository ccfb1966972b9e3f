"""Young people who ask for somebody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from recorder.errors import StateError
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, watcher

router = APIRouter()


@router.get("/calls")
def calls_page(found: AnyStaff) -> Response:
    """Whoever asks for somebody now, and what they said."""
    return _show(found)


@router.get("/calls/now")
def now(request: Request) -> Response:
    """Which calls and locked invitations this person is told of, by id alone.

    An open page asks it by itself: that keeps nobody signed in.
    """
    calling = watcher(request).calling
    ids = [each.call.id for each in calling.told()]
    ids += [each.invitation.id for each in calling.locked()]
    return JSONResponse({"open": ids})


@router.post("/calls/{call_id}/seen")
def seen(found: AnyStaff, call_id: str, _form: Form) -> Response:
    """Somebody has seen to it."""
    try:
        found.calling.see(call_id)
    except StateError as error:
        return _show(found, 409, **told(error))
    return go("/calls")


def _show(found: Visitor, status: int = 200, **problem: object) -> Response:
    return found.page("calls", status, here="/calls", open_calls=found.calling.read(), **problem)
