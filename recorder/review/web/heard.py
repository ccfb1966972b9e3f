"""That somebody listened to what a sentence stands on: said by the player, or by a button."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web import words
from recorder.review.web.notes import show
from recorder.review.web.served import Served
from recorder.review.web.session import AnyStaff, Called, Form, Visitor, go, number, text

router = APIRouter()


class Said(BaseModel):
    """What the player says."""

    number: int = Field(ge=1, lt=10**9)  # the version on the page
    statement: str = Field(max_length=100)


class Kept(BaseModel):
    """What the page says from then on."""

    said: str


@router.post("/api/notes/{note_id}/heard")
def heard(request: Request, found: AnyStaff, _called: Called, note_id: str, said: Said) -> Kept:
    """A sentence was played to its end."""
    at = _keep(request, found, note_id, said.number, said.statement)
    return Kept(said=words.listened(at, found.site.timezone))


@router.post("/notes/{note_id}/heard")
def pressed(request: Request, found: AnyStaff, note_id: str, form: Form) -> Response:
    """Likewise, where no script runs or the browser cannot play it."""
    statement = text(form, "statement")
    try:
        _keep(request, found, note_id, number(form), statement)
    except StateError as error:
        return show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}#s-{statement}")


def _keep(request: Request, found: Visitor, note_id: str, number: int, statement: str) -> int:
    served: Served = request.app.state.served
    proof = partial(served.prove, found.csrf)
    return found.desk.listening.keep(note_id, number, statement, proof)
