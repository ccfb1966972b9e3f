"""Agreement to a recording: asked for, written down, taken back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.consent import HOW
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, text
from store.agreements import Said

router = APIRouter()


@router.get("/recordings/{recording_id}/agreement")
def agreement(found: AnyStaff, recording_id: str) -> Response:
    """What was agreed, and a form for what is new."""
    return _show(found, recording_id)


@router.post("/recordings/{recording_id}/agreement")
def give(found: AnyStaff, recording_id: str, form: Form) -> Response:
    """Write an agreement down; the work goes on."""
    how = HOW.get(text(form, "how"), "")
    said = Said(text(form, "text-who"), how, text(form, "text-when"))
    try:
        found.desk.consent.give(recording_id, said)
    except StateError as error:
        return _show(found, recording_id, 422, said=said, **told(error))
    return go(f"/recordings/{recording_id}/agreement")


@router.post("/recordings/{recording_id}/agreement/ask")
def ask(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Say that somebody else can be heard or seen in it, who has to agree first."""
    try:
        found.desk.consent.ask(recording_id)
    except StateError as error:
        return _show(found, recording_id, 409, **told(error))
    return go(f"/recordings/{recording_id}/agreement")


@router.post("/recordings/{recording_id}/agreement/withdraw")
def take_back(found: AnyStaff, recording_id: str, form: Form) -> Response:
    """Write a withdrawal down; nobody hears or sees the recording any more."""
    said = Said(*(text(form, f"text-{name}") for name in ("who", "how", "when")))
    try:
        found.desk.consent.take_back(recording_id, said)
    except StateError as error:
        return _show(found, recording_id, 422, taken=said, **told(error))
    return go(f"/recordings/{recording_id}/agreement")


@router.post("/recordings/{recording_id}/agreement/seen")
def seen(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Somebody knows that a young person took it back."""
    try:
        found.desk.consent.see(recording_id)
    except StateError as error:
        return _show(found, recording_id, 409, **told(error))
    return go("/work")


def _show(found: Visitor, recording_id: str, status: int = 200, **values: object) -> Response:
    standing = found.desk.consent.standing(recording_id)
    return found.page("agreement", status, standing=standing, how=HOW, **values)
