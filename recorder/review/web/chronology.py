"""What goes to Mosaic beside notes: letting it go, and putting it in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.export.offering import Deciding, Entering
from recorder.export.sure import BESIDE
from recorder.review.web.pasting import Exporter, said_of
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates.lists import categories

router = APIRouter()


@router.get("/cases/{case_id}/chronology")
def chronology_page(found: AnyStaff, case_id: str) -> Response:
    """What is suggested of a case, and what was decided."""
    return _decide(found, case_id)


@router.post("/cases/{case_id}/chronology")
def decide(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Let an event go, or decline it."""
    key, title, category = text(form, "key"), text(form, "text-title"), text(form, "category")
    wanted = text(form, "do") != "decline"
    try:
        _deciding(found).event(case_id, key, title, category, wanted=wanted)
    except StateError as error:
        typed = {"key": key, "title": title, "category": category}
        return _decide(found, case_id, 422 if error.field else 409, **typed, **told(error))
    return go(f"/cases/{case_id}/chronology")


@router.post("/cases/{case_id}/chronology/summary")
def summary(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Let the summary go as it stands, or not."""
    wanted = text(form, "do") != "decline"
    try:
        _deciding(found).summary(case_id, number(form), wanted=wanted)
    except StateError as error:
        return _decide(found, case_id, 409, **told(error))
    return go(f"/cases/{case_id}/chronology")


@router.get("/mosaic/cases/{case_id}")
def put_in_page(found: Exporter, case_id: str) -> Response:
    """What was let go: whose it is to be made sure of, then its values."""
    return _put_in(found, case_id)


@router.post("/mosaic/cases/{case_id}/sure")
def sure(found: Exporter, case_id: str, form: Form) -> Response:
    """Somebody looked at the record in Mosaic, and says whose it is."""
    said = said_of(form)
    try:
        _entering(found).make_sure(case_id, said)
    except StateError as error:
        status = 422 if error.field else 409
        return _put_in(found, case_id, status, said=said, problem=told(error))
    return go(f"/mosaic/cases/{case_id}")


@router.post("/mosaic/cases/{case_id}/entered")
def entered(found: Exporter, case_id: str, form: Form) -> Response:
    """It stands in Mosaic now."""
    try:
        _entering(found).entered(case_id, text(form, "key"))
    except StateError as error:
        return _put_in(found, case_id, 409, problem=told(error))
    return go(f"/mosaic/cases/{case_id}")


def _deciding(found: Visitor) -> Deciding:
    return Deciding(found.site.store, found.person, found.site.timezone)


def _entering(found: Visitor) -> Entering:
    return Entering(found.site.store, found.person, found.site.timezone)


def _decide(found: Visitor, case_id: str, status: int = 200, **typed: object) -> Response:
    it = _deciding(found).of(case_id)
    return found.page("chronology", status, it=it, known=categories(), **typed)


def _put_in(
    found: Visitor,
    case_id: str,
    status: int = 200,
    *,
    said: object = None,
    problem: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    case, refused, is_sure, waits = _entering(found).look(case_id)
    known = {"case": case, "refused": refused, "sure": is_sure, "waits": waits, "said": said}
    return found.page("put_in", status, here="/mosaic", beside_what=BESIDE, **known, **problem)
