"""Answering what a young person says."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web.notes import show
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, go, moment, text

router = APIRouter()


@router.post("/notes/{note_id}/said/{said_id}/answer")
def answer(found: AnyStaff, note_id: str, said_id: str, form: Form) -> Response:
    """Keep the answer, and what came of it; or the page again with what was typed, and why."""
    words, outcome = text(form, "text-answer"), text(form, "outcome")
    try:
        at = moment(text(form, "at"))
        found.desk.answering.answer(note_id, said_id, at, words, outcome)
    except StateError as error:
        typed = {"to": said_id, "words": words, "outcome": outcome}
        return show(found, note_id, 422 if error.field else 409, replied=typed, **told(error))
    return go(f"/notes/{note_id}#said-{said_id}")


@router.post("/notes/{note_id}/replies/read")
def replies_read(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Somebody read what the young person wrote."""
    try:
        found.desk.answering.read(note_id, text(form, "last"))
    except StateError as error:
        return show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}#replies")
