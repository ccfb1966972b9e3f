"""Linking to a case, submitting, approving and returning."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.states import Role
from recorder.review.web.changes import MARK, REASON, is_of_return, returning
from recorder.review.web.notes import show
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, go, number, text

router = APIRouter()

_WHOSE = "choose the young person this note is about"


@router.post("/notes/{note_id}/assign")
def assign(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Link a note that belongs to no case to the one that was chosen."""
    chosen, said = text(form, "case"), text(form, "text-who").strip()
    if not chosen and not said:
        return show(found, note_id, 422, problem=_WHOSE, wrong="case")
    try:
        whose = found.desk.young_people.chosen(chosen, said)
        found.desk.assign(note_id, number(form), whose)
    except StateError as error:
        return show(found, note_id, 409, said=said, **told(error))
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/submit")
def submit(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Hand the version that was on the page to a supervisor."""
    try:
        found.desk.submit(note_id, number(form))
    except StateError as error:
        return show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/approve")
def approve(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Approve the version that was on the page."""
    try:
        found.desk.approve(note_id, number(form))
    except StateError as error:
        return show(found, note_id, 409, problem=error.sentence)
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/confirm")
def confirm(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Keep a sentence that a check stops, with who knows it to be right; without that, ask."""
    statement, why = text(form, "statement"), text(form, "text-why")
    if not why.strip():
        return show(found, note_id, 422, unanswered=statement)
    try:
        found.desk.checking.confirm(note_id, number(form), statement, why)
    except StateError as error:
        return show(found, note_id, 409, **_unanswered(error, statement, why))
    return go(f"/notes/{note_id}#s-{statement}")


@router.post("/notes/{note_id}/return")
def return_(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Send it back with reasons, of sentences and of the whole; without any, ask for one."""
    reason, marks, typed = text(form, REASON), _marks(form), returning(form)
    if typed and found.desk.role is Role.SUPERVISOR:  # nobody else sends one back
        with suppress(NotAllowedError, StateError, UnknownError):  # said below
            found.desk.unsaved.keep(note_id, number(form), typed)
    if not reason.strip() and not marks:
        return show(found, note_id, 422, no_reason=True)
    try:
        found.desk.return_(note_id, number(form), reason, marks)
    except StateError as error:
        return show(found, note_id, 409, reason=reason, marks=marks, **told(error))
    found.desk.unsaved.settle(note_id, [name for name in form if is_of_return(name)])
    return go("/queue")


def _marks(form: FormData) -> dict[str, str]:
    """What somebody asks for beside sentences, by their ids."""
    names = (name.removeprefix(MARK) for name in form if name.startswith(MARK))
    return {key: why for key in names if (why := text(form, MARK + key)).strip()}


def _unanswered(error: StateError, statement: str, why: str) -> dict[str, object]:
    """What the page says of it, beside the box of this sentence if it is about what was typed."""
    wrong = f"{error.field}-{statement}" if error.field else ""
    return told(error) | {"wrong": wrong, "answering": statement, "why": why}
