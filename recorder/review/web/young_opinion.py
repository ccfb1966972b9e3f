"""What a young person thinks of a summary: a tap for each of two questions."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.opinions import QUESTIONS
from recorder.review.web.session import Form, YoungPerson, go, text, whole

router = APIRouter()


@router.post("/summary/{note_id}/feedback")
def feedback(found: YoungPerson, note_id: str, form: Form) -> Response:
    """Keep one answer, and back to where they were."""
    question = next((each for each in QUESTIONS if text(form, each)), "")
    found.desk.their_opinion.give(note_id, question, text(form, question))
    step = whole(text(form, "step"))
    page = f"/summary/{note_id}" if step is None else f"/summary/{note_id}/steps/{step}"
    return go(f"{page}#feedback")
