"""Supervision on the pages: a worker's own record, and what the two do to a supervision."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web.notes import show
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, go, number, text

router = APIRouter()


@router.get("/supervision/{person_id}")
def record(found: AnyStaff, person_id: str) -> Response:
    """Every supervision of one worker."""
    return found.page("supervision", record=found.desk.supervision.record(person_id))


@router.post("/notes/{note_id}/sign")
def sign(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Sign the version that was on the page."""
    try:
        found.desk.supervision.sign(note_id, number(form))
    except StateError as error:
        return show(found, note_id, 409, **told(error))
    return go(f"/notes/{note_id}#signatures")


@router.post("/notes/{note_id}/disagree")
def disagree(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Keep the worker's disagreement beside it."""
    words = text(form, "text-words")
    try:
        found.desk.supervision.disagree(note_id, number(form), words)
    except StateError as error:
        return show(found, note_id, 409, disagreeing=words, **told(error))
    return go(f"/notes/{note_id}#signatures")


@router.post("/notes/{note_id}/followed")
def followed(found: AnyStaff, note_id: str, form: Form) -> Response:
    """What became of an action of the supervision before."""
    mark, outcome = text(form, "mark"), text(form, "outcome")
    try:
        found.desk.supervision.follow(note_id, number(form), mark, outcome)
    except StateError as error:
        return show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}#last-time")


@router.post("/notes/{note_id}/nobody")
def about_nobody(found: AnyStaff, note_id: str, form: Form) -> Response:
    """It is about no young person: there is nothing to divide."""
    try:
        found.desk.supervision.about_nobody(note_id, number(form))
    except StateError as error:
        return show(found, note_id, 409, **told(error))
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/worker")
def worker(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Whose supervision it is."""
    try:
        found.desk.supervision.file_for(note_id, number(form), text(form, "worker"))
    except StateError as error:
        return show(found, note_id, 409, **told(error))
    return go(f"/notes/{note_id}")
