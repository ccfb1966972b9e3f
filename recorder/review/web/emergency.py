"""Opening a case in an emergency, and shutting it again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import NotAllowedError, StateError
from recorder.review.emergency import HOURS
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, home, text

router = APIRouter()


@router.get("/emergency")
def emergency_page(found: AnyStaff) -> Response:
    """What it means, and the fields for it."""
    return _show(found, "", "")


@router.post("/emergency")
def open_case(found: AnyStaff, form: Form) -> Response:
    """Open a case by its reference, with a reason."""
    ref, reason = text(form, "text-ref"), text(form, "text-reason")
    try:
        case_id = found.desk.emergencies.open(ref, reason)
    except (NotAllowedError, StateError) as error:
        return _show(found, ref, reason, 422, **told(error))
    return go(f"/cases/{case_id}")


@router.post("/emergency/{emergency_id}/end")
def end(found: AnyStaff, emergency_id: str, _form: Form) -> Response:
    """Shut it again."""
    found.desk.emergencies.end(emergency_id)
    return go(home(found.person))


def _show(found: Visitor, ref: str, reason: str, status: int = 200, **problem: object) -> Response:
    return found.page("emergency", status, ref=ref, reason=reason, hours=HOURS, **problem)
