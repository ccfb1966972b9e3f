"""A young person's own page for staff: where the work with them stands, and their notes."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text, whole

router = APIRouter()


@router.get("/cases/{case_id}")
def case_page(found: AnyStaff, case_id: str, version: str = "") -> Response:
    """The living summary as it stands, or an earlier version of it."""
    asked = whole(version)
    if version and asked is None:
        raise UnknownError
    return _show(found, case_id, asked)


@router.post("/cases/{case_id}/done")
def done(found: AnyStaff, case_id: str, form: Form) -> Response:
    """An action is done, and falls off."""
    place = whole(text(form, "place"))
    if place is None:
        raise UnknownError
    try:
        found.desk.summaries.done(case_id, number(form), place)
    except StateError as error:
        return _show(found, case_id, None, 409, problem=error.sentence)
    return go(f"/cases/{case_id}")


def _show(
    found: Visitor, case_id: str, asked: int | None, status: int = 200, **problem: object
) -> Response:
    return found.page("case", status, found=found.desk.summaries.of(case_id, asked), **problem)
