"""A young person's own page for staff: where the work with them stands, and their notes."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.states import Role
from recorder.review.web.session import AnyStaff, Form, Visitor, go, mark, number, text, whole
from store.cases import Case
from store.paging import Mark

router = APIRouter()

_PAGE, _MOST = 25, 50


@router.get("/cases")
def cases_page(found: AnyStaff, by: str = "", after: str = "") -> Response:
    """Young people, a page at a time; for a supervisor, of one practitioner if that is asked."""
    shown, further = found.desk.young_people.page(_PAGE, mark(after), by)
    on = {"by": by, "after": f"{further.at}-{further.id}"} if further else {}
    return _list(
        found,
        shown,
        by=by,
        first="/cases" + (f"?{urlencode({'by': by})}" if by else "") if after else "",
        behind=f"/cases?{urlencode(on)}" if on else "",
    )


@router.post("/cases")
def find(found: AnyStaff, form: Form) -> Response:
    """Those with this reference, or this for a name or a part of it. It stands in no address."""
    said = text(form, "text-said").strip()
    called = found.desk.young_people.called(said)
    return _list(found, called[:_MOST], said=said, count=len(called))


@router.get("/cases/{case_id}")
def case_page(found: AnyStaff, case_id: str, version: str = "", after: str = "") -> Response:
    """The living summary as it stands, or an earlier version of it; notes from behind a mark."""
    asked = whole(version)
    if version and asked is None:
        raise UnknownError
    return _show(found, case_id, asked, before=mark(after))


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


@router.post("/cases/{case_id}/undone")
def undone(found: AnyStaff, case_id: str, form: Form) -> Response:
    """An action is not done after all, and stands again."""
    try:
        found.desk.summaries.undone(case_id, number(form), text(form, "done"))
    except StateError as error:
        return _show(found, case_id, None, 409, problem=error.sentence)
    return go(f"/cases/{case_id}")


def _list(found: Visitor, shown: Sequence[Case], **more: object) -> Response:
    supervises = found.desk.role is Role.SUPERVISOR
    names = found.desk.young_people.workers() if supervises else {}
    return found.page("cases", 200, here="/cases", cases=shown, names=names, **more)


def _show(
    found: Visitor,
    case_id: str,
    asked: int | None,
    status: int = 200,
    before: Mark | None = None,
    **problem: object,
) -> Response:
    standing = found.desk.summaries.of(case_id, asked, before)
    restricted = found.desk.who_sees.is_restricted(case_id)
    return found.page(
        "case", status, found=standing, restricted=restricted, later=before is not None, **problem
    )
