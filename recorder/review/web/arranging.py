"""Where a sentence stands, and taking it out: plain forms, one sentence at a time."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.states import Move
from recorder.review.web.notes import headings, show
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import type_of

router = APIRouter()

_SHIFTS = {"up": True, "down": False}


@router.get("/notes/{note_id}/sentences/{statement_id}")
def sentence_page(found: AnyStaff, note_id: str, statement_id: str) -> Response:
    """One sentence: where it may go, and what taking it out needs."""
    return _show(found, note_id, statement_id)


@router.post("/notes/{note_id}/sentences/{statement_id}/move")
def move(found: AnyStaff, note_id: str, statement_id: str, form: Form) -> Response:
    """Under another heading, or one place up or down."""
    based_on, by = number(form), text(form, "by")
    try:
        if by in _SHIFTS:
            found.desk.arranging.shift(note_id, based_on, statement_id, up=_SHIFTS[by])
        elif not text(form, "under"):
            return _show(found, note_id, statement_id, 422, no_heading=True)
        else:
            under = text(form, "under")
            found.desk.arranging.under(note_id, based_on, statement_id, under)
    except StateError as error:
        return _refused(found, note_id, statement_id, error)
    return go(f"/notes/{note_id}?moved={statement_id}#s-{statement_id}")


@router.post("/notes/{note_id}/sentences/{statement_id}/remove")
def remove(found: AnyStaff, note_id: str, statement_id: str, form: Form) -> Response:
    """Take it out, with the reason; without one, ask for it."""
    why = text(form, "text-why")
    if not why.strip():
        return _show(found, note_id, statement_id, 422, no_reason=True)
    try:
        found.desk.save(note_id, number(form), {}, removed={statement_id: why})
    except StateError as error:
        return _refused(found, note_id, statement_id, error, why)
    return go(f"/notes/{note_id}#taken-out")


def _refused(
    found: Visitor, note_id: str, statement_id: str, error: StateError, why: str = ""
) -> Response:
    """The sentence as it is now, and why nothing was done; the note, where it is not there any more."""
    try:
        return _show(found, note_id, statement_id, 409, why=why, **_at_why(error))
    except UnknownError:
        return show(found, note_id, 409, problem=error.sentence, typed=[why] if why else [])


def _at_why(error: StateError) -> dict[str, object]:
    """What the page says of it: the reason is all that is typed there."""
    return told(error) | {"wrong": "why" if error.field else ""}


def _show(
    found: Visitor, note_id: str, statement_id: str, status: int = 200, **problem: object
) -> Response:
    page = found.desk.read(note_id)
    if Move.EDIT in page.refused:
        raise StateError(page.refused[Move.EDIT])
    for heading in headings(page):
        for place, sentence in enumerate(heading.sentences):
            if sentence.statement.id != statement_id:
                continue
            return found.page(
                "sentence",
                status,
                page=page,
                title=type_of(page.note.kind).title,
                heading=heading.section,
                sentence=sentence,
                first=place == 0,
                last=place == len(heading.sentences) - 1,
                to=found.desk.arranging.headings(page.note, page.draft, statement_id),
                **problem,
            )
    raise UnknownError
