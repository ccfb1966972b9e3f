"""The pages of data protection."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.oversight import Trail
from recorder.review.states import Role
from recorder.review.web.problems import told
from recorder.review.web.session import Form, NoAccountError, Visitor, go, text, visitor

router = APIRouter()


def protector(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Somebody of data protection; to anybody else there is no such page. NoAccountError as staff."""
    if found.desk.role is not Role.DATA_PROTECTION:
        raise UnknownError
    if found.site.by_account and not found.site.accounts.has_one(found.person):
        raise NoAccountError
    return found


Protector = Annotated[Visitor, Depends(protector)]


@router.get("/oversight")
def oversight_page(found: Protector) -> Response:
    """Cases that were opened in an emergency, and a field for the trail of one."""
    return _show(found)


@router.post("/oversight/trail")
def trail(found: Protector, form: Form) -> Response:
    """What was done to a case. Its reference is in no address."""
    ref = text(form, "text-ref")
    try:
        return _show(found, trail=found.desk.oversight.trail(ref), ref=ref)
    except StateError as error:
        return _show(found, 422, ref=ref, problem=told(error))


@router.post("/oversight/{emergency_id}/looked-into")
def looked_into(found: Protector, emergency_id: str, _form: Form) -> Response:
    """Somebody has looked into it: the notices go."""
    found.desk.oversight.review(emergency_id)
    return go("/oversight")


@router.post("/oversight/{emergency_id}/end")
def end(found: Protector, emergency_id: str, _form: Form) -> Response:
    """Shut a case again before its time."""
    found.desk.oversight.end(emergency_id)
    return go("/oversight")


def _show(
    found: Visitor,
    status: int = 200,
    *,
    trail: Trail | None = None,
    ref: str = "",
    problem: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    room = found.desk.oversight
    rows = [(each, room.reviewer(each)) for each in room.emergencies()]
    known = {"here": "/oversight", "rows": rows, "trail": trail, "ref": ref}
    return found.page("oversight", status, **known, **problem)
